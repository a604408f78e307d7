"""Reading and parsing: the part of a load that runs in every worker, here or on another machine.

A work comes out as events: rows by the batch, bytes consumed, and how it ended. Nothing
here opens an archive or raises for what a source holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from loader.errors import SourceError
from loader.ingest.tasks import Work
from loader.model import Capture, Fingerprint, Problem, Snapshot
from loader.page import parse_capture
from loader.page.known_boards import KnownBoards
from loader.rows.codec import PLAIN, Codec
from loader.rows.prepare import Item, prepare
from loader.rows.records import Prepared, SourceRow
from loader.sources import (
    PassedOver,
    ReadOptions,
    Skipped,
    Source,
    find_sources,
    fingerprint,
    fingerprint_after,
    kind_of_name,
    read_captures,
    read_span,
)

# A batch for the writer: large enough that sending it costs little, small enough that the
# batches under way of all workers stay a small part of the memory.
_ROWS: Final = 250
_ROWS_BYTES: Final = 2 * 1024 * 1024
_TOLD_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for the archive; `is_plain` when their raw captures are not compressed yet."""

    items: list[Prepared]
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Consumed:
    """Bytes of files that were read since the last such event."""

    count: int


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a work: `fault` is why it came early, `seen` the state of a source read whole."""

    work: Work
    fault: SourceError | None = None
    seen: Fingerprint | None = None


Event: TypeAlias = Rows | Consumed | PassedOver | Done


def parse_sources(
    locations: Iterable[str | Source | SourceError], options: ReadOptions
) -> Iterator[Item | PassedOver | Skipped | SourceError]:
    """Yield snapshots, problems and revisits of all sources, and what was not read."""
    for found in find_sources(locations, options):
        if not isinstance(found, Source):
            yield found
            continue
        try:
            yield from parse_work(Work(found), options)
        except SourceError as fault:
            yield fault


def parse_work(
    work: Work,
    options: ReadOptions,
    progress: Callable[[int], None] | None = None,
    known: KnownBoards | None = None,
) -> Iterator[Item | PassedOver]:
    """Yield snapshots, problems and revisits of a work, and what is no page in it.

    Raises SourceError as `read_captures`, and for whatever we did not foresee: one source must
    not cost the others.
    """
    if work.is_whole:
        items = read_captures(work.source, options, progress)
    else:
        items = read_span(work.source, options, work.start, work.end, progress)
    try:
        for item in items:
            yield parse_capture(item, known) if isinstance(item, Capture) else item
    except (SourceError, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a library written in Rust is no Exception
        raise SourceError(
            work.source.name,
            f"could not be read: {type(error).__name__}: {error}",
            "a fault of the loader: please report it with the file",
        ) from error


def work_events(
    work: Work, options: ReadOptions, codec: Callable[[], Codec], known: KnownBoards
) -> Iterator[Event]:
    """Yield all that a work gives, ending with its Done.

    `codec` is asked before each capture: it is PLAIN until the writer has a dictionary. `known`
    are the boards whose rows the writer of these events was given; one writer gets all events
    that share it, in their order.
    """
    consumed = _Consumed()
    fault: SourceError | None = None
    before = state_of(work.source)
    try:
        yield from _rows(work, options, codec, known, consumed)
    except SourceError as error:
        fault = error
    if count := consumed.take():
        yield Consumed(count)
    # The digest of a whole file is not the business of a part of it.
    seen = None if fault else fingerprint_after(work.source, before, digest=work.is_whole)
    yield Done(work, fault, seen)


def _rows(
    work: Work,
    options: ReadOptions,
    codec: Callable[[], Codec],
    known: KnownBoards,
    consumed: _Consumed,
) -> Iterator[Rows | Consumed | PassedOver]:
    batch: list[Prepared] = []
    size = 0
    used = codec()
    try:
        for item in parse_work(work, options, consumed.add, known):
            if isinstance(item, PassedOver):
                yield item
                continue
            if codec() is not used:
                if batch:
                    yield Rows(batch, used is PLAIN)
                batch, size, used = [], 0, codec()
            prepared = prepare(item, used, source_row(item, work.source))
            batch.append(prepared)
            if isinstance(item, Snapshot) and item.board_key and prepared.board:
                known.keep(item.board_key, prepared.board.digest)
            size += prepared.raw.size if prepared.raw else 0
            if len(batch) >= _ROWS or size >= _ROWS_BYTES:
                yield Rows(batch, used is PLAIN)
                batch, size = [], 0
            if consumed.count >= _TOLD_BYTES:
                yield Consumed(consumed.take())
    except SourceError:
        # What came before a fault is kept.
        if batch:
            yield Rows(batch, used is PLAIN)
        raise
    if batch:
        yield Rows(batch, used is PLAIN)


def source_row(item: Item, read: Source) -> SourceRow:
    """Return where an item was found: the source that was read, or the file that an index names."""
    location = item.source if hasattr(item, "source") else item.capture.source
    if location == read.name:
        return SourceRow(location, read.kind)
    return SourceRow(location, kind_of_name(location) or "unknown")


class _Consumed:
    """Counts bytes between two reports of them."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, count: int) -> None:
        self.count += count

    def take(self) -> int:
        count, self.count = self.count, 0
        return count


def state_of(source: Source) -> Fingerprint | None:
    """Return the state of a source before it is read; None when it has none or hides it."""
    try:
        return fingerprint(source)
    except SourceError:
        return None


def unreadable(location: str, fault: SourceError) -> Problem:
    """Return the problem of a source that could not be read (any further)."""
    return Problem("unreadable", fault.fault, location, fault.offset)
