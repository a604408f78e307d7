"""Read and parse captures from files, without an archive."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from loader.errors import SourceError
from loader.ingest.reading import unreadable
from loader.model import Capture, Problem, Revisit, Snapshot
from loader.page import parse_capture
from loader.sources import (
    NO_OPTIONS,
    PassedOver,
    ReadOptions,
    Skipped,
    find_sources,
    parse_instant,
    read_captures,
)

OnePath: TypeAlias = str | os.PathLike[str]
Paths: TypeAlias = OnePath | Iterable[OnePath]
Item: TypeAlias = Capture | Problem | Revisit | PassedOver | Skipped


def read(paths: Paths, options: ReadOptions = NO_OPTIONS) -> Iterator[Item]:
    """Yield the captures at `paths`, with problems and skipped files in their places.

    A path is a file of any kind that `loader load` reads, a folder of files, or an address such
    as `s3://bucket/folder/`. A source that cannot be read is a Problem of kind `unreadable` and
    does not stop the others. Memory holds a few captures at a time. Raises ValueError for a
    `captured_at` that is not a time.

    >>> import loader
    >>> for item in loader.read("pages/"):
    ...     print(type(item).__name__, item.media_type, len(item.data) > 1000)
    Capture text/plain True
    """
    options = with_instant(options)
    for found in find_sources(locations(paths), options):
        if isinstance(found, Skipped):
            yield found
        elif isinstance(found, SourceError):
            yield unreadable(found.subject, found)
        else:
            try:
                yield from read_captures(found, options)
            except SourceError as fault:
                yield unreadable(found.name, fault)


def parse(capture: Capture) -> Snapshot:
    """Return the board, the article and the problems of a capture.

    Accepts any bytes: a capture that is not a page gives a snapshot without board and article,
    and a Problem with the reason. Prices are in whole hundredths here.

    >>> import loader
    >>> (capture,) = loader.read("pages/page.txt")
    >>> snapshot = loader.parse(capture)
    >>> len(snapshot.board.quotes)
    34
    >>> quote = snapshot.board.quotes[0]
    >>> quote.price == round(float(quote.price_text.replace(",", "")) * 100)
    True
    """
    return parse_capture(capture)


def locations(paths: Paths) -> list[str]:
    """Return one or several paths as a list of strings."""
    if isinstance(paths, str | os.PathLike):
        return [os.fspath(paths)]
    return [os.fspath(path) for path in paths]


def with_instant(options: ReadOptions) -> ReadOptions:
    """Return the options with `captured_at` normalised. Raises ValueError if it is not a time."""
    if options.captured_at is None:
        return options
    instant = parse_instant(options.captured_at)
    if instant is None:
        raise ValueError(f"captured_at is not a time: {options.captured_at!r}")
    return replace(options, captured_at=instant)
