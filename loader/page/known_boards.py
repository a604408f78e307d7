"""A bounded cache of parsed boards, by a digest of their lines: a hit costs one hash."""

from __future__ import annotations

import hashlib
from typing import Final, TypeAlias

_KEY: Final = 16
_DIGEST: Final = 32
_ENTRY: Final = _KEY + _DIGEST
# Entries per bucket; a further one evicts one of them.
_WAYS: Final = 4
MOST_BOARDS: Final = 128 * 1024

# The key of a board's lines, and the board's digest.
KnownBoard: TypeAlias = tuple[bytes, str]


def lines_key(lines: str) -> bytes:
    """Return the cache key of a board's lines."""
    return hashlib.blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=_KEY).digest()


class KnownBoards:
    """Board digests by the key of their lines, in a table of fixed size: 6 MiB.

    An entry takes 48 bytes, since it holds the board's digest and not the board. Above MOST_BOARDS
    entries are evicted, and their boards are parsed again when they recur.
    """

    def __init__(self, most: int = MOST_BOARDS) -> None:
        self._places = max(1, most // _WAYS)
        self._table = bytearray(self._places * _WAYS * _ENTRY)

    def find(self, key: bytes) -> str | None:
        """Return the digest of the board with these lines; None if it is new or was evicted."""
        start = self._start(key)
        found = self._entry(key, start)
        return self._table[found + _KEY : found + _ENTRY].hex() if found >= 0 else None

    def keep(self, key: bytes, digest: str) -> None:
        """Remember a board whose rows reach the writer before anything that is read from now on."""
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
        """Return the offset of the entry with this key, -1 if there is none."""
        for place in range(start, start + _WAYS * _ENTRY, _ENTRY):
            if self._table.startswith(key, place):
                return place
        return -1
