"""Reading and parsing: what runs in every worker, here or on another machine.

A work comes out as events: rows by the batch, bytes consumed, and how it ended. Nothing
here opens an archive or raises for what a source holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from loader import __version__
from loader.archive.raw import Compressor, Uncompressed
from loader.errors import SourceError
from loader.ingest.tasks import Work
from loader.model import Capture, Fingerprint, Problem, Revisit, Snapshot
from loader.page import parse_capture
from loader.rows.prepare import Prepared, prepare
from loader.sources import (
    ReadOptions,
    Source,
    fingerprint,
    fingerprint_after,
    kind_of_name,
    open_binary,
    opened_parquet,
    read_captures,
    read_span,
    reading_key,
)

# A batch for the writer: large enough that sending it costs little, small enough that the
# batches under way of all workers stay a small part of the memory.
ROWS = 250
ROWS_BYTES = 2 * 1024 * 1024
_TOLD_BYTES = 1024 * 1024

Item: TypeAlias = Snapshot | Problem | Revisit


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for the archive; `is_plain` when their raw captures are not compressed yet.

    `kinds` tells what the sources are that rows name other than the one that is read: the
    crawl files behind an index, the sources of a part.
    """

    items: list[Prepared]
    is_plain: bool
    kinds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Consumed:
    """Bytes of files that were read since the last such event."""

    count: int


@dataclass(frozen=True, slots=True)
class Done:
    """A work has ended: `fault` is why it did so early, `seen` the state of a source read whole."""

    work: Work
    fault: SourceError | None = None
    seen: Fingerprint | None = None


Event: TypeAlias = Rows | Consumed | Done


class Packing:
    """How raw captures are kept: as they are, until the writer has decided on a dictionary."""

    def __init__(self) -> None:
        self.compressor: Compressor | Uncompressed = Uncompressed()

    def decide(self, dictionary: bytes | None) -> None:
        """From here on captures are compressed, with a dictionary if there is one."""
        self.compressor = Compressor(dictionary)


def parse_work(
    work: Work, options: ReadOptions, progress: Callable[[int], None] | None = None
) -> Iterator[Item]:
    """Snapshots, problems and revisits of a work; SourceError as `read_captures`, and for
    whatever we did not foresee: one source must not cost the others."""
    if work.is_whole:
        items = read_captures(work.source, options, progress)
    else:
        items = read_span(work.source, options, work.start, work.end, progress)
    try:
        for item in items:
            yield parse_capture(item) if isinstance(item, Capture) else item
    except (SourceError, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a library written in Rust is no Exception
        raise SourceError(
            work.source.name,
            f"could not be read: {type(error).__name__}: {error}",
            "a fault of the loader: please report it with the file",
        ) from error


def work_events(work: Work, options: ReadOptions, packing: Packing) -> Iterator[Event]:
    """All that a work gives, ending with its Done."""
    consumed = _Consumed()
    fault: SourceError | None = None
    before = state_of(work.source)
    try:
        if is_part(work.source):
            yield from part_rows(work.source)
        else:
            yield from _rows(work, options, packing, consumed)
    except SourceError as error:
        fault = error
    if count := consumed.take():
        yield Consumed(count)
    # The digest of a whole file is not the business of a part of it.
    seen = None if fault else fingerprint_after(work.source, before, digest=work.is_whole)
    yield Done(work, fault, seen)


def _rows(
    work: Work, options: ReadOptions, packing: Packing, consumed: _Consumed
) -> Iterator[Rows | Consumed]:
    batch: list[Prepared] = []
    size = 0
    compressor = packing.compressor
    try:
        for item in parse_work(work, options, consumed.add):
            if compressor is not packing.compressor:
                if batch:
                    yield _as_rows(batch, compressor, work.source)
                batch, size, compressor = [], 0, packing.compressor
            prepared = prepare(item, compressor)
            batch.append(prepared)
            size += prepared.raw[2] if prepared.raw else 0
            if len(batch) >= ROWS or size >= ROWS_BYTES:
                yield _as_rows(batch, compressor, work.source)
                batch, size = [], 0
            if consumed.count >= _TOLD_BYTES:
                yield Consumed(consumed.take())
    except SourceError:
        # What came before a fault is kept.
        if batch:
            yield _as_rows(batch, compressor, work.source)
        raise
    if batch:
        yield _as_rows(batch, compressor, work.source)


def _as_rows(batch: list[Prepared], compressor: Compressor | Uncompressed, source: Source) -> Rows:
    kinds = {
        item.source: kind_of_name(item.source) or "unknown"
        for item in batch
        if item.source != source.name
    }
    return Rows(batch, isinstance(compressor, Uncompressed), kinds)


def is_part(source: Source) -> bool:
    """Whether a Parquet file holds parsed captures (parts.py); False when it cannot be opened."""
    if source.kind != "parquet":
        return False
    from loader.ingest.parts import part_facts

    try:
        with open_binary(source.location) as binary:
            return part_facts(opened_parquet(binary, source)) is not None
    except SourceError:
        return False


def part_rows(source: Source) -> Iterator[Rows]:
    """The rows of a part; SourceError when it is damaged."""
    from loader.ingest.parts import read_rows

    with open_binary(source.location) as binary:
        try:
            for pairs in read_rows(opened_parquet(binary, source), ROWS):
                items = [item for item, _ in pairs]
                yield Rows(items, True, {item.source: kind for item, kind in pairs})
        except (OSError, ValueError, KeyError) as error:
            raise SourceError(
                source.name, f"is a damaged part: {error}", "make it again with loader parse --to"
            ) from error


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
    """The state of a source before it is read; None when it has none or cannot be asked."""
    try:
        return fingerprint(source)
    except SourceError:
        return None


def unreadable(location: str, fault: SourceError) -> Problem:
    """The problem row of a source that could not be read (any further)."""
    return Problem("unreadable", fault.fault, location, fault.offset)


def read_with(options: ReadOptions) -> str:
    """What decides besides the source which captures come out of it."""
    return reading_key(__version__, options)
