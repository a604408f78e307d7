"""Split CSV into rows (RFC 4180), with recovery after broken quotes and oversized fields.

Python's csv module abandons a file at the first field above its limit, and reads an unclosed
quote as a field that extends to the end. Here each row comes with its position in the file, an
oversized row is skipped in constant memory, and reading resumes after a broken quote at the next
line that has the shape of a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from loader.sources.source import MAX_CAPTURE_BYTES

# A page and the other fields of its row.
MAX_ROW_BYTES = MAX_CAPTURE_BYTES + 1024 * 1024
# Limits of the search for the next row, which tries every line.
_SEARCHED_BYTES = 1024 * 1024
_SEARCHED_LINES = 1000
_DROPPED_AT = 256 * 1024
_HEAD_BYTES = 1024
# Up to the closing quote of a field, or to the end without one.
_QUOTED = re.compile(rb'[^"]*(?:""[^"]*)*')
_LINE_END = re.compile(rb"\r\n?|\n")
_BLANKS = b" \t"

Fault = Literal["quote", "too-large"]
IsRow = Callable[[list[bytes]], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of `length` bytes that starts at byte `offset`, in line `line` (counted from 1).

    With a `fault` it has no fields, and `head` has its first bytes.
    """

    offset: int
    line: int
    fields: list[bytes]
    length: int
    fault: Fault | None = None
    head: bytes = b""


class _MoreError(Exception):
    """The row continues beyond the buffered bytes, within quotes if `is_quoted`."""

    def __init__(self, *, is_quoted: bool = False) -> None:
        super().__init__()
        self.is_quoted = is_quoted


class _QuoteError(Exception):
    """A quoted field that does not end properly."""


class _Shape:
    """The format of rows with a given delimiter."""

    def __init__(self, delimiter: bytes) -> None:
        self._delimiter = delimiter
        self._plain_end = re.compile(rb"[\r\n%b]" % re.escape(delimiter))

    def fields(
        self, data: bytes, start: int, stop: int, *, is_all: bool
    ) -> tuple[list[bytes], int]:
        """Return the fields of the row at `start`, and the start of the next row.

        Raises _MoreError if the row does not end before `stop` (the end of the file if `is_all`),
        _QuoteError for a quote that is unclosed or followed by other characters.
        """
        fields: list[bytes] = []
        while True:
            if data[start : start + 1] == b'"' and start < stop:
                field, start = _quoted(data, start + 1, stop, is_all=is_all)
            else:
                end = self._plain_end.search(data, start, stop)
                if end is None and not is_all:
                    raise _MoreError
                at = end.start() if end else stop
                field, start = data[start:at], at
            fields.append(field)
            if start >= stop:
                if not is_all:
                    raise _MoreError
                return fields, start
            if data[start : start + 1] == self._delimiter:
                start += 1
                continue
            line_end = _LINE_END.match(data, start, stop)
            if line_end is None:
                raise _QuoteError
            if line_end.end() == stop and line_end[0] == b"\r" and not is_all:
                raise _MoreError  # a line feed may follow
            return fields, line_end.end()


def _quoted(data: bytes, start: int, stop: int, *, is_all: bool) -> tuple[bytes, int]:
    """Return a field from after its opening quote, and the position after it."""
    content = _QUOTED.match(data, start, stop)
    end = content.end() if content else start
    if end >= stop:
        if is_all:
            raise _QuoteError
        raise _MoreError(is_quoted=True)
    if end + 1 >= stop and not is_all:
        # The next byte may be a second quote, which makes both a quote within the text.
        raise _MoreError(is_quoted=True)
    field = data[start:end].replace(b'""', b'"')
    end += 1
    while data[end : end + 1] and data[end] in _BLANKS and end < stop:
        end += 1
    return field, end


def split_line(line: bytes, delimiter: bytes) -> list[bytes]:
    """Return the fields of a single row; with broken quotes, split at every delimiter."""
    try:
        return _Shape(delimiter).fields(line, 0, len(line), is_all=True)[0]
    except _QuoteError:
        return line.split(delimiter)


