"""Convert Parquet columns to Python values, tolerating bad ones.

Arrow's own `to_pylist` raises at the first time after the year 9999, string that is not UTF-8, or
zone unknown to this computer, and so loses all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from loader.sources.readers.columns import Record

if TYPE_CHECKING:
    import pyarrow as pa


def column_at(batch: pa.RecordBatch, name: str) -> pa.Array:
    """Return a column, or the struct field at a dotted path.

    Views are cast to bytes, since Arrow cannot take rows from views.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if name in batch.schema.names:
        array = batch.column(name)
    else:
        head, *rest = name.split(".")
        array = pc.struct_field(batch.column(head), rest)
    return array.cast(pa.large_binary()) if str(array.type) in _VIEWS else array


def records_of(
    batch: pa.RecordBatch, names: Sequence[str], rows: Sequence[int] | None = None
) -> list[Record]:
    """Return each row, or each of `rows`, as a dict from name or dotted path to value."""
    arrays = [column_at(batch, name) for name in names]
    if rows is not None:
        arrays = [array.take(rows) for array in arrays]
    values = [values_of(array) for array in arrays]
    count = batch.num_rows if rows is None else len(rows)
    # By row number, since each row has a record even if there are no columns.
    return [
        {name: column[number] for name, column in zip(names, values, strict=True)}
        for number in range(count)
    ]


# Types of strings, and of bytes, as some writers store strings. Views are written by polars and
# DataFusion, and known to pyarrow from version 16 on.
_VIEWS = ("string_view", "binary_view")
_TEXT_TYPES = ("string", "large_string", "binary", "large_binary", *_VIEWS)


def is_text(kind: Any) -> bool:
    """Whether a column of this type holds strings, or bytes that may be UTF-8."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return str(kind) in _TEXT_TYPES


def values_of(array: pa.Array) -> list[Any]:
    """Return the values of a column, None for nulls.

    Bytes of a string that are not UTF-8 become lone surrogates (`surrogateescape`). Dates and
    times, impossible ones included, are text (`2024-05-03 10:15:00`), in UTC if the column has a
    zone. Values of nested types are replaced by the name of the type.
    """
    import pyarrow as pa

    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if is_text(kind):
        strings = array.cast(pa.large_binary()).to_pylist()
        return [
            None if value is None else value.decode("utf-8", "surrogateescape") for value in strings
        ]
    if pa.types.is_timestamp(kind):
        # Via the integer, which is in UTC for any zone, since Arrow would look the zone up.
        array = array.cast(pa.int64()).cast(pa.timestamp(kind.unit))
        return list(array.cast(pa.string()).to_pylist())
    if pa.types.is_date(kind) or pa.types.is_time(kind):
        return list(array.cast(pa.string()).to_pylist())
    if pa.types.is_nested(kind) or pa.types.is_duration(kind):
        return [str(kind) if valid else None for valid in array.is_valid().to_pylist()]
    return list(array.to_pylist())


def bad_byte(text: str) -> int | None:
    """Return the position of the first byte of a string from `values_of` that is not UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return len(text[: error.start].encode("utf-8"))
    return None
