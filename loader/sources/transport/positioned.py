"""A base for raw files whose bytes come from elsewhere: a server, or a part of another file."""

from __future__ import annotations

import io
import sys


class PositionedFile(io.RawIOBase):
    """A seekable raw file of `size` bytes, None if unknown. Seeking only sets `_position`.

    Subclasses implement `readinto`, which reads from `_position` on and advances it.
    """

    def __init__(self, size: int | None) -> None:
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset += self._position
        elif whence == io.SEEK_END:
            if self._size is None:
                raise io.UnsupportedOperation("the size of this file is not known")
            offset += self._size
        self._position = max(0, offset)
        return self._position

    @property
    def _left(self) -> int:
        """The number of bytes to the end; the largest possible one if the size is unknown."""
        return sys.maxsize if self._size is None else max(0, self._size - self._position)
