"""Holidays that follow the moon: on which days they may fall, years ahead.

The days are announced when the moon is seen, some days before. Calendars printed earlier have
them by a day or two wrong, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

# The tabular calendar of Islam, civil epoch: its day 1 of year 1, and the lengths of its years.
_EPOCH: Final = date(622, 7, 19).toordinal()
_YEAR_DAYS: Final = 354
_FRIDAY: Final = 4


class _Holiday(NamedTuple):
    """Days of a month of the moon on which the exchange is closed, and with them weekdays."""

    name: str
    month: int
    first: int
    last: int
    only_fridays: bool = False


_HOLIDAYS: Final = (
    _Holiday("Ashura", 1, 9, 10),
    _Holiday("Eid Milad-un-Nabi", 3, 12, 12),
    _Holiday("Juma-tul-Wida", 9, 23, 30, only_fridays=True),
    _Holiday("Eid-ul-Fitr", 10, 0, 4),
    _Holiday("Eid-ul-Azha", 12, 9, 12),
)
# The moon is seen in Pakistan up to two days after the table has it, seldom a day before.
_EARLIER: Final = 1
_LATER: Final = 2


class Window(NamedTuple):
    """Days, first and last, among which a holiday by the moon falls."""

    name: str
    first: str
    last: str
    only_fridays: bool

    def holds(self, day: str) -> bool:
        return self.first <= day <= self.last and (
            not self.only_fridays or date.fromisoformat(day).weekday() == _FRIDAY
        )


def windows(first_year: int, last_year: int) -> Iterator[Window]:
    """Yield the windows of years of the common calendar, in order of the moon's years."""
    start, end = _moon_year(date(first_year, 1, 1)) - 1, _moon_year(date(last_year, 12, 31)) + 1
    for year in range(start, end + 1):
        for holiday in _HOLIDAYS:
            first = _common(year, holiday.month, holiday.first) - timedelta(days=_EARLIER)
            last = _common(year, holiday.month, holiday.last) + timedelta(days=_LATER)
            if first.year <= last_year and last.year >= first_year:
                yield Window(
                    holiday.name, first.isoformat(), last.isoformat(), holiday.only_fridays
                )


def _common(year: int, month: int, day: int) -> date:
    """Return a day of the tabular calendar: eleven leap years of 355 days in thirty."""
    days = (year - 1) * _YEAR_DAYS + (3 + 11 * year) // 30 + (59 * (month - 1) + 1) // 2 + day - 1
    return date.fromordinal(_EPOCH + days)


def _moon_year(day: date) -> int:
    """Return about the year of the moon."""
    return int((day.toordinal() - _EPOCH) / 354.36667) + 1
