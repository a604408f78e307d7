"""Read a source as one stream of decompressed bytes, up to any fault."""

from __future__ import annotations

import io
import itertools
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loader.errors import SourceError
from loader.model import Capture, Problem
from loader.sources.source import STDIN, UTF8_BOM, Item, Progress, Source, storable
from loader.sources.transport.compressed import CHUNK_BYTES, compression_of, decoded
from loader.sources.transport.faults import open_local, os_fault
from loader.sources.transport.locations import is_remote

if TYPE_CHECKING:
    # Any object that accepts bytes; exists only for type checkers.
    from _typeshed import WriteableBuffer

# Enough for `<!doctype html`, and a limit of the blanks before it.
_SNIFFED_BYTES = 64
_MAX_BLANK_BYTES = 64 * 1024
_MAGIC_BYTES = 4


@dataclass(frozen=True, slots=True)
class _Disk:
    """The file or pipe under a stream; `file` is None unless it is a regular file."""

    location: str
    read: Callable[[int], bytes | None]
    progress: Progress | None
    file: io.FileIO | None = None

    def chunks(self) -> Iterator[bytes]:
        while True:
            try:
                chunk = self.read(CHUNK_BYTES)
            except OSError as error:
                raise os_fault(self.location, error) from error
            if not chunk:
                return
            if self.progress:
                self.progress(len(chunk))
            yield chunk

    def stamp(self) -> tuple[int, int] | None:
        """Return size in bytes and modification time in ns, to detect changes of a file."""
        if not self.file:
            return None
        found = os.fstat(self.file.fileno())
        return found.st_size, found.st_mtime_ns

    def skip_to_end(self, file: io.FileIO) -> int:
        """Skip the rest of a regular file; return the number of bytes skipped."""
        position = file.tell()
        skipped = max(0, file.seek(0, os.SEEK_END) - position)
        if self.progress and skipped:
            self.progress(skipped)
        return skipped


class ByteStream:
    """Decompressed bytes, read sequentially.

    A fault in the source (truncation, damage, a disk error) looks like its end, so that all bytes
    before it are delivered; `fault` then holds the SourceError. `plain_size` is the size of an
    uncompressed regular file in bytes, None for any other source.
    """

    def __init__(self, disk: _Disk) -> None:
        self._disk = disk
        self._stamp = disk.stamp()
        chunks = disk.chunks()
        head = b""
        for chunk in chunks:
            head += chunk
            if len(head) >= _MAGIC_BYTES:
                break
        subject = storable(disk.location)
        compression = compression_of(head, disk.location, subject)
        self.plain_size = self._stamp[0] if self._stamp and not compression else None
        # An empty chunk would look like the end.
        whole = itertools.chain([head] if head else [], chunks)
        self._raw = _ChunkReader(decoded(whole, compression, subject))
        self._buffered = io.BufferedReader(self._raw, CHUNK_BYTES)

    @property
    def fault(self) -> SourceError | None:
        """The fault that ended reading before the end of the source, else None."""
        return self._raw.fault

    def readline(self, limit: int) -> bytes:
        """Return the next line with its line feed, or its next `limit` bytes; empty at the end."""
        return self._buffered.readline(limit)

    def read(self, limit: int = CHUNK_BYTES) -> bytes:
        """Return the next `limit` bytes, or fewer before the end; empty at the end."""
        return self._buffered.read(limit)

    def head(self) -> bytes:
        """Return the first bytes without consuming them, enough to detect the format.

        Must be called before anything is read.
        """
        return self._raw.head()

    def skip_rest(self) -> int:
        """Skip the rest, seeking if possible, and return the number of bytes skipped."""
        skipped = 0
        if self._disk.file and self.plain_size is not None:
            skipped = self._disk.skip_to_end(self._disk.file)
        while chunk := self.read():
            skipped += len(chunk)
        return skipped

    def has_changed(self) -> bool:
        """Whether the file was modified since it was opened."""
        return self._disk.stamp() != self._stamp


class _ChunkReader(io.RawIOBase):
    """A raw stream over chunks of any size, for a BufferedReader."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.fault: SourceError | None = None
        self._chunks = chunks
        self._pending = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        if not self._pending:
            self._pending = memoryview(self._next_chunk())
        count = min(len(target), len(self._pending))
        target[:count] = self._pending[:count]
        self._pending = self._pending[count:]
        return count

    def head(self) -> bytes:
        head = bytes(self._pending)
        while (
            len(head.removeprefix(UTF8_BOM).lstrip()) < _SNIFFED_BYTES
            and len(head) < _MAX_BLANK_BYTES
        ):
            chunk = self._next_chunk()
            if not chunk:
                break
            head += chunk
        self._pending = memoryview(head)
        return head

    def _next_chunk(self) -> bytes:
        try:
            return next(self._chunks, b"")
        except SourceError as fault:
            self.fault = fault
            return b""


@contextmanager
def open_stream(
    location: str, progress: Progress | None = None, start: int = 0
) -> Iterator[ByteStream]:
    """Open `location` (`-` for standard input) as a decompressed stream.

    `progress` is called with the number of bytes read from the file on disk. Raises SourceError
    if the source cannot be opened or is not in the format of its name.
    """
    if location == STDIN:
        yield ByteStream(_Disk(location, _stdin_read(), progress))
        return
    if is_remote(location):
        from loader.sources.transport.remote import open_remote

        with open_remote(location) as remote:
            yield ByteStream(_Disk(location, remote.read, progress))
        return
    with open_local(location) as file:
        if start:
            file.seek(start)
        is_regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
        yield ByteStream(_Disk(location, file.read, progress, file if is_regular else None))


def stream_of(location: str, read: Callable[[int], bytes]) -> ByteStream:
    """Return a stream over the bytes from `read`, such as those of an archive's member.

    `read` raises SourceError for faults, and so may this function.
    """
    return ByteStream(_Disk(location, read, None))


def _stdin_read() -> Callable[[int], bytes]:
    buffer = getattr(sys.stdin, "buffer", None)
    if buffer is None:
        raise SourceError(STDIN, "standard input is closed", "give a file, or pipe into it")
    # read1 returns what is available; read would wait for a whole chunk.
    read: Callable[[int], bytes] = getattr(buffer, "read1", buffer.read)
    return read


def stream_items(
    source: Source,
    progress: Progress | None,
    parse: Callable[[ByteStream], Iterator[Item]],
    start: int = 0,
) -> Iterator[Item]:
    """Yield the items that `parse` finds in the stream of `source`, then faults of the stream.

    The stream begins at byte `start`; only for an uncompressed regular file may that differ from 0.
    A file that changed meanwhile gives a Problem `changed-while-read`. If the source could not be
    read to its end, SourceError is raised last, with the number of captures before that point.
    """
    captures = 0
    with open_stream(source.location, progress, start) as stream:
        for item in parse(stream):
            captures += isinstance(item, Capture)
            yield item
        fault = stream.fault
        changed = stream.has_changed()
    if changed:
        yield Problem(
            kind="changed-while-read",
            detail="The file was changed while it was read; load it again when it is complete.",
            source=source.name,
        )
    if fault:
        raise _with_count(fault, captures)


def _with_count(fault: SourceError, captures: int) -> SourceError:
    noun = "capture was" if captures == 1 else "captures were"
    return SourceError(
        fault.subject, f"{fault.fault}; {captures} {noun} read before that", fault.remedy
    )
