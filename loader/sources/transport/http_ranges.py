"""Asking a web server for bytes of a file; never more of it in memory than was asked for.

A server may answer a request for a range with the whole file, which can be a gigabyte: fsspec
takes it all and hands it on as if it were the range.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from loader.errors import SourceError
from loader.sources.source import storable

if TYPE_CHECKING:
    from aiohttp import ClientResponse

_BLOCK_BYTES = 64 * 1024
_CONTENT_RANGE = re.compile(r"\s*bytes\s+(\d+)-\d+\s*(?:/(\d+))?", re.IGNORECASE)


class Part(NamedTuple):
    """Bytes of a file, and the size of the whole file where the server tells it."""

    data: bytes
    total: int | None


def no_ranges(location: str) -> SourceError:
    """The fault of a store that sends other bytes of a file than it was asked for."""
    return SourceError(
        storable(location),
        "the server does not give byte ranges",
        "download the file, or name a server that gives them",
    )


def http_range(fs: Any, location: str, start: int, length: int) -> Part:
    """Return at most `length` bytes from `start` on; fewer where the file ends.

    By fsspec's session. Raises SourceError when the server sends anything else, and what aiohttp
    raises.
    """
    from fsspec.asyn import sync

    part: Part = sync(fs.loop, _asked, fs, location, start, length)
    return part


async def _asked(fs: Any, location: str, start: int, length: int) -> Part:
    async with await asked(fs, location, range_header(start, length)) as answer:
        if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return Part(b"", None)  # the file ends before it
        answer.raise_for_status()
        part = await range_in(answer, location, start, length)
        if part is None:
            raise no_ranges(location)
        return part


def range_header(start: int, length: int) -> dict[str, str]:
    return {"Range": f"bytes={start}-{start + length - 1}"}


async def asked(fs: Any, location: str, headers: dict[str, str], **options: Any) -> ClientResponse:
    """Return the answer to a request for a file, with its body as it was sent."""
    options = {**fs.kwargs, **options}
    options["headers"] = {
        **options.get("headers", {}),
        # Bytes are counted in the file, not in the file compressed once more.
        "Accept-Encoding": "identity",
        **headers,
    }
    session = await fs.set_session()
    answer: ClientResponse = await session.get(
        fs.encode_url(location), auto_decompress=False, **options
    )
    return answer


async def range_in(answer: ClientResponse, location: str, start: int, length: int) -> Part | None:
    """Return the range that an answer holds; None when it holds another thing, unread.

    Raises SourceError when it is longer than it says.
    """
    told = _CONTENT_RANGE.match(answer.headers.get("Content-Range", ""))
    if answer.status != HTTPStatus.PARTIAL_CONTENT or not told or int(told[1]) != start:
        return None
    data = bytearray()
    async for block in answer.content.iter_chunked(_BLOCK_BYTES):
        data += block
        if len(data) > length:
            raise no_ranges(location)
    return Part(bytes(data), int(told[2]) if told[2] else None)
