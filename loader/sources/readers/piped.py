"""Read streams of unknown format: standard input and named pipes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from loader.errors import SourceError
from loader.sources.readers.sniff import NoKind, sniffed_kind
from loader.sources.readers.streams import STREAMED, items_of_stream
from loader.sources.source import Item, Progress, ReadOptions, Source
from loader.sources.transport.stream import ByteStream, stream_items


def read_piped(
    source: Source, options: ReadOptions, progress: Progress | None = None
) -> Iterator[Item]:
    """Return an iterator over the captures of a stream; its start decides the format.

    The formats are JSON lines, a feed, CSV or one page. Iterating raises SourceError for WARC,
    Parquet and ZIP, which need to seek, and if the stream cannot be read to its end.
    """
    return stream_items(source, progress, partial(_piped_items, source=source, options=options))


def _piped_items(stream: ByteStream, *, source: Source, options: ReadOptions) -> Iterator[Item]:
    kind = sniffed_kind(stream.head())
    if isinstance(kind, NoKind):
        raise no_kind(source.name, kind)
    if kind not in STREAMED:
        raise SourceError(
            source.name,
            f"is a stream of {kind}, which is read from files",
            "save it to a file first",
        )
    return items_of_stream(stream, source, kind, options)


def no_kind(name: str, found: NoKind) -> SourceError:
    """Return the fault of a source of an unsupported kind."""
    return SourceError(
        name, f"is {found.name}", "see `loader load --help` for the kinds that are read"
    )
