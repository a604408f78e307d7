"""Read Parquet files of text corpora (C4, FineWeb, CC-News, OSCAR) selectively.

Only the columns of text, address and date are read, and the text only in row groups with an
address of a wanted host: a corpus has many gigabytes, of which one site's share is small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from loader.errors import SourceError
from loader.model import Problem, ProblemKind
from loader.sources.hosts import HostFilter
from loader.sources.readers.columns import (
    DATE_COLUMNS,
    TEXT_COLUMNS,
    URL_COLUMNS,
    Record,
    capture_of,
    find_text,
    find_url,
    folded,
)
from loader.sources.readers.excerpts import excerpt
from loader.sources.readers.parquet_values import (
    bad_byte,
    column_at,
    is_text,
    records_of,
    values_of,
)
from loader.sources.source import (
    MAX_CAPTURE_BYTES,
    Item,
    NotOfKindError,
    Progress,
    ReadOptions,
    Source,
    storable,
)
from loader.sources.transport.opened import open_binary, reading_fault

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

# Rows per batch: texts of a corpus have some kilobytes, rarely a megabyte.
_ROWS = 256
_ADDRESS_ROWS = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a file to read, by use."""

    text: tuple[str, ...]
    url: tuple[str, ...]
    date: tuple[str, ...]


def read_parquet(
    source: Source, options: ReadOptions, progress: Progress | None = None
) -> Iterator[Item]:
    """Yield rows of wanted hosts, and rows without an address, as captures; offsets are rows.

    Problems: `no-text`, `empty`, `not-utf8`, `too-large`, `bad-date`. Raises SourceError if the
    file is truncated, is not Parquet, lacks a text column, has a wanted column twice, or contains
    damaged data pages.
    """
    with open_binary(source.location) as binary:
        yield from parquet_items(binary, source, options, progress)


def parquet_items(
    binary: BinaryIO, source: Source, options: ReadOptions, progress: Progress | None = None
) -> Iterator[Item]:
    """Yield the items of `read_parquet` from an open, seekable file."""
    file = opened_parquet(binary, source)
    columns = _columns_of(file, source, options)
    hosts = HostFilter(options.wanted_hosts)
    row = 0
    for number in range(file.num_row_groups):
        group = file.metadata.row_group(number)
        try:
            yield from _group_items(file, number, row, columns, hosts, source, options)
        except (OSError, ValueError) as error:
            raise _damaged(source, f"row group {number}: {error}", binary) from error
        row += group.num_rows
        if progress:
            progress(_bytes_of(group))
    if not row:
        yield Problem("empty", "The file holds no rows.", source.name)


