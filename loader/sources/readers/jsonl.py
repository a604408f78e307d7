"""Read JSON lines: each line is an object with the text of a page in one column."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from loader.model import Capture, Problem, ProblemKind
from loader.sources.readers.columns import (
    ColumnValue,
    Record,
    capture_of,
    find_text,
)
from loader.sources.readers.excerpts import excerpt
from loader.sources.readers.sniff import BINARY, JSON_LIST, NoKind, sniffed_kind
from loader.sources.readers.utf8 import utf16_of
from loader.sources.source import (
    MAX_CAPTURE_BYTES,
    UTF8_BOM,
    Item,
    NotOfKindError,
    Progress,
    ReadOptions,
    Source,
    storable,
)
from loader.sources.transport.stream import ByteStream, stream_items

# A longer number is not a measurement, and takes quadratic time to convert.
_MAX_INT_DIGITS = 400
_KEYS_SHOWN = 20
_SKIPPED_BYTES = 1024 * 1024


def _bounded_int(digits: str) -> int:
    if len(digits) > _MAX_INT_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


_DECODER = json.JSONDecoder(parse_int=_bounded_int)


class _LineError(Exception):
    """A line without a capture: the kind of problem and the reason (a clause)."""

    def __init__(self, kind: ProblemKind, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class _LineFault(NamedTuple):
    """A problem with a line whose number in the file is not yet known."""

    kind: ProblemKind
    reason: str
    shown: str | bytes


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of `length` bytes, its number from 1, and its bytes (their head if it is too long)."""

    number: int
    offset: int
    data: bytes
    length: int

    @property
    def is_whole(self) -> bool:
        return len(self.data) == self.length

    def problem(self, fault: _LineFault, source: Source, lines_before: int = 0) -> Problem:
        return Problem(
            kind=fault.kind,
            detail=f"Line {lines_before + self.number} {fault.reason}.",
            source=source.name,
            offset=self.offset,
            excerpt=excerpt(fault.shown),
        )


def read_jsonl(
    source: Source, options: ReadOptions, progress: Progress | None = None
) -> Iterator[Item]:
    """Return an iterator over captures and Problems, in the order of lines.

    The problems `bad-json`, `not-an-object`, `no-text`, `empty` and `too-large` replace a capture;
    `bad-date` follows one. Iterating raises NotOfKindError if the source begins like another kind,
    which would give a problem for each line, and SourceError, after everything before, if it cannot
    be read to its end.
    """
    return stream_items(source, progress, partial(jsonl_items, source=source, options=options))


def read_span(
    source: Source,
    options: ReadOptions,
    start: int,
    end: int | None,
    progress: Progress | None = None,
) -> Iterator[Item]:
    """Return the items of `read_jsonl` for lines that start at byte `start` or later, before `end`.

    For uncompressed files only. The spans of a file give the same items as the whole file.
    """
    parse = partial(_span_items, source=source, options=options, span=(start, end))
    return stream_items(source, progress, parse, start=max(0, start - 1))


def _span_items(
    stream: ByteStream, *, source: Source, options: ReadOptions, span: tuple[int, int | None]
) -> Iterator[Item]:
    start, end = span
    offset = start
    if start:
        # The stream starts one byte earlier, where a line that starts at `start` has its line feed.
        # Skipping stops at `end`, since a line over many spans would otherwise be read in each.
        offset = start - 1 + _skip_line(stream, sys.maxsize if end is None else end - start + 1)
    else:
        _refuse_other_kinds(stream, source)
    # Counted at the first problem only: most spans have none, and some have one on each line.
    before = None if start else 0
    for line in _lines(stream, offset, end):
        for item in _line_items(line, source, options):
            if isinstance(item, Capture):
                yield item
                continue
            if before is None:
                before = _line_feeds_before(source.location, offset)
            yield line.problem(item, source, before)


def _line_feeds_before(location: str, offset: int) -> int:
    count = 0
    with open(location, "rb") as file:  # noqa: PTH123
        while offset > 0 and (block := file.read(min(offset, _SKIPPED_BYTES))):
            count += block.count(b"\n")
            offset -= len(block)
    return count


def jsonl_items(stream: ByteStream, *, source: Source, options: ReadOptions) -> Iterator[Item]:
    """Yield the items of `read_jsonl` from an open stream."""
    _refuse_other_kinds(stream, source)
    found_any = False
    for line in _lines(stream):
        found_any = True
        for item in _line_items(line, source, options):
            yield item if isinstance(item, Capture) else line.problem(item, source)
    if not found_any and not stream.fault:
        yield Problem(kind="empty", detail="The file holds no lines.", source=source.name)