class Rows:
    """The rows of a CSV file read in blocks of bytes, without blank lines."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._data = b""
        self._start = 0  # position of the next row in the data
        self._dropped = 0  # number of bytes before the data
        self._line = 1
        self._has_ended = False

    def head(self, size: int) -> bytes:
        """Return up to `size` bytes from here on, without consuming them."""
        self._buffer(size)
        return self._data[self._start : self._start + size]

    def skip_line(self) -> None:
        """Skip the rest of this line, in constant memory."""
        while True:
            line_end = _LINE_END.search(self._data, self._start)
            if line_end and self._is_certain(line_end):
                self._skip_to(line_end.end())
                return
            self._skip_to(line_end.start() if line_end else len(self._data))
            if not self._read_block():
                self._skip_to(len(self._data))
                return

    def rows(self, delimiter: bytes, is_row: IsRow) -> Iterator[Row]:
        """Yield all rows from here on; `is_row` finds the next row after a broken quote."""
        shape = _Shape(delimiter)
        while self.skip_blank_lines():
            try:
                fields, end = self._whole_row(shape)
            except _QuoteError:
                yield self._faulty(
                    "quote", self._next_row(shape, is_row, lambda _, size: size > MAX_ROW_BYTES)
                )
                continue
            except _MoreError as error:
                yield self._long_row(shape, is_row, is_quoted=error.is_quoted)
                continue
            yield Row(self._dropped + self._start, self._line, fields, end - self._start)
            self._skip_to(end)

    def _whole_row(self, shape: _Shape) -> tuple[list[bytes], int]:
        """Return the next row, reading blocks as needed. Raises _MoreError if it is too long."""
        while True:
            try:
                return shape.fields(
                    self._data, self._start, len(self._data), is_all=self._has_ended
                )
            except _MoreError:
                size = len(self._data) - self._start
                if size > MAX_ROW_BYTES:
                    raise
                # Doubled each time, since the row is parsed again from its start.
                self._buffer(2 * size + 1)

    def _long_row(self, shape: _Shape, is_row: IsRow, *, is_quoted: bool) -> Row:
        """Return the fault of an oversized row: a broken quote if it contains rows."""
        if is_quoted:
            end = self._next_row(shape, is_row, lambda lines, _: lines > _SEARCHED_LINES)
            if end < len(self._data) and self._is_row_at(end, shape, is_row):
                return self._faulty("quote", end)
        return self._too_large(shape, is_quoted=is_quoted)

    def _next_row(self, shape: _Shape, is_row: IsRow, is_enough: Callable[[int, int], bool]) -> int:
        """Return the start of the next line that is a row, or the position at which to stop.

        `is_enough` is called with the number of lines and bytes searched so far.
        """
        position = self._start
        lines = 0
        while True:
            position = self._line_end(position)
            lines += 1
            if position >= len(self._data) or is_enough(lines, position - self._start):
                return position
            if self._is_row_at(position, shape, is_row):
                return position

    def _is_row_at(self, position: int, shape: _Shape, is_row: IsRow) -> bool:
        self._buffer(position - self._start + _SEARCHED_BYTES)
        stop = min(position + _SEARCHED_BYTES, len(self._data))
        is_all = self._has_ended and stop == len(self._data)
        try:
            fields, _ = shape.fields(self._data, position, stop, is_all=is_all)
        except (_MoreError, _QuoteError):
            return False
        return is_row(fields)

    def _faulty(self, fault: Fault, end: int) -> Row:
        """Skip to `end`, and return the skipped bytes as a faulty row."""
        head = self._data[self._start : min(end, self._start + _HEAD_BYTES)]
        row = Row(self._dropped + self._start, self._line, [], end - self._start, fault, head)
        self._skip_to(end)
        return row

    def _too_large(self, shape: _Shape, *, is_quoted: bool) -> Row:
        """Skip an oversized row in constant memory, and return it as a faulty row."""
        head = self._data[self._start : self._start + _HEAD_BYTES]
        offset, line = self._dropped + self._start, self._line
        self._skip_to(len(self._data) - _pending_quotes(self._data))
        while is_quoted and self._skip_quoted():
            try:
                _, end = self._whole_row(shape)
                self._skip_to(end)
                break
            except _QuoteError:
                self.skip_line()
                break
            except _MoreError as error:
                is_quoted = error.is_quoted
                self._skip_to(len(self._data) - _pending_quotes(self._data))
        if not is_quoted:
            self.skip_line()
        return Row(offset, line, [], self._dropped + self._start - offset, "too-large", head)

    def _skip_quoted(self) -> bool:
        """Skip the rest of a quoted field; return whether anything follows it."""
        while True:
            content = _QUOTED.match(self._data, self._start)
            self._skip_to(content.end() if content else self._start)
            if len(self._data) - self._start >= 2:
                self._skip_to(self._start + 1)
                return True
            if not self._read_block():
                self._skip_to(len(self._data))
                return False

    def skip_blank_lines(self) -> bool:
        """Skip to the next non-blank line; return False if there is none."""
        while True:
            line_end = _LINE_END.match(self._data, self._start)
            if line_end and self._is_certain(line_end):
                self._skip_to(line_end.end())
            elif self._start < len(self._data) and not line_end:
                return True
            elif self._has_ended:
                return False
            else:
                self._read_block()

    def _line_end(self, position: int) -> int:
        """Return the end of the line at `position`, line break included, without consuming it.

        An oversized line ends where the buffer does.
        """
        while True:
            line_end = _LINE_END.search(self._data, position)
            if line_end and self._is_certain(line_end):
                return line_end.end()
            if self._has_ended or len(self._data) - self._start > MAX_ROW_BYTES:
                return line_end.end() if line_end else len(self._data)
            position = line_end.start() if line_end else len(self._data)
            self._read_block()

    def _is_certain(self, line_end: re.Match[bytes]) -> bool:
        """Whether a line break is complete: a line feed may follow a carriage return."""
        return line_end.end() < len(self._data) or self._has_ended

    def _buffer(self, size: int) -> None:
        """Read until at least `size` bytes are buffered from here on, or the file ends."""
        while len(self._data) - self._start < size and self._read_block():
            pass

    def _read_block(self) -> bool:
        block = next(self._blocks, b"")
        self._has_ended = self._has_ended or not block
        self._data += block
        return bool(block)

    def _skip_to(self, position: int) -> None:
        self._line += self._data.count(b"\n", self._start, position)
        self._start = position
        if position >= _DROPPED_AT:
            self._data = self._data[position:]
            self._dropped += position
            self._start = 0


def _pending_quotes(data: bytes) -> int:
    """Return the number of quotes at the end, each of which may be half of an escaped quote."""
    return len(data) - len(data.rstrip(b'"'))
