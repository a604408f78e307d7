"""Run one load: read sources, write rows, record faults.

sources -> works -> tasks -> (here or in workers) rows -> batches -> Load.append
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import chain
from typing import Final

from loader.archive.archive import Archive, Load
from loader.archive.dating import date_new, has_undated
from loader.archive.read_sources import ReadSource
from loader.archive.undated import read_undated
from loader.archive.write.batch import Counts
from loader.errors import SourceError
from loader.ingest.collecting import few_collections
from loader.ingest.pool import Pool
from loader.ingest.read_before import ReadBefore
from loader.ingest.reading import (
    Consumed,
    Done,
    Event,
    Rows,
    state_of,
    unreadable,
    work_events,
)
from loader.ingest.tasks import Task, Work, make_tasks, make_works
from loader.ingest.write import LoadResult, Writer
from loader.model import Fingerprint
from loader.page.known_boards import KnownBoards
from loader.rows.codec import PLAIN
from loader.rows.prepare import prepare
from loader.rows.records import SourceRow
from loader.sources import (
    PassedOver,
    ReadOptions,
    Skipped,
    Source,
    file_digest,
    find_sources,
    reading_key,
)
from loader.sources.source import STDIN

__all__ = ["LoadPlan", "LoadResult", "load_sources", "utc_now"]

# A smaller load is done before a worker process has started.
_WORTH_A_POOL_BYTES: Final = 4 * 1024 * 1024

Progress = Callable[[int], None]
Location = str | Source | SourceError


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """Options of a load.

    `workers` is the number of processes that read and parse (with 1, this process does
    everything), `reread` includes sources that were read before and have not changed, and `date`
    infers the days of new boards at the end.
    """

    workers: int = 1
    reread: bool = False
    date: bool = True


def utc_now() -> str:
    """Return the present time in the archive's format: `2024-05-03T10:15:00Z`."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def load_sources(
    archive: Archive,
    locations: Iterable[Location],
    options: ReadOptions,
    progress: Progress | None = None,
    clock: Callable[[], str] = utc_now,
    plan: LoadPlan = LoadPlan(),
) -> LoadResult:
    """Append every capture at `locations`; an unreadable source does not stop the others.

    `progress` is called with bytes of files consumed. Raises ArchiveError if the archive cannot
    be written; batches written before stay.
    """
    run = _Run(archive, options, progress, plan)
    load = Load(archive, clock())
    with few_collections():
        _read_and_write(run, load, list(locations))
        # A killed load may have left boards undated.
        if plan.date and (load.load_id is not None or has_undated(archive.conn)):
            archive.begin_writing()
            before = _conflicts(archive.conn)
            archive.in_transaction(date_new)
            load.counts += Counts(problems=max(0, _conflicts(archive.conn) - before))
    load.finish(clock())
    run.result.counts = load.counts
    if load.counts.boards:
        run.result.undated = read_undated(archive.conn)
    return run.result


def _conflicts(conn: sqlite3.Connection) -> int:
    """Return the number of problems about boards, which dating records."""
    (count,) = conn.execute("select count(*) from problems where board_id is not null").fetchone()
    return int(count)


def _read_and_write(run: _Run, load: Load, locations: list[Location]) -> None:
    """Read and write in this process, or read in workers if there is enough to read."""
    works = run.works(locations)
    first = _first_works(works)
    tasks = make_tasks(chain(first, works))
    is_large = sum(work.size for work in first) >= _WORTH_A_POOL_BYTES
    # Workers have a standard input of their own.
    if run.plan.workers > 1 and is_large and STDIN not in locations:
        with Pool(run.plan.workers, run.options) as pool:
            run.write(Writer(load, pool.use_dictionary), pool.events(tasks))
    else:
        writer = Writer(load)
        run.write(writer, _events_here(tasks, run.options, writer))


def _first_works(works: Iterator[Work]) -> list[Work]:
    """Return the first works, until they are worth a pool; all works of a small load."""
    first: list[Work] = []
    size = 0
    for work in works:
        first.append(work)
        size += work.size
        if size >= _WORTH_A_POOL_BYTES:
            break
    return first


def _events_here(tasks: Iterable[Task], options: ReadOptions, writer: Writer) -> Iterator[Event]:
    known = KnownBoards()
    for task in tasks:
        for work in task.works:
            yield from work_events(work, options, lambda: writer.codec or PLAIN, known)


@dataclass(slots=True)
class _Run:
    """A load in progress: open parts of sources, and faults."""

    archive: Archive
    options: ReadOptions
    progress: Progress | None
    plan: LoadPlan
    result: LoadResult = field(default_factory=LoadResult)
    # The number of unfinished parts of each source; removed once one had a fault.
    open_parts: dict[str, int | None] = field(default_factory=dict)
    faults: list[SourceError] = field(default_factory=list)

    def works(self, locations: Iterable[Location]) -> Iterator[Work]:
        """Yield the works to read; faults of finding sources go to `faults`."""
        before = ReadBefore(self.archive.conn, self.options, self.result, self.plan.reread)
        for found in find_sources(locations, self.options, before.state):
            if isinstance(found, Skipped):
                self.result.skipped.append(found)
            elif isinstance(found, SourceError):
                self.faults.append(found)
            elif before.has(found, state_of(found)):
                self._report(sum(work.size for work in make_works(found)))
            else:
                works = make_works(found)
                self.open_parts[found.location] = len(works)
                yield from works

    def write(self, writer: Writer, events: Iterator[Event]) -> None:
        """Write the rows of all events, in order."""
        for event in events:
            self._write_faults(writer)
            if isinstance(event, Rows):
                writer.add(event.items, is_plain=event.is_plain)
            elif isinstance(event, Consumed):
                self._report(event.count)
            elif isinstance(event, PassedOver):
                self.result.passed_over[event.reason] += event.count
            else:
                self._done(writer, event)
        self._write_faults(writer)
        writer.finish()

    def _write_faults(self, writer: Writer) -> None:
        """Record the sources that could not be found."""
        faults, self.faults = self.faults, []
        for fault in faults:
            self._fail(writer, SourceRow(fault.subject, "unknown"), fault)

    def _fail(self, writer: Writer, source: SourceRow, fault: SourceError) -> None:
        self.result.failures.append(fault)
        problem = unreadable(source.location, fault)
        writer.add([prepare(problem, PLAIN, source)], is_plain=False)

    def _done(self, writer: Writer, done: Done) -> None:
        source = done.work.source
        parts = self.open_parts.pop(source.location, None)
        if done.fault:
            self._fail(writer, SourceRow(source.name, source.kind), done.fault)
        elif parts is not None and done.seen and parts > 1:
            self.open_parts[source.location] = parts - 1
        elif parts is not None and done.seen:
            writer.note_read(self._as_read(source, done.seen))

    def _as_read(self, source: Source, seen: Fingerprint) -> ReadSource:
        # A source read in parts has no digest of the whole yet.
        digest = seen.digest or file_digest(source.location)
        options = reading_key(self.options)
        return ReadSource(source.name, seen.size, seen.modified_at, seen.etag, digest, options)

    def _report(self, count: int) -> None:
        if self.progress and count:
            self.progress(count)
