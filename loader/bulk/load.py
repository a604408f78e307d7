"""One load: sources in, rows out, faults kept.

sources -> read_captures -> parse_capture -> prepare -> batches -> Load.append
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import chain, islice

from loader.archive.archive import Archive, Load, batches
from loader.archive.batch import Counts
from loader.archive.dating import date_new, has_undated
from loader.archive.prepare import Prepared, prepare
from loader.archive.raw import MIN_TRAINING_CAPTURES, Compressor, train_dictionary
from loader.errors import SourceError
from loader.model import Capture, Problem, Revisit, Snapshot
from loader.page import parse_capture
from loader.sources import ReadOptions, Skipped, Source, find_sources, read_captures

# One transaction: enough rows to be fast, few enough that a reader sees progress and a
# killed load repeats little.
BATCH_CAPTURES = 1000
BATCH_BYTES = 16 * 1024 * 1024

Progress = Callable[[int], None]
Item = Snapshot | Problem | Revisit


@dataclass(slots=True)
class LoadResult:
    """What a load did, and the sources it could not read (any further)."""

    counts: Counts = field(default_factory=Counts)
    failures: list[SourceError] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def utc_now() -> str:
    """The present as the archive stores instants: `2024-05-03T10:15:00Z`."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def load_sources(
    archive: Archive,
    locations: Iterable[str],
    options: ReadOptions,
    progress: Progress | None = None,
    clock: Callable[[], str] = utc_now,
) -> LoadResult:
    """Append every capture at `locations`; a source that cannot be read stops no other.

    `progress` is told bytes of files consumed. Raises ArchiveError when the archive cannot
    be written; whole batches written before stay.
    """
    result = LoadResult()
    kinds: dict[str, str] = {}
    load = Load(archive, clock(), kinds)
    items = parse_sources(locations, options, result, kinds, progress)
    for batch in batches(_prepared(items, load), BATCH_CAPTURES, BATCH_BYTES):
        load.append(batch)
    # A load that was killed before its end left this to the next.
    if load.load_id is not None or has_undated(archive.conn):
        archive.begin_writing()
        archive.in_transaction(date_new)
    load.finish(clock())
    result.counts = load.counts
    return result


def parse_sources(
    locations: Iterable[str],
    options: ReadOptions,
    result: LoadResult,
    kinds: dict[str, str],
    progress: Progress | None = None,
) -> Iterator[Item]:
    """Snapshots and problems of all sources; failures go to `result` and become problems."""
    for found in find_sources(locations):
        if isinstance(found, Skipped):
            result.skipped.append(found)
        elif isinstance(found, SourceError):
            result.failures.append(found)
            yield _unreadable(found.subject, found)
        else:
            kinds[found.name] = found.kind
            yield from _parse_source(found, options, result, progress)


def _parse_source(
    source: Source, options: ReadOptions, result: LoadResult, progress: Progress | None
) -> Iterator[Item]:
    try:
        for item in read_captures(source, options, progress):
            yield parse_capture(item) if isinstance(item, Capture) else item
    except SourceError as fault:
        result.failures.append(fault)
        yield _unreadable(source.name, fault)


def _unreadable(location: str, fault: SourceError) -> Problem:
    return Problem("unreadable", fault.fault, location, fault.offset)


def _prepared(items: Iterator[Item], load: Load) -> Iterator[Prepared]:
    """Rows of each item, compressed with the archive's dictionary or a newly trained one."""
    dictionary = load.dictionary()
    if dictionary is None:
        first = list(islice(items, MIN_TRAINING_CAPTURES))
        if len(first) == MIN_TRAINING_CAPTURES:
            samples = [item.capture.data for item in first if isinstance(item, Snapshot)]
            dictionary = train_dictionary(samples)
            if dictionary is not None:
                load.use_dictionary(dictionary)
        items = chain(first, items)
    compressor = Compressor(dictionary)
    for item in items:
        yield prepare(item, compressor)
