"""Parquet columns as Python values, whatever their bytes are: no value stops the rest.

Arrow's own `to_pylist` raises at the first time beyond the year 9999, the first string that is
not UTF-8 and the first zone that this computer does not know, and with that loses all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from loader.sources.readers.columns import Record

if TYPE_CHECKING:
    import pyarrow as pa


def column_at(batch: pa.RecordBatch, name: str) -> pa.Array:
    """A column, or the field in a struct that a dotted path names; views as plain bytes, since
    Arrow takes no rows out of views."""
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
    """Each row, or each of `rows`, with its values under the names or dotted paths asked for."""
    arrays = [column_at(batch, name) for name in names]
    if rows is not None:
        arrays = [array.take(rows) for array in arrays]
    values = [values_of(array) for array in arrays]
    count = batch.num_rows if rows is None else len(rows)
    # By number, since there may be no column at all, and each row is told all the same.
    return [
        {name: column[number] for name, column in zip(names, values, strict=True)}
        for number in range(count)
    ]


# Types of strings, and of the bytes of strings as some writers leave them. The views are what
# polars and DataFusion write; pyarrow knows those from its version 16 on.
_VIEWS = ("string_view", "binary_view")
_TEXT_TYPES = ("string", "large_string", "binary", "large_binary", *_VIEWS)


def is_text(kind: Any) -> bool:
    """Whether a column of this type holds strings, or bytes that may be UTF-8."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return str(kind) in _TEXT_TYPES


def values_of(array: pa.Array) -> list[Any]:
    """The values of a column, None for each that is null.

    A string with bytes that are not UTF-8 holds them as lone surrogates (`surrogateescape`).
    Dates and times are text, `2024-05-03 10:15:00`, in UTC where the column has a zone; one
    that no calendar has is text, too. Of lists, structs and the like only the type is told.
    """
    import pyarrow as pa

    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if is_text(kind):
        return [None if value is None else _decoded(value) for value in bytes_of(array)]
    if pa.types.is_timestamp(kind):
        # By way of the number: it is UTC in any zone, and to name the zone is to look it up.
        array = array.cast(pa.int64()).cast(pa.timestamp(kind.unit))
        return list(array.cast(pa.string()).to_pylist())
    if pa.types.is_date(kind) or pa.types.is_time(kind):
        return list(array.cast(pa.string()).to_pylist())
    if pa.types.is_nested(kind) or pa.types.is_duration(kind):
        return [str(kind) if valid else None for valid in array.is_valid().to_pylist()]
    return list(array.to_pylist())


def bytes_of(array: pa.Array) -> list[bytes | None]:
    """The strings of a column as the bytes that the file holds."""
    import pyarrow as pa

    return list(array.cast(pa.large_binary()).to_pylist())


def _decoded(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def bad_byte(text: str) -> int | None:
    """The first byte of a string of `values_of` that is not UTF-8; None when all of it is."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return len(text[: error.start].encode("utf-8"))
    return None
