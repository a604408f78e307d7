"""Reading a source that is one capture: a text, an HTML page, a saved web archive of a page."""

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
    """The whole source as one capture, or the Problem with it (`empty`, `too-large`).

    Raises SourceError when it cannot be read to its end; a part of a page is no capture.
    """
    parse = partial(page_items, source=source, kind=source.kind, options=options)
    return stream_items(source, progress, parse)


def page_items(
    stream: ByteStream, *, source: Source, kind: SourceKind, options: ReadOptions
) -> Iterator[Item]:
    """What `read_page` gives, from a stream of a kind that is known by now."""
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
            captured_basis="option" if options.captured_at else None,
        )


def _read_whole(stream: ByteStream) -> bytes:
    """All bytes, or, of a larger source, a few more than a capture may have."""
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
