"""Predict the days on which holidays of the lunar calendar may fall.

The exact days are announced a few days before, when the moon is sighted. Calendars printed earlier
are wrong by a day or two, or lack the days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from loader.market.hours import FRIDAY

# The tabular Islamic calendar with civil epoch: day 1 of year 1, and the lengths of its years.
_EPOCH: Final = date(622, 7, 19).toordinal()
_YEAR_DAYS: Final = 354


class _Holiday(NamedTuple):
    """Days of a lunar month on which the exchange is closed, possibly only on Fridays."""

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
# In Pakistan the moon is sighted up to two days after the tabular date, and rarely a day before.
_EARLIER: Final = 1
_LATER: Final = 2


class Window(NamedTuple):
    """First and last day on which a lunar holiday may fall."""

    name: str
    first: str
    last: str
    only_fridays: bool

    def contains(self, day: str) -> bool:
        return self.first <= day <= self.last and (
            not self.only_fridays or date.fromisoformat(day).weekday() == FRIDAY
        )


def windows(first_year: int, last_year: int) -> Iterator[Window]:
    """Yield the windows of Gregorian years, in order of the lunar years."""
    start, end = _lunar_year(date(first_year, 1, 1)) - 1, _lunar_year(date(last_year, 12, 31)) + 1
    for year in range(start, end + 1):
        for holiday in _HOLIDAYS:
            first = _gregorian(year, holiday.month, holiday.first) - timedelta(days=_EARLIER)
            last = _gregorian(year, holiday.month, holiday.last) + timedelta(days=_LATER)
            if first.year <= last_year and last.year >= first_year:
                yield Window(
                    holiday.name, first.isoformat(), last.isoformat(), holiday.only_fridays
                )


def _gregorian(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a tabular one: 11 of 30 years are leap years of 355 days."""
    days = (year - 1) * _YEAR_DAYS + (3 + 11 * year) // 30 + (59 * (month - 1) + 1) // 2 + day - 1
    return date.fromordinal(_EPOCH + days)


def _lunar_year(day: date) -> int:
    """Return the approximate lunar year of a day."""
    return int((day.toordinal() - _EPOCH) / 354.36667) + 1
