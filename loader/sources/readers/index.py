"""Read single records of WARC files by an index of file, offset and length.

This is how to read one site from Common Crawl: its columnar index lists every capture of a host,
and each takes a range request of some kilobytes (docs/scale.md).
"""

from __future__ import annotations

import csv
import io
import json
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from loader.errors import SourceError
from loader.model import Problem
from loader.sources.readers.columns import lookup
from loader.sources.readers.excerpts import excerpt
from loader.sources.readers.warc import record_items
from loader.sources.readers.warc_walk import MAX_PAYLOAD_BYTES, WantedRecord, WarcWalk, format_of
from loader.sources.source import (
    Item,
    PassedOver,
    Progress,
    ReadOptions,
    Source,
    storable,
)
from loader.sources.transport.locations import is_remote, resolved
from loader.sources.transport.opened import open_binary
from loader.sources.transport.stream import open_stream

if TYPE_CHECKING:
    from concurrent.futures import Future

# Concurrent requests: enough to hide the network's latency, few enough to be polite.
_REQUESTS = 8
_MAX_LINE_BYTES = 1024 * 1024
# SQLite's largest integer, less the longest range.
_MAX_OFFSET = 2**63 - 1 - MAX_PAYLOAD_BYTES
# Column names of Common Crawl's columnar index, of its CDX server, and plain ones.
_FILE = ("warc_filename", "filename")
_OFFSET = ("warc_record_offset", "offset")
_LENGTH = ("warc_record_length", "length")


@dataclass(frozen=True, slots=True)
class _Range:
    """A record of a WARC file: the file's location, the record's offset and length in bytes."""

    location: str
    offset: int
    length: int


def read_index(
    source: Source, options: ReadOptions, progress: Progress | None = None
) -> Iterator[Item]:
    """Yield the pages of the records in the index, as if read from their WARC files.

    The index is Parquet, CSV with a header, or JSON lines. A row without a page gives a Problem.
    Raises SourceError at the end if some records could not be fetched.
    """
    failed = 0
    first: SourceError | None = None
    for wanted, data in _fetched(_ranges(source, options)):
        if isinstance(wanted, Problem):
            yield wanted
            continue
        if isinstance(data, SourceError):
            failed += 1
            first = first or data
            yield Problem("unreadable", data.fault, wanted.location, wanted.offset)
            continue
        if progress:
            progress(len(data))
        yield from _items(wanted, data, options)
    if first:
        fault = f"{failed} of its records could not be read, the first one because: {first.fault}"
        raise SourceError(source.name, fault, first.remedy or "load it again later")