def opened_parquet(binary: BinaryIO, source: Source) -> pq.ParquetFile:
    """Open a Parquet file. Raises SourceError if it is not one, or pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise SourceError(
            source.name,
            "is Parquet, and pyarrow is not installed",
            "pip install 'brecorder-archive[parquet]'",
        ) from error
    try:
        return pq.ParquetFile(binary)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _damaged(source, str(error), binary) from error


def _damaged(source: Source, reason: str, binary: BinaryIO) -> SourceError:
    if fault := reading_fault(binary):
        return fault
    first = storable(reason.strip().splitlines()[0] if reason.strip() else "unknown fault")
    return SourceError(
        source.name,
        f"is no whole Parquet file: {first[:300]}",
        "download or copy it again",
    )


def _columns_of(file: pq.ParquetFile, source: Source, options: ReadOptions) -> _Columns:
    """Return the columns of text, address and date. Raises SourceError without a text column."""
    schema = file.schema_arrow
    columns = _Columns(
        _present(schema, source, "--text-column", options.text_column, TEXT_COLUMNS),
        _present(schema, source, "--url-column", options.url_column, URL_COLUMNS),
        _present(schema, source, "--date-column", options.date_column, DATE_COLUMNS),
    )
    if not any(is_text(_type_at(schema, name)) for name in columns.text):
        wanted = f" {storable(options.text_column)}" if options.text_column else ""
        shown = ", ".join(excerpt(f"{field.name}: {field.type}") for field in schema)
        raise NotOfKindError(
            source.name,
            f"has no text column{wanted}; its columns are {shown[:500] or 'none'}",
            "name it with --text-column",
        )
    return columns


def _present(
    schema: pa.Schema, source: Source, option: str, named: str | None, known: Sequence[str]
) -> tuple[str, ...]:
    """Return the present columns for one use. Raises SourceError if two have the same name."""
    present = []
    for wanted in (named,) if named else known:
        name = wanted
        types = _types_at(schema, name.split("."), whole=name)
        if not types and (others := [x for x in schema.names if folded(x) == folded(wanted)]):
            # In another spelling: `URL`, `articleBody`.
            name, types = others[0], others
        if len(types) > 1:
            # Either may be the right one, and Arrow cannot select a duplicate by name.
            raise SourceError(
                source.name,
                f"has more than one column {storable(name)}",
                f"name another one with {option}, or write the file with names that differ",
            )
        present += [name] if types else []
    return tuple(present)


def _type_at(schema: pa.Schema, name: str) -> Any:
    """Return the type of a column or struct field by its dotted path; None if there is none."""
    return next(iter(_types_at(schema, name.split("."), whole=name)), None)


def _types_at(
    fields: Iterable[pa.Field], path: Sequence[str], whole: str | None = None
) -> list[Any]:
    """Return the types of all fields at a path; a column named by the `whole` path comes first."""
    import pyarrow as pa

    fields = list(fields)
    if named := [field.type for field in fields if field.name == whole]:
        return named
    found = [field.type for field in fields if field.name == path[0]]
    if len(path) == 1:
        return found
    below = [
        kind
        for struct in found
        if pa.types.is_struct(struct)
        for kind in _types_at(_fields_of(struct), path[1:])
    ]
    # A field below two columns of the same name is as ambiguous as two fields.
    return below * len(found)


def _fields_of(struct: Any) -> list[Any]:
    return [struct.field(number) for number in range(struct.num_fields)]


def _group_items(
    file: pq.ParquetFile,
    number: int,
    first_row: int,
    columns: _Columns,
    hosts: HostFilter,
    source: Source,
    options: ReadOptions,
) -> Iterator[Item]:
    wanted = _wanted_rows(file, number, columns, hosts)
    if wanted is not None and not wanted:
        return
    names = list(dict.fromkeys((*columns.text, *columns.url, *columns.date)))
    row = 0
    for batch in file.iter_batches(_ROWS, row_groups=[number], columns=names):
        rows = [
            position
            for position in range(batch.num_rows)
            if wanted is None or row + position in wanted
        ]
        if rows:
            for position, record in zip(rows, records_of(batch, names, rows), strict=True):
                offset = first_row + row + position
                yield from _record_items(record, offset, columns, source, options)
        row += batch.num_rows


def _wanted_rows(
    file: pq.ParquetFile, number: int, columns: _Columns, hosts: HostFilter
) -> set[int] | None:
    """Return the rows of a group whose address is wanted or missing; None for all rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not columns.url or not hosts.hosts:
        return None
    column = columns.url[0]
    if not is_text(_type_at(file.schema_arrow, column)):
        return None
    pattern = "|".join(host.replace(".", r"\.") for host in hosts.hosts)
    wanted: set[int] = set()
    row = 0
    for batch in file.iter_batches(_ADDRESS_ROWS, row_groups=[number], columns=[column]):
        addresses = column_at(batch, column).cast(pa.large_binary())
        # Arrow's own search comes first, since most rows of a corpus are of other hosts.
        likely = pc.fill_null(pc.match_substring_regex(addresses, pattern, ignore_case=True), True)
        positions = pc.indices_nonzero(likely)
        found = values_of(addresses.take(positions))
        for position, address in zip(positions.to_pylist(), found, strict=True):
            if not address or not address.strip() or hosts.wants_text(address):
                wanted.add(row + position)
        row += batch.num_rows
    return wanted


def _bytes_of(group: Any) -> int:
    return sum(
        int(group.column(number).total_compressed_size) for number in range(group.num_columns)
    )


def _record_items(
    record: Record, row: int, columns: _Columns, source: Source, options: ReadOptions
) -> Iterator[Item]:
    def problem(kind: ProblemKind, reason: str, shown: str | None = None) -> Problem:
        detail = f"Row {row} {reason}."
        return Problem(kind, detail, source.name, row, excerpt(shown) if shown else None)

    text = find_text(record, options.text_column)
    url = find_url(record, options.url_column)
    if text is None:
        yield problem("no-text", "has no text", url)
        return
    if not text.value or text.value.isspace():
        yield problem("empty", f"has no text in column {storable(text.column)}", url)
        return
    for name, value in (("a text", text.value), ("an address", url or "")):
        if (place := bad_byte(value)) is not None:
            yield problem("not-utf8", f"has {name} that is not UTF-8 at its byte {place}", value)
            return
    found = capture_of(record, text, source, row, options)
    size = len(found.capture.data)
    if size > MAX_CAPTURE_BYTES:
        reason = f"has {size:,} bytes of text; at most {MAX_CAPTURE_BYTES:,} are read"
        yield problem("too-large", reason, url)
        return
    yield found.capture
    if date := found.bad_date:
        yield problem(
            "bad-date", f"has no readable date in column {storable(date.column)}", str(date.value)
        )
