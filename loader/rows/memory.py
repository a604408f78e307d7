"""A bounded memory of keys seen before."""

from __future__ import annotations

from collections.abc import Hashable


class Seen:
    """A set of limited size, which is emptied whenever it is full."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: set[Hashable] = set()

    def add(self, key: Hashable) -> bool:
        """Add a key; return whether it was not among the remembered ones."""
        if key in self._known:
            return False
        if len(self._known) >= self._most:
            self._known.clear()
        self._known.add(key)
        return True
