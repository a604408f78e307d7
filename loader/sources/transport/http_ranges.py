"""Some bytes of a file on a web server, and never more of it in memory than was asked for.

A server may answer a request for a range with the whole file, which can be a gigabyte: fsspec
takes it all and hands it on as if it were the range.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from loader.errors import SourceError
from loader.sources.source import storable

if TYPE_CHECKING:
    from aiohttp import ClientResponse

_BLOCK_BYTES = 64 * 1024
_CONTENT_RANGE = re.compile(r"\s*bytes\s+(\d+)-", re.IGNORECASE)


def no_ranges(location: str) -> SourceError:
    """The fault of a store that sends other bytes of a file than it was asked for."""
    return SourceError(
        storable(location),
        "the server does not give byte ranges",
        "download the file, or name a server that gives them",
    )


def http_range(fs: Any, location: str, start: int, length: int) -> bytes:
    """At most `length` bytes from `start` on, by fsspec's session; fewer where the file ends.

    Raises SourceError when the server sends anything else, and what aiohttp raises.
    """
    from fsspec.asyn import sync

    data: bytes = sync(fs.loop, _asked, fs, location, start, length)
    return data


async def _asked(fs: Any, location: str, start: int, length: int) -> bytes:
    options = dict(fs.kwargs)
    options["headers"] = {
        **options.get("headers", {}),
        "Range": f"bytes={start}-{start + length - 1}",
        # The index counts the bytes of the file, not those of the file compressed once more.
        "Accept-Encoding": "identity",
    }
    session = await fs.set_session()
    asked = session.get(fs.encode_url(location), auto_decompress=False, **options)
    async with asked as answer:
        return await _answered(answer, location, start, length)


async def _answered(answer: ClientResponse, location: str, start: int, length: int) -> bytes:
    if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return b""  # the file ends before it
    answer.raise_for_status()
    told = _CONTENT_RANGE.match(answer.headers.get("Content-Range", ""))
    if answer.status != HTTPStatus.PARTIAL_CONTENT or not told or int(told[1]) != start:
        raise no_ranges(location)
    data = bytearray()
    async for block in answer.content.iter_chunked(_BLOCK_BYTES):
        data += block
        if len(data) > length:
            raise no_ranges(location)
    return bytes(data)
