"""Range requests that never hold more in memory than was requested.

A server may answer a range request with the whole file, which can have gigabytes; fsspec would
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
    """Bytes of a file, and the size of the whole file, None if the server does not state it."""

    data: bytes
    total: int | None


def no_ranges(location: str) -> SourceError:
    """Return the fault of a store that sends other bytes than the requested range."""
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
    """Request a file, and return the response with its body still encoded."""
    options = {**fs.kwargs, **options}
    options["headers"] = {
        **options.get("headers", {}),
        # Ranges refer to the file itself, not to a compressed transfer of it.
        "Accept-Encoding": "identity",
        **headers,
    }
    session = await fs.set_session()
    answer: ClientResponse = await session.get(
        fs.encode_url(location), auto_decompress=False, **options
    )
    return answer


async def range_in(answer: ClientResponse, location: str, start: int, length: int) -> Part | None:
    """Return the requested range from a response; None, with the body unread, if it is another.

    Raises SourceError if the body is longer than requested.
    """
    content_range = _CONTENT_RANGE.match(answer.headers.get("Content-Range", ""))
    if (
        answer.status != HTTPStatus.PARTIAL_CONTENT
        or not content_range
        or int(content_range[1]) != start
    ):
        return None
    data = bytearray()
    async for block in answer.content.iter_chunked(_BLOCK_BYTES):
        data += block
        if len(data) > length:
            raise no_ranges(location)
    return Part(bytes(data), int(content_range[2]) if content_range[2] else None)
