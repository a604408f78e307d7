"""Read and parse: the part of a load that runs in every worker, here or on another machine.

A work yields events: batches of rows, bytes consumed, and its end. Nothing here opens an archive
or raises because of a source's content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from loader.errors import SourceError
from loader.ingest.tasks import Work
from loader.model import Capture, Fingerprint, Problem, Snapshot
from loader.page import parse_capture
from loader.page.known_boards import KnownBoard, KnownBoards
from loader.rows.codec import PLAIN, Codec
from loader.rows.prepare import Item, Parsed, parsed, prepare_all
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

# A batch for the writer: large enough that sending it is cheap, small enough that the batches of
# all workers take little memory.
_ROWS: Final = 250
_ROWS_BYTES: Final = 2 * 1024 * 1024
_REPORTED_BYTES: Final = 1024 * 1024
# Captures read before they are parsed.
_READ_AT_ONCE: Final = 100
_READ_BYTES: Final = 1024 * 1024

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for the archive; `is_plain` if their raw captures are not compressed yet.

    `boards` are the keys and digests of the boards that are new among them.
    """

    items: list[Prepared]
    is_plain: bool
    boards: Sequence[KnownBoard] = ()


@dataclass(frozen=True, slots=True)
class Consumed:
    """The number of bytes of files read since the last such event."""

    count: int


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a work: `fault` if it failed, else `seen`, the fingerprint of the source."""

    work: Work
    fault: SourceError | None = None
    seen: Fingerprint | None = None


Event: TypeAlias = Rows | Consumed | PassedOver | Done


def parse_sources(
    locations: Iterable[str | Source | SourceError], options: ReadOptions
) -> Iterator[Item | PassedOver | Skipped | SourceError]:
    """Yield snapshots, problems and revisits of all sources, and skipped and faulty sources."""
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
    at_once: int = 1,
) -> Iterator[Item | PassedOver]:
    """Yield snapshots, problems and revisits of a work, and records that are not pages.

    Up to `at_once` captures are read before they are parsed. Raises SourceError like
    `read_captures`, and for any unexpected error as well, since one source must not stop the
    others.
    """
    if work.is_whole:
        items = read_captures(work.source, options, progress)
    else:
        items = read_span(work.source, options, work.start, work.end, progress)
    try:
        for group in _groups(items, at_once):
            for item in group:
                yield parse_capture(item, known) if isinstance(item, Capture) else item
    except (SourceError, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in a Rust library is not an Exception
        raise SourceError(
            work.source.name,
            f"could not be read: {type(error).__name__}: {error}",
            "a fault of the loader: please report it with the file",
        ) from error


def _groups(items: Iterable[_Read], most: int) -> Iterator[list[_Read]]:
    """Yield items in lists of up to `most` and about _READ_BYTES; those before a fault first."""
    reader = iter(items)
    fault: BaseException | None = None
    while fault is None:
        group: list[_Read] = []
        size = 0
        try:
            while len(group) < most and size < _READ_BYTES:
                item = next(reader)
                group.append(item)
                size += len(item.data) if isinstance(item, Capture) else 0
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            fault = error
        yield group
    try:
        if not isinstance(fault, StopIteration):
            raise fault
    finally:
        # It refers to this frame by its traceback: a cycle that would keep the last group of each
        # work until the garbage collector runs, which is seldom (`few_collections`).
        del fault


def work_events(
    work: Work, options: ReadOptions, codec: Callable[[], Codec], known: KnownBoards
) -> Iterator[Event]:
    """Yield the events of a work, the last of which is Done.

    `codec` is called for each batch, since it is PLAIN until the writer has a dictionary.
    `known` has the boards whose rows were sent to the writer; all events that share it must go to
    the same writer, in order.
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
    # Only a whole file gets a digest, not each of its parts.
    seen = None if fault else fingerprint_after(work.source, before, digest=work.is_whole)
    yield Done(work, fault, seen)


def _rows(
    work: Work,
    options: ReadOptions,
    codec: Callable[[], Codec],
    known: KnownBoards,
    consumed: _Consumed,
) -> Iterator[Rows | Consumed | PassedOver]:
    batch: list[Parsed] = []
    boards: list[KnownBoard] = []
    size = 0
    try:
        for item in parse_work(work, options, consumed.add, known, _READ_AT_ONCE):
            if isinstance(item, PassedOver):
                yield item
                continue
            read = parsed(item, source_row(item, work.source))
            batch.append(read)
            if isinstance(item, Snapshot):
                if item.board_key and read.board:
                    boards.append((item.board_key, read.board.digest))
                    known.keep(*boards[-1])
                size += len(item.capture.data)
            if len(batch) >= _ROWS or size >= _ROWS_BYTES:
                yield _rows_of(batch, boards, codec())
                batch, boards, size = [], [], 0
            if consumed.count >= _REPORTED_BYTES:
                yield Consumed(consumed.take())
    except SourceError:
        # Rows before a fault are kept.
        if batch:
            yield _rows_of(batch, boards, codec())
        raise
    if batch:
        yield _rows_of(batch, boards, codec())


def _rows_of(batch: Sequence[Parsed], boards: Sequence[KnownBoard], codec: Codec) -> Rows:
    return Rows(prepare_all(batch, codec), codec is PLAIN, boards)


def source_row(item: Item, read: Source) -> SourceRow:
    """Return the source of an item: the source that was read, or a file named in an index."""
    location = item.source if hasattr(item, "source") else item.capture.source
    if location == read.name:
        return SourceRow(location, read.kind)
    return SourceRow(location, kind_of_name(location) or "unknown")


class _Consumed:
    """A counter of bytes since the last report."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, count: int) -> None:
        self.count += count

    def take(self) -> int:
        count, self.count = self.count, 0
        return count


def state_of(source: Source) -> Fingerprint | None:
    """Return the fingerprint of a source before it is read; None if it is not available."""
    try:
        return fingerprint(source)
    except SourceError:
        return None


def unreadable(location: str, fault: SourceError) -> Problem:
    """Return the problem of a source that could not be read completely."""
    return Problem("unreadable", fault.fault, location, fault.offset)
