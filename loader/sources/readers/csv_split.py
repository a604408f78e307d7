"""Cutting CSV into rows (RFC 4180), past broken quotes and fields of any size.

Python's csv module gives up the rest of a file at the first field above its limit, and takes a
quote that is never closed for a field that reaches to the end. Here a row is given with its place
in the file, a row that is too long is passed over in constant memory, and after a broken quote the
reading goes on at the next line that has the shape of a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from loader.sources.source import MAX_CAPTURE_BYTES

# A row: a page and what stands beside it.
MAX_ROW_BYTES = MAX_CAPTURE_BYTES + 1024 * 1024
# Where a row is looked for from every line, it is no longer than this, and not many lines are.
_SOUGHT_BYTES = 1024 * 1024
_SOUGHT_LINES = 1000
_DROPPED_AT = 256 * 1024
_HEAD_BYTES = 1024
# To the quote that closes a field, or as far as there is none.
_QUOTED = re.compile(rb'[^"]*(?:""[^"]*)*')
_LINE_END = re.compile(rb"\r\n?|\n")
_BLANKS = b" \t"

Fault = Literal["quote", "too-large"]
IsRow = Callable[[list[bytes]], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of the row that starts at the byte `offset`, in line `line` (from 1).

    With a `fault` there are none, and `head` is how it begins; `length` is in bytes.
    """

    offset: int
    line: int
    fields: list[bytes]
    length: int
    fault: Fault | None = None
    head: bytes = b""


class _MoreError(Exception):
    """The row goes on beyond the bytes at hand, `is_quoted` within quotes."""

    def __init__(self, *, is_quoted: bool = False) -> None:
        super().__init__()
        self.is_quoted = is_quoted


class _QuoteError(Exception):
    """A quoted field that does not end as one."""


