"""Make the list of sessions from the exchange's calendar, corrections and opening hours."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib import resources
from importlib.util import find_spec

from loader.market.lunar import windows
from loader.market.sessions import Session, utc

_LAG_MINUTES = 15  # after the opening, in which the site may still show the last session
# For eras of unknown hours: earlier and later than any known opening.
_EARLIEST, _LATEST = "09:00", "10:45"
_FRIDAY, _SATURDAY = 4, 5


def make_sessions(
    first_year: int, last_year: int, changes: Mapping[str, tuple[bool, str]]
) -> tuple[Session, ...]:
    """Return the sessions of whole years: XKAR with known errors corrected, then `changes`.

    Sessions that may be a holiday of the lunar calendar are marked as unconfirmed.

    `changes` are the user's: day -> (open, source). `facts/xkar_closed.csv` has the holidays of
    some years; others come from exchange_calendars, and have no sessions if that is not installed
    (extra `[calendar]`).
    """
    packaged_first, packaged_last = packaged_years()
    is_packaged = packaged_first <= first_year and last_year <= packaged_last
    if not is_packaged and not has_library():
        first_year, last_year = max(first_year, packaged_first), min(last_year, packaged_last)
    mended = {**_known_changes(), **changes}
    sources = dict.fromkeys(_xkar_days(first_year, last_year), "XKAR")
    for day, (is_open, source) in mended.items():
        if not first_year <= int(day[:4]) <= last_year:
            continue
        if is_open:
            sources[day] = source
        else:
            sources.pop(day, None)
    unconfirmed = _unconfirmed(first_year, last_year, changes)
    return tuple(_session(day, sources[day], unconfirmed(day)) for day in sorted(sources))


def _session(day: str, source: str, unconfirmed: str | None) -> Session:
    opening = _opening(day)
    if opening is None:
        return Session(day, utc(day, _EARLIEST), utc(day, _LATEST), source, unconfirmed)
    return Session(day, utc(day, opening), utc(day, opening, _LAG_MINUTES), source, unconfirmed)


def _unconfirmed(
    first_year: int, last_year: int, changes: Mapping[str, tuple[bool, str]]
) -> Callable[[str], str | None]:
    """Return a function that names the lunar holiday that may fall on a day, if unconfirmed.

    Days of `facts/confirmed_days.csv` are confirmed, and so are all days around a holiday if a
    user's file has one of them.
    """
    confirmed = [(row["date_from"], row["date_to"]) for row in _facts("confirmed_days.csv")]
    unknown = [
        window
        for window in windows(first_year, last_year)
        if not any(window.holds(day) for day in changes)
    ]

    def name(day: str) -> str | None:
        if any(first <= day <= last for first, last in confirmed):
            return None
        return next((window.name for window in unknown if window.holds(day)), None)

    return name


def _opening(day: str) -> str | None:
    """Return the clock time of the opening in Karachi, or None if the hours are unknown."""
    column = "friday_open" if date.fromisoformat(day).weekday() == _FRIDAY else "mon_thu_open"
    for era in _facts("opening_hours.csv"):
        if (era["from_date"] or day) <= day <= (era["to_date"] or day):
            return era[column] or None
    return None


def _known_changes() -> dict[str, tuple[bool, str]]:
    rows = _facts("session_changes.csv")
    return {row["date"]: (row["open"] == "yes", row["source"]) for row in rows}


@cache
def _facts(name: str) -> tuple[Mapping[str, str], ...]:
    text = (resources.files(__package__) / "facts" / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def has_library() -> bool:
    """Return whether exchange_calendars is installed, without importing it."""
    return find_spec("exchange_calendars") is not None


def packaged_years() -> tuple[int, int]:
    """Return the first and last year of the packaged list of holidays."""
    years = [int(row["closed"][:4]) for row in _facts("xkar_closed.csv")]
    return min(years), max(years)


def _xkar_days(first_year: int, last_year: int) -> Iterable[str]:
    packaged_first, packaged_last = packaged_years()
    if packaged_first <= first_year and last_year <= packaged_last:
        closed = {row["closed"] for row in _facts("xkar_closed.csv")}
        return [day for day in weekdays(first_year, last_year) if day not in closed]
    return library_days(first_year, last_year)


def weekdays(first_year: int, last_year: int) -> Iterator[str]:
    """Yield Mondays to Fridays of whole years, as `2024-05-03`."""
    day = date(first_year, 1, 1)
    while day.year <= last_year:
        if day.weekday() < _SATURDAY:
            yield day.isoformat()
        day += timedelta(days=1)


def library_days(first_year: int, last_year: int) -> list[str]:
    """Return the days of XKAR in exchange_calendars; importing pandas takes a second."""
    with warnings.catch_warnings():
        # From that library about pandas; users of this one cannot do anything about them.
        warnings.simplefilter("ignore")
        import exchange_calendars

        calendar = exchange_calendars.get_calendar(
            "XKAR", start=f"{first_year}-01-01", end=f"{last_year}-12-31"
        )
        return [str(day.date()) for day in calendar.sessions]
