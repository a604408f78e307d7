"""Seekable files on web servers, read by ranges, or downloaded if the server has none.

Servers that generate files on request may support no ranges, state no length, or compress files
that are already compressed. fsspec reads the first 4 MiB of such a file and fails.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from time import monotonic
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from loader.errors import SourceError
from loader.sources.source import storable
from loader.sources.transport.compressed import (
    compression_by_bytes,
    compression_suffix,
    decoded,
)
from loader.sources.transport.http_ranges import http_range, range_header, range_in, send_request

if TYPE_CHECKING:
    from aiohttp import ClientResponse

BLOCK_BYTES: Final = 4 * 1024 * 1024
_PIECE_BYTES: Final = 64 * 1024
# A server may send single bytes: a download is aborted below 1 MiB in five minutes.
_WATCHED_SECONDS: Final = 300.0
_WATCHED_BYTES: Final = 1024 * 1024
_SILENT_SECONDS: Final = 60.0
_CONNECT_SECONDS: Final = 30.0


class _DamagedError(SourceError):
    """A response that is not in its declared encoding, or is damaged."""


class HttpFile:
    """A file on a web server, read block by block, or from `whole` if it was downloaded.

    `size` is in bytes. A read raises SourceError if the file has changed, and aiohttp's errors.
    """

    def __init__(
        self, fs: Any, path: str, size: int, block: bytes, whole: IO[bytes] | None = None
    ) -> None:
        self.size = size
        self._fs = fs
        self._path = path
        self._block = block
        self._block_start = 0
        self._position = 0
        self._whole = whole

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int) -> int:
        self._position = offset
        return offset

    def read(self, count: int) -> bytes:
        """Return at most `count` of the next bytes; none at the end of the file."""
        if self._whole:
            self._whole.seek(self._position)
            data = self._whole.read(count)
        else:
            data = self._from_server(count)
        self._position += len(data)
        return data

    def _from_server(self, count: int) -> bytes:
        if self._position >= self.size:
            return b""
        start = self._position - self._block_start
        if not 0 <= start < len(self._block):
            part = http_range(self._fs, self._path, self._position, BLOCK_BYTES)
            if not part.data or part.total not in (None, self.size):
                raise SourceError(
                    storable(self._path), "was changed while it was read", "load it again"
                )
            self._block, self._block_start, start = part.data, self._position, 0
        return self._block[start : start + count]

    def close(self) -> None:
        if self._whole:
            self._whole.close()


def open_http(fs: Any, path: str) -> HttpFile:
    """Open a file on a web server in fsspec's session, and fetch its first block or all of it.

    Raises SourceError if its encoding is not supported or the disk is full, and aiohttp's errors.
    """
    from fsspec.asyn import sync

    opened: HttpFile | tuple[IO[bytes], list[str]] = sync(fs.loop, _fetch, fs, path)
    if isinstance(opened, HttpFile):
        return opened
    whole, encodings = opened
    try:
        for encoding in reversed(encodings):
            whole = _without_encoding(whole, encoding, path)
        size = whole.seek(0, 2)
    except BaseException:
        whole.close()
        raise
    return HttpFile(fs, path, size, b"", whole)


async def _fetch(fs: Any, path: str) -> HttpFile | tuple[IO[bytes], list[str]]:
    """Return the file with its first block, or all of it with the encodings to undo."""
    timeout = _timeout()
    async with await send_request(
        fs, path, range_header(0, BLOCK_BYTES), timeout=timeout
    ) as response:
        if response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return HttpFile(fs, path, 0, b"")
        response.raise_for_status()
        if response.status != HTTPStatus.PARTIAL_CONTENT:
            return await _download(response, path), _encodings(response)
        # A range is useless if it was compressed for transfer or the total size is unknown.
        part = None if _encodings(response) else await range_in(response, path, 0, BLOCK_BYTES)
        if part and part.total is not None:
            return HttpFile(fs, path, part.total, part.data)
    async with await send_request(fs, path, {}, timeout=timeout) as response:
        response.raise_for_status()
        return await _download(response, path), _encodings(response)


def _timeout() -> Any:
    from aiohttp import ClientTimeout

    return ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS, sock_read=_SILENT_SECONDS)


def _encodings(response: ClientResponse) -> list[str]:
    declared = response.headers.get("Content-Encoding", "").lower().split(",")
    return [name for name in map(str.strip, declared) if name not in ("", "identity")]


def _new_file() -> IO[bytes]:
    """Return a temporary file, in memory up to the size of a block."""
    return tempfile.SpooledTemporaryFile(BLOCK_BYTES)


async def _download(response: ClientResponse, path: str) -> IO[bytes]:
    """Return the body of a response as a temporary file. Raises SourceError if it is too slow."""
    file = _new_file()
    try:
        since, count = monotonic(), 0
        async for piece in response.content.iter_chunked(_PIECE_BYTES):
            _write(file, piece, path)
            count += len(piece)
            if count >= _WATCHED_BYTES:
                since, count = monotonic(), 0
            elif monotonic() - since > _WATCHED_SECONDS:
                raise SourceError(
                    storable(path), "is sent too slowly", "download the file, and load that"
                )
    except BaseException:
        file.close()
        raise
    return file


def _write(file: IO[bytes], data: bytes, path: str) -> None:
    """Write to a temporary file. Raises SourceError if that fails, as on a full disk."""
    try:
        file.write(data)
    except OSError as error:
        raise SourceError(
            storable(path),
            f"comes without byte ranges and cannot be kept in {tempfile.gettempdir()}"
            f" while it is read: {error.strerror}",
            "make room there, or name another folder in TMPDIR",
        ) from error


def _without_encoding(file: IO[bytes], encoding: str, path: str) -> IO[bytes]:
    """Return a file with one transfer encoding undone, and close the original.

    Many servers send `a.warc.gz` as it is but declare its own compression as an encoding; such a
    file is returned unchanged.
    """
    if encoding not in ("gzip", "x-gzip"):
        raise SourceError(
            storable(path),
            f"is sent in the encoding {storable(encoding)[:40]}, which was not asked for",
            "download the file, and load that",
        )
    promised = compression_suffix(urlsplit(path).path)
    plain = _new_file()
    pieces = _gunzipped(file, path)
    try:
        piece = next(pieces, b"")
        if promised and compression_by_bytes(piece) != promised:
            plain.close()
            return file
        while piece:
            _write(plain, piece, path)
            piece = next(pieces, b"")
    except _DamagedError:
        # Sent unencoded, or truncated: the reader of the file will report any fault.
        plain.close()
        return file
    except BaseException:
        plain.close()
        raise
    file.close()
    return plain


def _gunzipped(file: IO[bytes], path: str) -> Iterator[bytes]:
    file.seek(0)
    pieces = iter(lambda: file.read(_PIECE_BYTES), b"")
    try:
        yield from decoded(pieces, "gzip", storable(path))
    except SourceError as fault:
        raise _DamagedError(fault.subject, fault.fault, fault.remedy) from fault
