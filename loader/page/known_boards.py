"""Boards that were read before, by the digest of their lines: meeting one again costs one hash."""

from __future__ import annotations

import hashlib
from typing import Final

_KEY: Final = 16
_DIGEST: Final = 32
_ENTRY: Final = _KEY + _DIGEST
# Entries that share a place; the next one there takes the place of one of them.
_WAYS: Final = 4
MOST_BOARDS: Final = 128 * 1024


def lines_key(lines: str) -> bytes:
    """Return the digest by which the lines of a board are found again."""
    return hashlib.blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=_KEY).digest()


class KnownBoards:
    """Digests of boards by the key of their lines, in a table that never grows: 6 MiB.

    A digest is kept of each board and not the board, 48 bytes. Above MOST_BOARDS some are
    forgotten, and read again when they are met again.
    """

    def __init__(self, most: int = MOST_BOARDS) -> None:
        self._places = max(1, most // _WAYS)
        self._table = bytearray(self._places * _WAYS * _ENTRY)

    def find(self, key: bytes) -> str | None:
        """Return the digest of the board with these lines; None when it is new or forgotten."""
        start = self._start(key)
        found = self._entry(key, start)
        return self._table[found + _KEY : found + _ENTRY].hex() if found >= 0 else None

    def keep(self, key: bytes, digest: str) -> None:
        """Keep a board whose rows are on their way to the writer."""
        start = self._start(key)
        place = self._entry(key, start)
        if place < 0:
            place = self._entry(bytes(_KEY), start)
        if place < 0:
            place = start + key[-1] % _WAYS * _ENTRY
        self._table[place : place + _ENTRY] = key + bytes.fromhex(digest)

    def __sizeof__(self) -> int:
        return self._table.__sizeof__()

    def _start(self, key: bytes) -> int:
        return int.from_bytes(key[:8], "little") % self._places * _WAYS * _ENTRY

    def _entry(self, key: bytes, start: int) -> int:
        """Return where an entry begins, -1 where none has this key."""
        for place in range(start, start + _WAYS * _ENTRY, _ENTRY):
            if self._table.startswith(key, place):
                return place
        return -1
