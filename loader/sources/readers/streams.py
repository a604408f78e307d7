"""Read an open stream of a known kind: a file, a pipe or a ZIP member."""

from __future__ import annotations

from collections.abc import Iterator

from loader.sources.readers.csv_rows import csv_items
from loader.sources.readers.feed import feed_items
from loader.sources.readers.jsonl import jsonl_items
from loader.sources.readers.pages import page_items
from loader.sources.source import Item, ReadOptions, Source, SourceKind
from loader.sources.transport.stream import ByteStream

# Kinds that are read sequentially; the others need to seek.
STREAMED: frozenset[SourceKind] = frozenset({"text", "html", "mhtml", "jsonl", "csv", "feed"})


def items_of_stream(
    stream: ByteStream, source: Source, kind: SourceKind, options: ReadOptions
) -> Iterator[Item]:
    """Return the items of a stream of one of the STREAMED kinds, attributed to `source`."""
    if kind == "jsonl":
        return jsonl_items(stream, source=source, options=options)
    if kind == "csv":
        return csv_items(stream, source=source, options=options)
    if kind == "feed":
        return feed_items(stream, source=source, options=options)
    return page_items(stream, source=source, kind=kind, options=options)
