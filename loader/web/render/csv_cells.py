"""CSV that a spreadsheet opens without running any of it as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

# The first characters by which spreadsheets know a formula (OWASP, CSV injection).
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?", re.IGNORECASE)
_SUSPECT = re.compile(r'(^|[,"\n])[=+\-@\t\r]')


def safe_cell(value: Any) -> Any:
    """Return a cell, with an apostrophe before text that would be a formula; numbers stay.

    >>> [safe_cell(value) for value in ("=1+1", "-0.5", -0.5, "- a point", "plain", None)]
    ["'=1+1", '-0.5', -0.5, "'- a point", 'plain', None]
    """
    if isinstance(value, str) and value.startswith(_STARTS) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def as_csv(rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as CSV with safe cells."""
    text = io.StringIO()
    csv.writer(text).writerows([safe_cell(value) for value in row] for row in rows)
    return text.getvalue()


def safe_records(text: str) -> str:
    """Return whole records of CSV with safe cells."""
    if not _SUSPECT.search(text):
        return text
    return as_csv(csv.reader(io.StringIO(text, newline="")))