class _Shape:
    """How fields are parted."""

    def __init__(self, delimiter: bytes) -> None:
        self._delimiter = delimiter
        self._plain_end = re.compile(rb"[\r\n%b]" % re.escape(delimiter))

    def fields(
        self, data: bytes, start: int, stop: int, *, is_all: bool
    ) -> tuple[list[bytes], int]:
        """The row at `start`, and where the next one begins.

        Raises _MoreError when it does not end before `stop`, which is the end of the file when
        `is_all`; _QuoteError for a quote that nothing follows as it should.
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
    """A field from after its opening quote, and where what follows it begins."""
    content = _QUOTED.match(data, start, stop)
    end = content.end() if content else start
    if end >= stop:
        if is_all:
            raise _QuoteError
        raise _MoreError(is_quoted=True)
    if end + 1 >= stop and not is_all:
        # The next byte may make two quotes of this one, which are a quote in the text.
        raise _MoreError(is_quoted=True)
    field = data[start:end].replace(b'""', b'"')
    end += 1
    while data[end : end + 1] and data[end] in _BLANKS and end < stop:
        end += 1
    return field, end


def split_line(line: bytes, delimiter: bytes) -> list[bytes]:
    """The fields of one row by itself; as far as its quotes allow."""
    try:
        return _Shape(delimiter).fields(line, 0, len(line), is_all=True)[0]
    except _QuoteError:
        return line.split(delimiter)


class Rows:
    """The rows of CSV that comes in blocks of bytes, blank lines left out."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._data = b""
        self._start = 0  # of the next row, in the data
        self._dropped = 0  # bytes before the data
        self._line = 1
        self._has_ended = False

    def head(self, size: int) -> bytes:
        """The first bytes from here on, up to `size` of them, not consumed."""
        self._have(size)
        return self._data[self._start : self._start + size]

    def skip_line(self) -> None:
        """Pass over the rest of this line, in constant memory."""
        while True:
            line_end = _LINE_END.search(self._data, self._start)
            if line_end and self._is_certain(line_end):
                self._pass_to(line_end.end())
                return
            self._pass_to(line_end.start() if line_end else len(self._data))
            if not self._read_on():
                self._pass_to(len(self._data))
                return

    def rows(self, delimiter: bytes, is_row: IsRow) -> Iterator[Row]:
        """All rows from here on; `is_row` tells a row from a line of text after a broken quote."""
        shape = _Shape(delimiter)
        while self.skip_blank_lines():
            try:
                fields, end = self._whole_row(shape)
            except _QuoteError:
                yield self._faulty("quote", self._next_row(shape, is_row, self._has_all))
                continue
            except _MoreError as error:
                yield self._long_row(shape, is_row, is_quoted=error.is_quoted)
                continue
            yield Row(self._dropped + self._start, self._line, fields, end - self._start)
            self._pass_to(end)

    def _whole_row(self, shape: _Shape) -> tuple[list[bytes], int]:
        """The next row, with as many blocks as it takes; _MoreError when it is too long."""
        while True:
            try:
                return shape.fields(
                    self._data, self._start, len(self._data), is_all=self._has_ended
                )
            except _MoreError:
                size = len(self._data) - self._start
                if size > MAX_ROW_BYTES:
                    raise
                # Twice as much each time, since the row is looked at from its start again.
                self._have(2 * size + 1)

    def _long_row(self, shape: _Shape, is_row: IsRow, *, is_quoted: bool) -> Row:
        """The fault of a row that is too long: its quote is broken where rows stand in it."""
        if is_quoted:
            end = self._next_row(shape, is_row, lambda lines, _: lines > _SOUGHT_LINES)
            if end < len(self._data) and self._is_row_at(end, shape, is_row):
                return self._faulty("quote", end)
        return self._too_large(shape, is_quoted=is_quoted)

    def _has_all(self, _: int, size: int) -> bool:
        """Whether to stop looking for the next row: as much is held as may be."""
        return size > MAX_ROW_BYTES

    def _next_row(self, shape: _Shape, is_row: IsRow, is_enough: Callable[[int, int], bool]) -> int:
        """Where the next line begins that is a row, after the one here; or where the search ends.

        `is_enough` is asked with the lines and bytes that were gone through.
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
        self._have(position - self._start + _SOUGHT_BYTES)
        stop = min(position + _SOUGHT_BYTES, len(self._data))
        is_all = self._has_ended and stop == len(self._data)
        try:
            fields, _ = shape.fields(self._data, position, stop, is_all=is_all)
        except (_MoreError, _QuoteError):
            return False
        return is_row(fields)

    def _faulty(self, fault: Fault, end: int) -> Row:
        """What stands here up to `end`, passed over."""
        head = self._data[self._start : min(end, self._start + _HEAD_BYTES)]
        row = Row(self._dropped + self._start, self._line, [], end - self._start, fault, head)
        self._pass_to(end)
        return row

    def _too_large(self, shape: _Shape, *, is_quoted: bool) -> Row:
        """The row here as a fault, passed over in constant memory."""
        head = self._data[self._start : self._start + _HEAD_BYTES]
        offset, line = self._dropped + self._start, self._line
        self._pass_to(len(self._data) - _pending_quotes(self._data))
        while is_quoted and self._pass_quoted():
            try:
                _, end = self._whole_row(shape)
                self._pass_to(end)
                break
            except _QuoteError:
                self.skip_line()
                break
            except _MoreError as error:
                is_quoted = error.is_quoted
                self._pass_to(len(self._data) - _pending_quotes(self._data))
        if not is_quoted:
            self.skip_line()
        return Row(offset, line, [], self._dropped + self._start - offset, "too-large", head)

    def _pass_quoted(self) -> bool:
        """Pass over what is left of a quoted field; whether anything follows it."""
        while True:
            content = _QUOTED.match(self._data, self._start)
            self._pass_to(content.end() if content else self._start)
            if len(self._data) - self._start >= 2:
                self._pass_to(self._start + 1)
                return True
            if not self._read_on():
                self._pass_to(len(self._data))
                return False

    def skip_blank_lines(self) -> bool:
        """Go to the next line that is not blank; False when there is none."""
        while True:
            line_end = _LINE_END.match(self._data, self._start)
            if line_end and self._is_certain(line_end):
                self._pass_to(line_end.end())
            elif self._start < len(self._data) and not line_end:
                return True
            elif self._has_ended:
                return False
            else:
                self._read_on()

    def _line_end(self, position: int) -> int:
        """Where the line ends that `position` stands in, its end included; nothing is consumed.

        A line that is longer than a row may be ends where that much is held.
        """
        while True:
            line_end = _LINE_END.search(self._data, position)
            if line_end and self._is_certain(line_end):
                return line_end.end()
            if self._has_ended or len(self._data) - self._start > MAX_ROW_BYTES:
                return line_end.end() if line_end else len(self._data)
            position = line_end.start() if line_end else len(self._data)
            self._read_on()

    def _is_certain(self, line_end: re.Match[bytes]) -> bool:
        """Whether no line feed can follow that belongs to it."""
        return line_end.end() < len(self._data) or self._has_ended

    def _have(self, size: int) -> None:
        """Read on until there are so many bytes from here on."""
        while len(self._data) - self._start < size and self._read_on():
            pass

    def _read_on(self) -> bool:
        block = next(self._blocks, b"")
        self._has_ended = self._has_ended or not block
        self._data += block
        return bool(block)

    def _pass_to(self, position: int) -> None:
        self._line += self._data.count(b"\n", self._start, position)
        self._start = position
        if position >= _DROPPED_AT:
            self._data = self._data[position:]
            self._dropped += position
            self._start = 0


def _pending_quotes(data: bytes) -> int:
    """Quotes at the end of the bytes, which may be halves of something."""
    return len(data) - len(data.rstrip(b'"'))