def _fetched(
    wanted: Iterator[_Range | Problem],
) -> Iterator[tuple[_Range | Problem, bytes | SourceError]]:
    """Yield each range with its bytes, in the order of the index, with requests sent ahead."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_REQUESTS, thread_name_prefix="range") as threads:
        waiting: deque[tuple[_Range | Problem, Future[bytes | SourceError]]] = deque()
        for item in wanted:
            waiting.append((item, threads.submit(_fetch, item)))
            if len(waiting) >= 2 * _REQUESTS:
                first, future = waiting.popleft()
                yield first, future.result()
        for item, future in waiting:
            yield item, future.result()


def _fetch(wanted: _Range | Problem) -> bytes | SourceError:
    """Return the bytes of a range, or its fault; none for a Problem, which only keeps its place."""
    if isinstance(wanted, Problem):
        return b""
    try:
        if is_remote(wanted.location):
            from loader.sources.transport.remote import read_range

            return read_range(wanted.location, wanted.offset, wanted.length)
        with open_binary(wanted.location) as file:
            file.seek(wanted.offset)
            return file.read(wanted.length)
    except SourceError as fault:
        return fault
    except OSError as error:
        return SourceError(wanted.location, f"cannot be read: {error}")


def _items(wanted: _Range, data: bytes, options: ReadOptions) -> Iterator[Item]:
    form = format_of(data)
    if form is None:
        reason = "there is no record" if data else "the file ends before it"
        yield _no_record(wanted, reason)
        return
    # A row names one record, so further records in a range that is too long are ignored.
    items: list[Item] | None = None
    place = 0
    for event in WarcWalk(io.BytesIO(data), form, lambda record: True).events():
        if isinstance(event, WantedRecord):
            if items is None:
                place = event.offset
                found = WantedRecord(wanted.offset + place, event.record, event.payload)
                items = [
                    item
                    for item in record_items(found, wanted.location, options)
                    if not isinstance(item, PassedOver)
                ]
        elif event.start <= place:
            # The readable part of a truncated or damaged record is not a capture.
            items = [_no_record(wanted, f"what is there {event.reason}")]
    yield from items or [_no_record(wanted, "it holds no page")]


def _no_record(wanted: _Range, reason: str) -> Problem:
    return Problem(
        "damaged-record",
        f"The index names {wanted.length:,} bytes here, but {reason}.",
        wanted.location,
        wanted.offset,
    )


def _ranges(source: Source, options: ReadOptions) -> Iterator[_Range | Problem]:
    for number, row in enumerate(_rows(source)):
        if isinstance(row, Problem):
            yield row
            continue
        name, offset, length = (_first(row, names) for names in (_FILE, _OFFSET, _LENGTH))
        start, count = _whole(offset, _MAX_OFFSET), _whole(length, MAX_PAYLOAD_BYTES)
        if not _is_location(name) or start is None or not count:
            shown = excerpt(json.dumps(row, default=str))
            yield Problem(
                "bad-range",
                f"Row {number} of the index names no file, offset and length.",
                source.name,
                number,
                shown,
            )
            continue
        yield _Range(resolved(name, options.base), start, count)


def _whole(value: object, most: int) -> int | None:
    """Return a whole number from 0 to `most`; None for any other value.

    Columns with gaps are often written as floats, so `2788.0` is accepted.
    """
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
        # Compared before conversion, since 1e999999999 would become an integer of a gigabyte.
        is_whole = 0 <= number <= most and number == number.to_integral_value()
    except ArithmeticError:
        return None
    return int(number) if is_whole else None


def _is_location(name: object) -> bool:
    """Whether a name can be a file or an address: text without NUL or lone surrogates."""
    return isinstance(name, str) and bool(name) and "\0" not in name and storable(name) == name


def _first(row: dict[str, Any], names: Iterable[str]) -> Any:
    return next((value for name in names if (value := lookup(row, name)) is not None), None)


def _rows(source: Source) -> Iterator[dict[str, Any] | Problem]:
    name = source.location.lower()
    if name.endswith(".parquet"):
        return _parquet_rows(source)
    if ".csv" in name[-8:]:
        return _csv_rows(source)
    return _json_rows(source)


def _parquet_rows(source: Source) -> Iterator[dict[str, Any]]:
    from loader.sources.readers.parquet import opened_parquet
    from loader.sources.readers.parquet_values import records_of

    with open_binary(source.location) as binary:
        file = opened_parquet(binary, source)
        present = file.schema_arrow.names
        _require_columns(source, present)
        names = [name for name in (*_FILE, *_OFFSET, *_LENGTH) if name in present]
        if twice := [name for name in names if present.count(name) > 1]:
            fault = f"has more than one column {twice[0]}"
            raise SourceError(source.name, fault, "write the file with names that differ")
        try:
            for batch in file.iter_batches(10_000, columns=names):
                yield from records_of(batch, names)
        except (OSError, ValueError) as error:
            raise SourceError(source.name, f"is no whole Parquet file: {error}") from error


def _require_columns(source: Source, columns: Collection[str]) -> None:
    for names in (_FILE, _OFFSET, _LENGTH):
        if not any(name in columns for name in names):
            raise SourceError(
                source.name, f"is no index: it has no column {' or '.join(names)}",
                "see docs/scale.md for the columns of an index",
            )  # fmt: skip


def _lines(source: Source) -> Iterator[str]:
    with open_stream(source.location) as stream:
        while line := stream.readline(_MAX_LINE_BYTES):
            yield line.decode("utf-8-sig", "replace")
        if stream.fault:
            raise stream.fault


def _csv_rows(source: Source) -> Iterator[dict[str, Any] | Problem]:
    try:
        rows = csv.DictReader(_lines(source))
        _require_columns(source, rows.fieldnames or ())
        yield from rows
    except csv.Error as error:
        raise SourceError(source.name, f"is no CSV: {error}") from error


def _json_rows(source: Source) -> Iterator[dict[str, Any] | Problem]:
    for number, line in enumerate(_lines(source)):
        if not line.strip():
            continue
        # In CDX files of older crawls, key and time precede the object.
        start = line.find("{")
        try:
            row = json.loads(line[max(start, 0) :])
        except ValueError:
            row = None
        if isinstance(row, dict):
            yield row
        else:
            detail = f"Line {number + 1} of the index is no JSON object."
            yield Problem("bad-json", detail, source.name, number, excerpt(line))
