"""Sources that fsspec opens: `s3://`, `https://`, `gs://`, `memory://` and the like.

Networks fail in passing. What fails is tried again, a little later each time, from the byte
where it stopped; what goes on failing is a SourceError like any other.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from loader.errors import SourceError
from loader.sources.source import storable
from loader.sources.transport.http_file import open_http
from loader.sources.transport.http_ranges import http_range, no_ranges
from loader.sources.transport.patience import persistently

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}(?:::|://)", re.IGNORECASE)
_BLOCK_BYTES = 4 * 1024 * 1024
# fsspec has no class of its own for this; without the words it is one more failure that may pass.
_NO_RANGES = re.compile("support range requests")
_GLOB = re.compile(r"[*\[]")  # `?` begins the query of an address


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """What a store tells about a file without reading it; None where it does not."""

    location: str
    size: int | None
    modified_at: str | None
    etag: str | None


def is_remote(location: str) -> bool:
    """Whether a location is an address for fsspec rather than a path."""
    return _ADDRESS.match(location) is not None


def _is_http(location: str) -> bool:
    return location.lower().startswith(("http://", "https://"))


def _filesystem(location: str) -> tuple[Any, str]:
    """fsspec's file system for an address, and the path within it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise SourceError(
            storable(location),
            "needs fsspec, which is not installed",
            "pip install 'brecorder-archive[remote]'",
        ) from error
    try:
        fs, path = url_to_fs(location)
    except (ImportError, ValueError) as error:
        raise SourceError(
            storable(location), f"is no address that fsspec opens: {error}", "see docs/scale.md"
        ) from error
    return fs, path


def describe_remote(location: str, retries: int | None = None) -> RemoteFile:
    """Size, time and ETag of a remote file; SourceError when there is none."""
    fs, path = _filesystem(location)
    info = persistently(location, lambda: fs.info(path), retries)
    return _described(location, info)


def _described(location: str, info: dict[str, Any]) -> RemoteFile:
    # Each store has names of its own; over HTTP they are those of the header fields.
    names = ("LastModified", "Last-Modified", "last_modified", "mtime", "created")
    modified = next((info[name] for name in names if info.get(name)), None)
    if isinstance(modified, (int, float)):
        modified = datetime.fromtimestamp(modified, tz=timezone.utc)
    if isinstance(modified, datetime):
        modified = modified.astimezone(timezone.utc).isoformat()
    etag = info.get("ETag") or info.get("etag")
    return RemoteFile(
        location,
        info.get("size"),
        str(modified) if modified else None,
        str(etag).strip('"') if etag else None,
    )


def list_remote(location: str) -> Iterator[str]:
    """The files that an address names, in order: itself, below a folder, or by a pattern."""
    fs, path = _filesystem(location)
    if _GLOB.search(path):
        found = persistently(location, lambda: fs.glob(path))
        if not found:
            raise SourceError(storable(location), "no file has such a name", "check the pattern")
    elif not _is_http(location) and persistently(location, lambda: fs.isdir(path)):
        found = persistently(location, lambda: fs.find(path))
    else:
        yield location
        return
    for name in sorted(found):
        yield str(fs.unstrip_protocol(name))


def open_remote(location: str) -> BinaryIO:
    """A remote file that reads on after passing failures; SourceError when there is none."""
    fs, path = _filesystem(location)
    if _is_http(location):
        # The first answer tells the size as well: the server is not asked for it before.
        opening: Callable[[], Any] = lambda: open_http(fs, path)  # noqa: E731
        file = persistently(location, opening)
        reader = _RemoteReader(location, opening, file.size, file)
    else:
        size = describe_remote(location).size
        reader = _RemoteReader(location, lambda: _open_in_store(fs, path), size)
    return cast("BinaryIO", io.BufferedReader(reader, 64 * 1024))


def _open_in_store(fs: Any, path: str) -> Any:
    return fs.open(path, "rb", block_size=_BLOCK_BYTES, cache_type="readahead")


def read_range(location: str, start: int, length: int) -> bytes:
    """Some bytes of a remote file, in one request; SourceError when others come."""
    fs, path = _filesystem(location)
    if _is_http(location):
        return persistently(location, lambda: http_range(fs, path, start, length).data)
    end = start + length
    data = cast(bytes, persistently(location, lambda: fs.cat_file(path, start=start, end=end)))
    if len(data) > length:
        raise no_ranges(location)
    return data


class _RemoteReader(io.RawIOBase):
    """The bytes of a remote file; `fault` is the SourceError that ended them.

    `opening` opens the file in its store, again after each failure, and `file` is it if it is open.

    FastWARC takes an exception in a read for the end of the file, so that the fault is kept
    for whoever reads through it.
    """

    def __init__(
        self, location: str, opening: Callable[[], Any], size: int | None, file: Any = None
    ) -> None:
        self.fault: SourceError | None = None
        self._location = location
        self._opening = opening
        self._size = size
        self._position = 0
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset += self._position
        elif whence == io.SEEK_END:
            if self._size is None:
                raise io.UnsupportedOperation("the size of this file is not known")
            offset += self._size
        self._position = max(0, offset)
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        try:
            data = persistently(self._location, lambda: self._read(len(target)))
        except SourceError as fault:
            self.fault = fault
            raise
        target[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _read(self, count: int) -> bytes:
        try:
            if self._file is None:
                self._file = self._opening()
            if self._file.tell() != self._position:
                self._file.seek(self._position)
            return bytes(self._file.read(count))
        except Exception as error:
            # A file that failed is opened anew.
            self._drop()
            if isinstance(error, ValueError) and _NO_RANGES.search(str(error)):
                raise no_ranges(self._location) from error
            raise

    def _drop(self) -> None:
        if self._file is not None:
            # Closing a connection that is gone may fail like any other call of it.
            with suppress(Exception):
                self._file.close()
            self._file = None

    def close(self) -> None:
        self._drop()
        super().close()
