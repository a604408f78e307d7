"""One load: sources in, rows out, faults kept.

sources -> works -> tasks -> (here or in workers) rows -> batches -> Load.append
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone

from loader.archive.archive import Archive, Load
from loader.archive.dating import date_new, has_undated
from loader.archive.raw import Compressor
from loader.archive.read_sources import ReadSource, is_read
from loader.errors import SourceError
from loader.ingest.collecting import few_collections
from loader.ingest.pool import Pool
from loader.ingest.reading import (
    Consumed,
    Done,
    Event,
    Item,
    Packing,
    Rows,
    parse_work,
    read_with,
    state_of,
    unreadable,
    work_events,
)
from loader.ingest.tasks import Task, Work, make_tasks, make_works
from loader.ingest.write import LoadResult, Writer, with_digest
from loader.rows.prepare import prepare
from loader.sources import (
    ReadOptions,
    Skipped,
    Source,
    file_digest,
    find_sources,
)
from loader.sources.source import STDIN

__all__ = ["LoadPlan", "LoadResult", "load_sources", "parse_sources", "utc_now"]

# Less than this is read sooner than a worker process has started.
_WORTH_A_POOL_BYTES = 4 * 1024 * 1024

Progress = Callable[[int], None]
Location = str | Source | SourceError


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """How to load: `workers` processes that read and parse (1: this one does it all);
    `again` reads sources that were read before and have not changed since."""

    workers: int = 1
    again: bool = False


def utc_now() -> str:
    """The present as the archive stores instants: `2024-05-03T10:15:00Z`."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def load_sources(
    archive: Archive,
    locations: Iterable[Location],
    options: ReadOptions,
    progress: Progress | None = None,
    clock: Callable[[], str] = utc_now,
    plan: LoadPlan = LoadPlan(),
) -> LoadResult:
    """Append every capture at `locations`; a source that cannot be read stops no other.

    `progress` is told bytes of files consumed. Raises ArchiveError when the archive cannot
    be written; whole batches written before stay.
    """
    run = _Run(archive, options, progress, plan)
    load = Load(archive, clock(), run.kinds)
    with few_collections():
        _read_and_write(run, load, list(locations))
        # A load that was killed before its end left this to the next.
        if load.load_id is not None or has_undated(archive.conn):
            archive.begin_writing()
            archive.in_transaction(date_new)
    load.finish(clock())
    run.result.counts = load.counts
    return run.result


def _read_and_write(run: _Run, load: Load, locations: list[Location]) -> None:
    """Here, or in workers when there is enough to read."""
    works = run.works(locations)
    first = _first_works(works)
    is_large = sum(work.size for work in first) >= _WORTH_A_POOL_BYTES
    # Standard input is this process's: a worker has another one.
    if run.plan.workers > 1 and is_large and STDIN not in locations:
        with Pool(run.plan.workers, run.options) as pool:
            writer = Writer(load, pool.decide)
            run.write(writer, pool.events(make_tasks(_chained(first, works))))
    else:
        packing = Packing()
        writer = Writer(load, packing.decide)
        run.write(writer, _events_here(make_tasks(_chained(first, works)), run.options, packing))


def _first_works(works: Iterator[Work]) -> list[Work]:
    """Works from the front until they are worth a pool; all of a small load."""
    first: list[Work] = []
    size = 0
    for work in works:
        first.append(work)
        size += work.size
        if size >= _WORTH_A_POOL_BYTES:
            break
    return first


def _chained(first: list[Work], rest: Iterator[Work]) -> Iterator[Work]:
    yield from first
    yield from rest


def _events_here(tasks: Iterable[Task], options: ReadOptions, packing: Packing) -> Iterator[Event]:
    for task in tasks:
        for work in task.works:
            yield from work_events(work, options, packing)


@dataclass(slots=True)
class _Run:
    """One load under way: what was found, what is open, what went wrong."""

    archive: Archive
    options: ReadOptions
    progress: Progress | None
    plan: LoadPlan
    result: LoadResult = field(default_factory=LoadResult)
    kinds: dict[str, str] = field(default_factory=dict)
    # Parts of each source that are not done yet, None once one had a fault.
    open_parts: dict[str, int | None] = field(default_factory=dict)
    faults: list[SourceError] = field(default_factory=list)

    def works(self, locations: Iterable[Location]) -> Iterator[Work]:
        """What is to be read; faults of finding it go to `faults`."""
        for found in find_sources(locations):
            if isinstance(found, Skipped):
                self.result.skipped.append(found)
            elif isinstance(found, SourceError):
                self.faults.append(found)
            elif not self.plan.again and self._is_read(found):
                self.result.read_before += 1
                self._tell(sum(work.size for work in make_works(found)))
            else:
                self.kinds[found.name] = found.kind
                works = make_works(found)
                self.open_parts[found.location] = len(works)
                yield from works

    def write(self, writer: Writer, events: Iterator[Event]) -> None:
        """Everything that the events bring, in their order."""
        for event in events:
            self._write_faults(writer)
            if isinstance(event, Rows):
                self.kinds.update(event.kinds)
                writer.add(event.items, is_plain=event.is_plain)
            elif isinstance(event, Consumed):
                self._tell(event.count)
            else:
                self._done(writer, event)
        self._write_faults(writer)
        writer.finish()

    def _write_faults(self, writer: Writer) -> None:
        """Keep the sources that could not even be found."""
        faults, self.faults = self.faults, []
        for fault in faults:
            self._fail(writer, fault.subject, fault)

    def _fail(self, writer: Writer, location: str, fault: SourceError) -> None:
        self.result.failures.append(fault)
        writer.add([prepare(unreadable(location, fault), Compressor())], is_plain=False)

    def _done(self, writer: Writer, done: Done) -> None:
        source = done.work.source
        if done.fault:
            self.open_parts[source.location] = None
            self._fail(writer, source.name, done.fault)
            return
        parts = self.open_parts.get(source.location)
        if parts is None:
            return
        if parts > 1:
            self.open_parts[source.location] = parts - 1 if done.seen else None
            return
        del self.open_parts[source.location]
        if done.seen:
            seen = with_digest(source.location, done.seen)
            writer.read(ReadSource(source.name, seen, read_with(self.options)))

    def _is_read(self, source: Source) -> bool:
        now = state_of(source)
        return now is not None and is_read(
            self.archive.conn,
            source.name,
            now,
            read_with(self.options),
            lambda: file_digest(source.location),
        )

    def _tell(self, count: int) -> None:
        if self.progress and count:
            self.progress(count)


def parse_sources(
    locations: Iterable[Location],
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
            yield unreadable(found.subject, found)
        else:
            kinds[found.name] = found.kind
            try:
                yield from parse_work(Work(found), options, progress)
            except SourceError as fault:
                result.failures.append(fault)
                yield unreadable(found.name, fault)
