"""Read CSV: one capture per row, with column names in the first row.

The delimiter is the comma, semicolon, tab or bar that makes the first row a header. UTF-8, UTF-16
and Windows-1252 are detected from the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from loader.errors import SourceError
from loader.model import Problem, ProblemKind
from loader.sources.readers.columns import (
    DATE_COLUMNS,
    TEXT_COLUMNS,
    URL_COLUMNS,
    ColumnValue,
    capture_of,
    find_text,
    find_url,
    folded,
)
from loader.sources.readers.csv_split import MAX_ROW_BYTES, Row, Rows, split_line
from loader.sources.readers.excerpts import excerpt
from loader.sources.readers.sniff import NoKind, sniffed_kind
from loader.sources.readers.utf8 import stream_blocks, to_text, utf8_blocks
from loader.sources.source import (
    MAX_CAPTURE_BYTES,
    Item,
    NotOfKindError,
    Progress,
    ReadOptions,
    Source,
    storable,
)
from loader.sources.transport.stream import ByteStream, stream_items

_DELIMITERS = (b",", b";", b"\t", b"|")
_HEADER_BYTES = 64 * 1024
_OTHER_KINDS = ("html", "feed", "jsonl", "zip", "warc", "parquet")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+\Z", re.IGNORECASE)
# The start of a line in which Excel declares the delimiter.
_SEPARATOR_LINE = b"sep="


class _RowError(Exception):
    """A row without a capture: the kind of problem, the reason (a clause), and the excerpt."""

    def __init__(self, kind: ProblemKind, reason: str, shown: str | bytes) -> None:
        super().__init__(reason)
        self.kind = kind
        self.shown = shown


@dataclass(frozen=True, slots=True)
class _Header:
    """The columns of a table: their number, and the positions of those that are read."""

    delimiter: bytes
    count: int
    places: dict[str, int]

    def record(self, fields: Sequence[str]) -> dict[str, str]:
        return {name: fields[place] for name, place in self.places.items()}


def read_csv(
    source: Source, options: ReadOptions, progress: Progress | None = None
) -> Iterator[Item]:
    """Return an iterator over captures and Problems, in the order of rows; offsets are in bytes.

    Problems: `bad-csv` for broken quotes and rows with a wrong number of fields, `empty`,
    `too-large`, `not-utf8`, `bad-date`. Raises NotOfKindError if the first row names no text
    column, SourceError if it names a column twice or the source cannot be read to its end.
    """
    return stream_items(source, progress, partial(csv_items, source=source, options=options))


def csv_items(stream: ByteStream, *, source: Source, options: ReadOptions) -> Iterator[Item]:
    """Yield the items of `read_csv` from an open stream."""
    rows = Rows(utf8_blocks(stream_blocks(stream)))
    header = _header_of(rows, source, options)
    is_row = partial(_is_row, header=header, options=options)
    count = 0
    for row in rows.rows(header.delimiter, is_row):
        count += 1
        yield from _row_items(row, header, source, options)
    if not count and not stream.fault:
        yield Problem("empty", "The file holds no rows.", source.name)


def is_table_of_texts(head: bytes, text_column: str | None) -> bool:
    """Whether a file with these first bytes is a table with a text column."""
    rows = Rows(utf8_blocks([head]))
    try:
        _header_of(rows, Source("", "csv"), ReadOptions(text_column=text_column))
    except NotOfKindError:
        return False
    except SourceError:
        return True  # the reader will report the fault
    return True


def _header_of(rows: Rows, source: Source, options: ReadOptions) -> _Header:
    """Consume the first row and return the header. Raises the errors of `read_csv`."""
    kind = sniffed_kind(rows.head(_HEADER_BYTES))
    if isinstance(kind, NoKind):
        raise NotOfKindError(source.name, f"is no CSV: it is {kind.name}", "rename it")
    if kind in _OTHER_KINDS:
        raise NotOfKindError(source.name, f"is no CSV: it holds {kind}", "rename it")
    delimiters: Sequence[bytes] = _DELIMITERS
    if rows.head(len(_SEPARATOR_LINE)).lower() == _SEPARATOR_LINE:
        delimiters = (rows.head(len(_SEPARATOR_LINE) + 1)[-1:],)
        rows.skip_line()
    rows.skip_blank_lines()
    line = rows.head(_HEADER_BYTES).splitlines()[:1]
    names, delimiter = _names(line[0] if line else b"", delimiters, options)
    places: dict[str, int] = {}
    for option, columns in _wanted_columns(options).items():
        for column in columns:
            found = _places_of(column, names)
            if len(found) > 1:
                raise SourceError(
                    source.name,
                    f"has more than one column {storable(column)}",
                    f"name another one with {option}, or write the file with names that differ",
                )
            if found:
                places[column] = found[0]
    if not any(column in places for column in _text_columns(options)):
        wanted = f" {storable(options.text_column)}" if options.text_column else ""
        shown = excerpt(", ".join(names)) or "none"
        raise NotOfKindError(
            source.name,
            f"has no text column{wanted}; its columns are {shown}",
            "name it with --text-column",
        )
    rows.skip_line()
    return _Header(delimiter, len(names), places)


def _text_columns(options: ReadOptions) -> Sequence[str]:
    return (options.text_column,) if options.text_column else TEXT_COLUMNS


def _wanted_columns(options: ReadOptions) -> dict[str, Sequence[str]]:
    """Return the columns to look for, by the option that overrides them."""
    return {
        "--text-column": _text_columns(options),
        "--url-column": (options.url_column,) if options.url_column else URL_COLUMNS,
        "--date-column": (options.date_column,) if options.date_column else DATE_COLUMNS,
    }


def _names(
    line: bytes, delimiters: Sequence[bytes], options: ReadOptions
) -> tuple[list[str], bytes]:
    """Return the names in the first row, and their delimiter.

    That is the delimiter that yields a text column, else the one that yields the most names.
    """

    def names_by(delimiter: bytes) -> list[str]:
        return [to_text(name).strip() for name in split_line(line, delimiter)]

    def rank(found: tuple[list[str], bytes]) -> tuple[bool, int]:
        names, _ = found
        return any(_places_of(column, names) for column in _text_columns(options)), len(names)

    return max(((names_by(delimiter), delimiter) for delimiter in delimiters), key=rank)


def _places_of(column: str, names: Sequence[str]) -> list[int]:
    """Return the positions of a column, by its exact name, else in another spelling (`URL`)."""
    exact = [place for place, name in enumerate(names) if name == column]
    wanted = folded(column)
    return exact or [place for place, name in enumerate(names) if folded(name) == wanted]


def _is_row(fields: list[bytes], header: _Header, options: ReadOptions) -> bool:
    """Whether fields are a row rather than a line of text.

    Their number matches the header, and the address column holds an address or nothing.
    """
    if len(fields) != header.count:
        return False
    url = find_url(header.record([to_text(field) for field in fields]), options.url_column)
    return url is None or _ADDRESS.match(url) is not None


def _row_items(row: Row, header: _Header, source: Source, options: ReadOptions) -> Iterator[Item]:
    try:
        record = _record(row, header)
        text = _text(record, options)
    except _RowError as error:
        yield _problem(row, source, error.kind, str(error), error.shown)
        return
    found = capture_of(record, text, source, row.offset, options)
    yield found.capture
    if date := found.bad_date:
        reason = f"has no readable date in column {storable(date.column)}"
        yield _problem(row, source, "bad-date", reason, date.value)


def _problem(
    row: Row, source: Source, kind: ProblemKind, reason: str, shown: str | bytes
) -> Problem:
    detail = f"The row in line {row.line} {reason}."
    return Problem(kind, detail, source.name, row.offset, excerpt(shown))


def _record(row: Row, header: _Header) -> dict[str, str]:
    """Return the wanted columns of a row. Raises _RowError if it is not a valid row."""
    if row.fault == "too-large":
        reason = f"has {row.length:,} bytes; at most {MAX_ROW_BYTES:,} are read"
        raise _RowError("too-large", reason, row.head)
    if row.fault == "quote":
        reason = f"has a quote that is never closed; {row.length:,} bytes are passed over"
        raise _RowError("bad-csv", reason, row.head)
    fields = row.fields
    while len(fields) > header.count and not fields[-1]:
        fields = fields[:-1]
    shown = b" | ".join(fields[: header.count])[:1000]
    if len(fields) != header.count:
        reason = f"has {len(fields)} fields where the header has {header.count}"
        raise _RowError("bad-csv", reason, shown)
    try:
        return header.record([_decoded(field) for field in fields])
    except UnicodeDecodeError as error:
        reason = f"is no UTF-8, and no Windows-1252 at a byte {error.object[error.start]:#x}"
        raise _RowError("not-utf8", reason, shown) from None


def _decoded(field: bytes) -> str:
    try:
        return field.decode("utf-8")
    except UnicodeDecodeError:
        return field.decode("cp1252")


def _text(record: dict[str, str], options: ReadOptions) -> ColumnValue:
    found = find_text(record, options.text_column)
    if found is None or not found.value or found.value.isspace():
        column = f" in column {storable(found.column)}" if found else ""
        raise _RowError("empty", f"has no text{column}", " | ".join(record.values())[:1000])
    if len(found.value) > MAX_CAPTURE_BYTES:
        reason = f"has a text of {len(found.value):,} characters"
        raise _RowError("too-large", reason, found.value[:1000])
    return found
