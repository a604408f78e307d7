"""Open sources with fsspec: `s3://`, `https://`, `gs://`, `memory://` and the like.

Transient network errors are retried with growing pauses, from the byte at which reading stopped.
If they persist, they become a SourceError like any other.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from loader.errors import SourceError
from loader.model import Fingerprint
from loader.sources.source import storable
from loader.sources.transport.http_file import open_http
from loader.sources.transport.http_ranges import http_range, no_ranges
from loader.sources.transport.locations import is_http
from loader.sources.transport.patience import with_retries
from loader.sources.transport.positioned import PositionedFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK_BYTES = 4 * 1024 * 1024
# fsspec has no class for this error, so its message tells it from transient ones.
_NO_RANGES = re.compile("support range requests")
_GLOB = re.compile(r"[*\[]")  # `?` begins the query of an address


def _filesystem(location: str, retries: int | None = None) -> tuple[Any, str]:
    """Return fsspec's file system for an address, and the path within it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise SourceError(
            storable(location),
            "needs fsspec, which is not installed",
            "pip install 'brecorder-archive[remote]'",
        ) from error

    def opened() -> tuple[Any, str]:
        try:
            return cast("tuple[Any, str]", url_to_fs(location))
        except (ImportError, ValueError) as error:
            fault = f"is no address that fsspec opens: {error}"
            raise SourceError(storable(location), fault, "see docs/scale.md") from error

    # Some file systems (ftp, sftp, hdfs) connect at once.
    return with_retries(location, opened, retries)


def remote_fingerprint(location: str, retries: int | None = None) -> Fingerprint:
    """Return size, modification time and ETag of a remote file. Raises SourceError if missing."""
    fs, path = _filesystem(location, retries)
    info: dict[str, Any] = with_retries(location, lambda: fs.info(path), retries)
    # Each store has its own names; over HTTP they are those of the header fields.
    names = ("LastModified", "Last-Modified", "last_modified", "mtime", "created")
    modified = next((info[name] for name in names if info.get(name)), None)
    if isinstance(modified, (int, float)):
        modified = datetime.fromtimestamp(modified, tz=timezone.utc)
    if isinstance(modified, datetime):
        modified = modified.astimezone(timezone.utc).isoformat()
    etag = info.get("ETag") or info.get("etag")
    return Fingerprint(
        info.get("size"),
        str(modified) if modified else None,
        str(etag).strip('"') if etag else None,
    )


def list_remote(location: str) -> Iterator[str]:
    """Yield the files at an address in order: the file itself, or those in a folder or pattern."""
    fs, path = _filesystem(location)
    if _GLOB.search(path):
        found = with_retries(location, lambda: fs.glob(path))
        if not found:
            raise SourceError(storable(location), "no file has such a name", "check the pattern")
    elif not is_http(location) and with_retries(location, lambda: fs.isdir(path)):
        found = with_retries(location, lambda: fs.find(path))
    else:
        yield location
        return
    for name in sorted(found):
        yield str(fs.unstrip_protocol(name))


def open_remote(location: str) -> BinaryIO:
    """Open a remote file that survives transient errors. Raises SourceError if it is missing."""
    fs, path = _filesystem(location)
    if is_http(location):
        # The first response states the size as well, so no separate request is needed.
        opening: Callable[[], Any] = lambda: open_http(fs, path)  # noqa: E731
        file = with_retries(location, opening)
        reader = _RemoteReader(location, opening, file.size, file)
    else:
        opening = lambda: fs.open(path, "rb", block_size=_BLOCK_BYTES, cache_type="readahead")  # noqa: E731
        reader = _RemoteReader(location, opening, remote_fingerprint(location).size)
    return cast("BinaryIO", io.BufferedReader(reader, 64 * 1024))


def read_range(location: str, start: int, length: int) -> bytes:
    """Return a range of a remote file, in one request. Raises SourceError for other bytes."""
    fs, path = _filesystem(location)
    if is_http(location):
        return with_retries(location, lambda: http_range(fs, path, start, length).data)
    end = start + length
    data = cast(bytes, with_retries(location, lambda: fs.cat_file(path, start=start, end=end)))
    if len(data) > length:
        raise no_ranges(location)
    return data


class _RemoteReader(PositionedFile):
    """The bytes of a remote file; `fault` is the SourceError that ended reading.

    `opening` opens the file in its store, and is called again after each failure; `file` is the
    file if it is already open.
    """

    def __init__(
        self, location: str, opening: Callable[[], Any], size: int | None, file: Any = None
    ) -> None:
        super().__init__(size)
        self.fault: SourceError | None = None
        self._location = location
        self._opening = opening
        self._file = file

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        try:
            data = with_retries(self._location, lambda: self._read(len(target)))
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
            # After a failure the file is reopened.
            self._drop()
            if isinstance(error, ValueError) and _NO_RANGES.search(str(error)):
                raise no_ranges(self._location) from error
            raise

    def _drop(self) -> None:
        if self._file is not None:
            # Closing a lost connection may fail as well.
            with suppress(Exception):
                self._file.close()
            self._file = None

    def close(self) -> None:
        self._drop()
        super().close()
