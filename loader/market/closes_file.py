"""Read a file of closing values: CSV with the columns date and close, and optionally symbol.

Values become exact integers. An error in a file names the line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from loader.amounts import hundredths
from loader.errors import LoaderError

DEFAULT_SYMBOL = "KSE100"


class ClosesError(LoaderError):
    """Raised for an unusable file of closes; `subject` is the file."""


@dataclass(frozen=True, slots=True)
class CloseRow:
    """One closing value in hundredths; `line` is its line in the file."""

    symbol: str
    day: str
    value: int
    line: int


_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?.*)?")
_SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_VALUE = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.\d+)?")
_ADVICE = "write a CSV with the columns date (2024-05-03) and close (71902.09)"


def read_closes_file(text: str, name: str) -> list[CloseRow]:
    """Return the rows of a file of closes, sorted by symbol and day, each once.

    Dates are ISO, or have the day or the month first (`03/05/2024`) if other rows of the file show
    which. Thousands separators are allowed. Raises ClosesError for wrong columns, an unreadable
    date or value, and two values for one day.
    """
    with _csv_faults(name):
        rows = list(_table(text, name))
    day_first = _order_of_dates((row[1] for row in rows), name)
    found: dict[tuple[str, str], CloseRow] = {}
    for line, day_text, value_text, symbol in rows:
        row = CloseRow(
            symbol, _day(day_text, day_first, name, line), _value(value_text, name, line), line
        )
        first = found.setdefault((row.symbol, row.day), row)
        if first.value != row.value:
            raise ClosesError(
                name,
                f"has two closes of {row.symbol} for {row.day}, in lines {first.line} and {line}",
                "keep the right one",
            )
    if not found:
        raise ClosesError(name, "has no rows", _ADVICE)
    return [found[key] for key in sorted(found)]


@contextmanager
def _csv_faults(name: str) -> Iterator[None]:
    """Convert errors of the CSV reader (an unterminated field, a NUL) to ClosesError."""
    try:
        yield
    except csv.Error as error:
        raise ClosesError(name, f"is not a CSV file: {error}", _ADVICE) from error


def _table(text: str, name: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield (line, date, close, symbol) as text for rows with a close."""
    reader = csv.DictReader(text.lstrip("\ufeff").splitlines(), restkey="too many")
    columns = {(column or "").strip().lower(): column for column in reader.fieldnames or ()}
    if missing := [column for column in ("date", "close") if column not in columns]:
        have = ", ".join(map(repr, reader.fieldnames or ())) or "none"
        raise ClosesError(
            name, f"has no column {' and no column '.join(missing)} ({have})", _ADVICE
        )
    for row in reader:
        day, value = (str(row[columns[key]] or "").strip() for key in ("date", "close"))
        symbol = str(row[columns["symbol"]] or "").strip() if "symbol" in columns else ""
        if "too many" in row:
            raise ClosesError(
                name,
                f"line {reader.line_num} has more fields than the heading",
                "put values with thousands separators in quotes",
            )
        if day or value:
            yield reader.line_num, day, value, _symbol(symbol)


def _symbol(text: str) -> str:
    plain = text.upper().replace("-", "").replace(" ", "")
    return plain or DEFAULT_SYMBOL


def _order_of_dates(texts: Iterable[str], name: str) -> bool | None:
    """Whether dates such as 03/05/2024 have the day first; None if the file has no such dates."""
    pairs = [
        (int(match[1]), int(match[2])) for text in texts if (match := _SLASHED.fullmatch(text))
    ]
    if not pairs:
        return None
    day_first = any(first > 12 for first, _ in pairs)
    month_first = any(second > 12 for _, second in pairs)
    if day_first == month_first:
        raise ClosesError(name, "has dates in which day and month cannot be told apart", _ADVICE)
    return day_first


def _day(text: str, day_first: bool | None, name: str, line: int) -> str:
    if match := _ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := _SLASHED.fullmatch(text):
        first, second, year = map(int, match.groups())
        day, month = (first, second) if day_first else (second, first)
    else:
        raise ClosesError(name, f"line {line}: {text!r} is not a date", _ADVICE)
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise ClosesError(name, f"line {line}: no calendar has {text!r}", _ADVICE) from error


def _value(text: str, name: str, line: int) -> int:
    if not _VALUE.fullmatch(text):
        raise ClosesError(name, f"line {line}: {text!r} is not a closing value", _ADVICE)
    whole, _, decimals = text.replace(",", "").partition(".")
    # More than two decimals are floating-point noise of a spreadsheet: round half up.
    thousandths = int((decimals + "000")[:3])
    value = hundredths(whole) + (thousandths + 5) // 10
    if value <= 0:
        raise ClosesError(name, f"line {line}: {text!r} is not a closing value", _ADVICE)
    return value


def read_changes_file(text: str, name: str) -> dict[str, bool]:
    """Return the days that the file corrects, and whether each has a session.

    The CSV has a column `date`, and optionally `open` (yes or no; no by default).
    Raises ClosesError.
    """
    with _csv_faults(name):
        return _changes(text, name)


def _changes(text: str, name: str) -> dict[str, bool]:
    reader = csv.DictReader(text.lstrip("\ufeff").splitlines())
    columns: Sequence[str] = reader.fieldnames or ()
    advice = "write a CSV with the columns date and open (yes or no)"
    if "date" not in columns:
        raise ClosesError(name, "has no column date", advice)
    changes: dict[str, bool] = {}
    for row in reader:
        is_open = (row.get("open") or "no").strip().lower()
        if is_open not in ("yes", "no"):
            raise ClosesError(name, f"line {reader.line_num}: open is {is_open!r}", advice)
        day = _day((row["date"] or "").strip(), None, name, reader.line_num)
        if changes.setdefault(day, is_open == "yes") != (is_open == "yes"):
            raise ClosesError(name, f"says both open and closed of {day}", advice)
    return changes
