"""Write CSV in which no cell is a formula to a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

# First characters of formulas in spreadsheets (OWASP, CSV injection).
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?", re.IGNORECASE)
_SUSPECT = re.compile(r'(^|[,"\n])[=+\-@\t\r]')
_QUOTED = re.compile(r'[,"\r\n]')
_EMPTY: Final = '""'  # a row of one empty cell

Link = Callable[[Sequence[Any], int], str]


def safe_cell(value: Any) -> Any:
    """Return a cell, with an apostrophe before text that would be a formula; numbers are unchanged.

    >>> [safe_cell(value) for value in ("=1+1", "-0.5", -0.5, "- a point", "plain", None)]
    ["'=1+1", '-0.5', -0.5, "'- a point", 'plain', None]
    """
    if isinstance(value, str) and value.startswith(_STARTS) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def as_csv(rows: Iterable[Sequence[Any]], link: Link | None = None) -> str:
    """Return rows as CSV with safe cells; numbers are formatted by Python.

    Columns are written one by one, since most of their cells repeat a value: this takes half the
    time of csv.writer with a check of each cell. `link` returns the text for a binary value.
    """
    lot = list(rows)
    if len({len(row) for row in lot}) > 1:  # rows of a text's table
        return _lines(map(",".join, (map(_text, row) for row in lot)))
    columns: list[Iterable[str]] = []
    for place, column in enumerate(zip(*lot, strict=True)):
        types = set(map(type, column))
        values: Sequence[Any] = column
        if link and bytes in types:
            values = [link(row, place) if isinstance(row[place], bytes) else row[place]
                      for row in lot]  # fmt: skip
        columns.append(_texts(values, types))
    return _lines(map(",".join, zip(*columns, strict=True)))


def safe_records(text: str) -> str:
    """Return complete records of CSV with safe cells."""
    if not _SUSPECT.search(text):
        return text
    return as_csv(csv.reader(io.StringIO(text, newline="")))


def _texts(values: Sequence[Any], types: set[type]) -> Iterable[str]:
    """Return the cells of a column in CSV, formatting each distinct value once."""
    # 1 and 1.0 are the same key, so columns of mixed numbers are written cell by cell.
    if len(types - {str, bytes, type(None)}) > 1:
        return map(_text, values)
    write = str if types == {int} else _text
    return map({value: write(value) for value in set(values)}.__getitem__, values)


def _text(value: Any) -> str:
    """Return a cell in CSV."""
    if isinstance(value, float):
        return str(value + 0.0)  # -0.0, which equals 0.0 as a key, loses its sign
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    cell: str = safe_cell(value)
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if _QUOTED.search(cell) else cell


def _lines(lines: Iterable[str]) -> str:
    # Readers would skip an empty line.
    return "".join([f"{line or _EMPTY}\r\n" for line in lines])