def _refuse_other_kinds(stream: ByteStream, source: Source) -> None:
    """Raise NotOfKindError for a page, a table, an archive or a document named as JSON lines.

    Damaged JSON lines look like text, binary data or a list, and are read.
    """
    head = stream.head()
    if utf16_of(head):
        raise NotOfKindError(source.name, "is in UTF-16; JSON lines are in UTF-8", "convert it")
    kind = sniffed_kind(head)
    if isinstance(kind, NoKind):
        if kind.name in (BINARY, JSON_LIST):
            return
        raise NotOfKindError(source.name, f"is no JSON lines: it is {kind.name}", "rename it")
    if kind not in ("jsonl", "text"):
        raise NotOfKindError(source.name, f"is no JSON lines: it holds {kind}", "rename it")


def _lines(stream: ByteStream, offset: int = 0, end: int | None = None) -> Iterator[_Line]:
    """Yield the non-blank lines that start before `end`; the stream is at byte `offset`.

    A line that is too long is yielded with its head only.
    """
    number = 0
    while (end is None or offset < end) and (data := stream.readline(MAX_CAPTURE_BYTES + 1)):
        number += 1
        start = offset
        offset += len(data)
        if len(data) > MAX_CAPTURE_BYTES and not data.endswith(b"\n"):
            data = data[:1024]
            offset += _skip_line(stream)
        elif start == 0 and data.startswith(UTF8_BOM):
            data = data.removeprefix(UTF8_BOM)
            start += len(UTF8_BOM)
        if not data.isspace() and data:
            yield _Line(number, start, data, offset - start)


def _skip_line(stream: ByteStream, limit: int = sys.maxsize) -> int:
    """Skip the rest of a line in constant memory, at most `limit` bytes; return their number."""
    skipped = 0
    while data := stream.readline(min(_SKIPPED_BYTES, limit - skipped)):
        skipped += len(data)
        if data.endswith(b"\n"):
            break
    return skipped


def _line_items(
    line: _Line, source: Source, options: ReadOptions
) -> Iterator[Capture | _LineFault]:
    try:
        record = _record(line)
        text = _text(record, options)
    except _LineError as error:
        yield _LineFault(error.kind, str(error), line.data)
        return
    found = capture_of(record, text, source, line.offset, options)
    yield found.capture
    if date := found.bad_date:
        reason = f"has no readable date in column {storable(date.column)}"
        shown = str(date.value) if isinstance(date.value, str | int | float) else line.data
        yield _LineFault("bad-date", reason, shown)


def _record(line: _Line) -> Record:
    if not line.is_whole:
        reason = f"has {line.length:,} bytes; at most {MAX_CAPTURE_BYTES:,} are read"
        raise _LineError("too-large", reason)
    try:
        # Without its line break, so that the error names a string that was cut off.
        value = _DECODER.decode(line.data.rstrip(b"\r\n").decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _LineError("bad-json", f"is not UTF-8 at its byte {error.start}") from error
    except json.JSONDecodeError as error:
        reason = f"is not JSON: {error.msg.removesuffix(' at')} at column {error.colno}"
        raise _LineError("bad-json", reason) from error
    except RecursionError as error:
        raise _LineError("bad-json", "is nested too deeply to be read as JSON") from error
    except ValueError as error:
        raise _LineError("bad-json", f"holds {error}") from error
    if not isinstance(value, dict):
        name = {list: "array", str: "string", bool: "truth value", type(None): "null"}
        raise _LineError("not-an-object", f"is a JSON {name.get(type(value), 'number')}, no object")
    return value


def _text(record: Record, options: ReadOptions) -> ColumnValue:
    found = find_text(record, options.text_column)
    if not found:
        wanted = f" {storable(options.text_column)}" if options.text_column else ""
        keys = [excerpt(key) for key in itertools.islice(record, _KEYS_SHOWN)]
        if len(record) > _KEYS_SHOWN:
            keys.append(f"and {len(record) - _KEYS_SHOWN} more")
        seen = f"its columns are: {', '.join(keys)}" if keys else "it has no columns"
        raise _LineError("no-text", f"has no text column{wanted}; {seen}")
    if not found.value or found.value.isspace():
        raise _LineError("empty", f"has no text in column {storable(found.column)}")
    return found
