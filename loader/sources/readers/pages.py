"""Read a source that is a single capture: a text, an HTML page, or a page saved as MHTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from loader.model import Capture, MediaType, Problem
from loader.sources.readers.excerpts import excerpt
from loader.sources.readers.sniff import BINARY, NoKind, sniffed_kind
from loader.sources.source import (
    MAX_CAPTURE_BYTES,
    UTF8_BOM,
    Item,
    NotOfKindError,
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
_RENAME = "rename it"
# A bracket opens a JSON list only before an object; a page's text may begin with a quotation.
_OPENS_TEXT = re.compile(rb"\s*\[(?!\s*\{\s*\")")


def read_page(
    source: Source, options: ReadOptions, progress: Progress | None = None
) -> Iterator[Item]:
    """Return an iterator over the one capture of a source, or its Problem (`empty`, `too-large`).

    Raises SourceError if it cannot be read to its end, since part of a page is not a capture, or if
    it is named as a text and holds something else.
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
            media_type=_media_type_of(data, kind, source),
            source=source.name,
            url=options.url,
            captured_at=options.captured_at,
            captured_basis=options.captured_basis,
        )


def _media_type_of(data: bytes, kind: SourceKind, source: Source) -> MediaType:
    """Return the media type of a page, by its content where the name says otherwise.

    Raises NotOfKindError if a source named as a text holds tables, feeds, archives or documents.
    """
    found = sniffed_kind(data)
    if isinstance(found, NoKind):
        if kind != "text" or found.name == BINARY or _OPENS_TEXT.match(data):
            return _MEDIA_TYPES[kind]
        raise NotOfKindError(source.name, f"is no page's text: it is {found.name}", _RENAME)
    if found == "mhtml" or (found == "html" and kind != "html"):
        return _MEDIA_TYPES[found]
    if kind == "text" and found != "text":
        raise NotOfKindError(source.name, f"is no page's text: it holds {found}", _RENAME)
    return _MEDIA_TYPES[kind]


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
