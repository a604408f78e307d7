"""Read a source that is a single capture: a text, an HTML page, or a page saved as MHTML."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from loader.model import Capture, MediaType, Problem
from loader.sources.readers.excerpts import excerpt
from loader.sources.source import (
    MAX_CAPTURE_BYTES,
    UTF8_BOM,
    Item,
    Progress,
    ReadOptions,
    Source,
    SourceKind,
)
from loader.sources.transport.stream import ByteStream, stream_items

_MEDIA_TYPES: dict[SourceKind, MediaType] = {
    "text": "text/plain",
    "html": "text/html",
    "mhtml": "multipart/related",
}


def read_page(
    source: Source, options: ReadOptions, progress: Progress | None = None
) -> Iterator[Item]:
    """Return an iterator over the one capture of a source, or its Problem (`empty`, `too-large`).

    Raises SourceError if it cannot be read to its end, since part of a page is not a capture.
    """
    parse = partial(page_items, source=source, kind=source.kind, options=options)
    return stream_items(source, progress, parse)


def page_items(
    stream: ByteStream, *, source: Source, kind: SourceKind, options: ReadOptions
) -> Iterator[Item]:
    """Yield the items of `read_page` from an open stream of the given kind."""
    if stream.plain_size is not None and stream.plain_size > MAX_CAPTURE_BYTES:
        head = stream.read(1024)
        yield _too_large(source, len(head) + stream.skip_rest(), head)
        return
    data = _read_whole(stream)
    if len(data) > MAX_CAPTURE_BYTES:
        head = data[:1024]
        length = len(data)
        del data
        yield _too_large(source, length + stream.skip_rest(), head)
    elif stream.fault:
        return
    elif not data.removeprefix(UTF8_BOM).strip():
        detail = f"The file holds no text ({len(data)} bytes)."
        yield Problem(kind="empty", detail=detail, source=source.name)
    else:
        yield Capture(
            data=data,
            media_type=_MEDIA_TYPES[kind],
            source=source.name,
            url=options.url,
            captured_at=options.captured_at,
            captured_basis=options.captured_basis,
        )


def _read_whole(stream: ByteStream) -> bytes:
    """Return all bytes, or slightly more than MAX_CAPTURE_BYTES of a larger source."""
    chunks = []
    length = 0
    while length <= MAX_CAPTURE_BYTES and (chunk := stream.read()):
        chunks.append(chunk)
        length += len(chunk)
    return b"".join(chunks)


def _too_large(source: Source, length: int, head: bytes) -> Problem:
    return Problem(
        kind="too-large",
        detail=f"The file has {length:,} bytes; a capture may have {MAX_CAPTURE_BYTES:,}.",
        source=source.name,
        excerpt=excerpt(head),
    )
