"""Range requests that never hold more in memory than was requested.

A server may respond to a range request with the whole file, which may have gigabytes. fsspec would
read all of it and return it as if it were the range.
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
    """Bytes of a file, and the size of the whole file (None if the server does not state it)."""

    data: bytes
    total: int | None


def no_ranges(location: str) -> SourceError:
    """Return the fault of a server that sends other bytes than the requested range."""
    return SourceError(
        storable(location),
        "the server does not give byte ranges",
        "download the file, or name a server that gives them",
    )


def http_range(fs: Any, location: str, start: int, length: int) -> Part:
    """Return `length` bytes from `start` on, or fewer at the end of the file.

    Uses fsspec's session. Raises SourceError if the server sends anything else, and aiohttp's
    errors.
    """
    from fsspec.asyn import sync

    part: Part = sync(fs.loop, _fetch, fs, location, start, length)
    return part


async def _fetch(fs: Any, location: str, start: int, length: int) -> Part:
    async with await send_request(fs, location, range_header(start, length)) as response:
        if response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return Part(b"", None)  # the file ends before it
        response.raise_for_status()
        part = await range_in(response, location, start, length)
        if part is None:
            raise no_ranges(location)
        return part


def range_header(start: int, length: int) -> dict[str, str]:
    return {"Range": f"bytes={start}-{start + length - 1}"}


async def send_request(
    fs: Any, location: str, headers: dict[str, str], **options: Any
) -> ClientResponse:
    """Request a file, and return the response without decoding its body."""
    options = {**fs.kwargs, **options}
    options["headers"] = {
        **options.get("headers", {}),
        # Ranges refer to the file itself, not to a compressed transfer of it.
        "Accept-Encoding": "identity",
        **headers,
    }
    session = await fs.set_session()
    response: ClientResponse = await session.get(
        fs.encode_url(location), auto_decompress=False, **options
    )
    return response


async def range_in(response: ClientResponse, location: str, start: int, length: int) -> Part | None:
    """Return the requested range from a response; None, with the body unread, for any other.

    Raises SourceError if the body is longer than requested.
    """
    content_range = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    if (
        response.status != HTTPStatus.PARTIAL_CONTENT
        or not content_range
        or int(content_range[1]) != start
    ):
        return None
    data = bytearray()
    async for block in response.content.iter_chunked(_BLOCK_BYTES):
        data += block
        if len(data) > length:
            raise no_ranges(location)
    return Part(bytes(data), int(content_range[2]) if content_range[2] else None)
