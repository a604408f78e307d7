"""Reading a stream that shows what it holds only when it is read: standard input, a named pipe."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from loader.errors import SourceError
from loader.sources.readers.columns import starts_html
from loader.sources.readers.jsonl import jsonl_items
from loader.sources.readers.pages import page_items
from loader.sources.source import UTF8_BOM, Item, Progress, ReadOptions, Source, SourceKind
from loader.sources.transport.stream import ByteStream, stream_items

_MAGICS: dict[bytes, SourceKind] = {b"WARC/": "warc", b"PAR1": "parquet"}


def sniffed_kind(head: bytes) -> SourceKind:
    """What a source holds, by its first bytes: `{` JSON lines, an HTML start, WARC and Parquet
    by their magic, else text."""
    for magic, kind in _MAGICS.items():
        if head.startswith(magic):
            return kind
    text = head.removeprefix(UTF8_BOM).lstrip()
    if text.startswith(b"{"):
        return "jsonl"
    # What marks HTML is ASCII; Latin-1 decodes any bytes.
    return "html" if starts_html(text.decode("latin-1")) else "text"


def read_piped(
    source: Source, options: ReadOptions, progress: Progress | None = None
) -> Iterator[Item]:
    """The captures of a stream, read as JSON lines or as one page by how it begins.

    Raises SourceError when it cannot be read to its end, after everything before, and for
    WARC and Parquet, whose readers go back and forth.
    """
    return stream_items(source, progress, partial(_piped_items, source=source, options=options))


def _piped_items(stream: ByteStream, *, source: Source, options: ReadOptions) -> Iterator[Item]:
    kind = sniffed_kind(stream.head())
    if kind in _MAGICS.values():
        raise SourceError(
            source.name,
            f"is a stream of {kind}, which is read from files",
            "save it to a file first",
        )
    if kind == "jsonl":
        return jsonl_items(stream, source=source, options=options)
    return page_items(stream, source=source, kind=kind, options=options)
