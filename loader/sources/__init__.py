"""Read captures from files, directories, addresses and standard input, one at a time.

    for found in find_sources(["pages/", "crawl.jsonl.zst", "-"]):
        if isinstance(found, Source):
            for item in read_captures(found): ...

Everything streams: memory holds a small multiple of one capture, whatever the size of the source.
A fault of one capture is a Problem among the captures. A fault of a whole source is a SourceError,
yielded by `find_sources` and raised by `read_captures`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from loader.errors import SourceError
from loader.sources.discover.lists import listed_locations
from loader.sources.discover.walk import find_sources
from loader.sources.readers.csv_rows import read_csv
from loader.sources.readers.feed import read_feed
from loader.sources.readers.index import read_index
from loader.sources.readers.instants import parse_instant
from loader.sources.readers.jsonl import read_jsonl, read_span
from loader.sources.readers.kinds import kind_of_name
from loader.sources.readers.pages import read_page
from loader.sources.readers.parquet import opened_parquet, read_parquet
from loader.sources.readers.piped import read_piped
from loader.sources.readers.warc import read_warc
from loader.sources.readers.zipped import read_zip
from loader.sources.source import (
    MAX_CAPTURE_BYTES,
    NO_OPTIONS,
    Item,
    PassedOver,
    Progress,
    ReadOptions,
    Skipped,
    Source,
    SourceKind,
)
from loader.sources.transport.fingerprint import (
    file_digest,
    fingerprint,
    fingerprint_after,
    reading_key,
)
from loader.sources.transport.locations import is_remote
from loader.sources.transport.opened import open_binary

__all__ = [
    "MAX_CAPTURE_BYTES",
    "NO_OPTIONS",
    "READERS",
    "PassedOver",
    "ReadOptions",
    "Skipped",
    "Source",
    "SourceError",
    "file_digest",
    "find_sources",
    "fingerprint",
    "fingerprint_after",
    "is_remote",
    "kind_of_name",
    "listed_locations",
    "open_binary",
    "opened_parquet",
    "parse_instant",
    "read_captures",
    "read_span",
    "reading_key",
]

Reader: TypeAlias = Callable[[Source, ReadOptions, Progress | None], Iterator[Item]]

# A new kind of source needs a module with a reader, a line here, and its extensions in kinds.py.
READERS: Mapping[SourceKind, Reader] = MappingProxyType(
    {
        "text": read_page,
        "html": read_page,
        "mhtml": read_page,
        "jsonl": read_jsonl,
        "csv": read_csv,
        "feed": read_feed,
        "zip": read_zip,
        "warc": read_warc,
        "wet": read_warc,
        "parquet": read_parquet,
        "index": read_index,
        "stdin": read_piped,
    }
)


def read_captures(
    source: Source, options: ReadOptions = NO_OPTIONS, progress: Progress | None = None
) -> Iterator[Item]:
    """Return an iterator over the captures of `source` in order, with Problems in their places.

    `progress` is called with the number of bytes of the file on disk consumed since the last call.
    Iterating raises SourceError if the source cannot be read to its end, after everything before.
    """
    return READERS[source.kind](source, options, progress)
