"""What each kind of source gives from a stream that is open already: of files, pipes, members."""

from __future__ import annotations

from collections.abc import Iterator

from loader.sources.readers.csv_rows import csv_items
from loader.sources.readers.feed import feed_items
from loader.sources.readers.jsonl import jsonl_items
from loader.sources.readers.pages import page_items
from loader.sources.source import Item, ReadOptions, Source, SourceKind
from loader.sources.transport.stream import ByteStream

# Kinds that are read from front to end; the others go back and forth.
STREAMED: frozenset[SourceKind] = frozenset({"text", "html", "mhtml", "jsonl", "csv", "feed"})


def items_of_stream(
    stream: ByteStream, source: Source, kind: SourceKind, options: ReadOptions
) -> Iterator[Item]:
    """What a stream of one of the STREAMED kinds holds, as from `source`."""
    if kind == "jsonl":
        return jsonl_items(stream, source=source, options=options)
    if kind == "csv":
        return csv_items(stream, source=source, options=options)
    if kind == "feed":
        return feed_items(stream, source=source, options=options)
    return page_items(stream, source=source, kind=kind, options=options)
