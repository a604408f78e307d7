"""Bounded memory of what was met before."""

from __future__ import annotations

from collections.abc import Hashable


class Seen:
    """Remembers what was added; forgets all of it at once when there is too much."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: set[Hashable] = set()

    def add(self, key: Hashable) -> bool:
        """Remember a key; return whether it is new, as far as is remembered."""
        if key in self._known:
            return False
        if len(self._known) >= self._most:
            self._known.clear()
        self._known.add(key)
        return True
