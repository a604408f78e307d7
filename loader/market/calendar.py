"""Make the list of sessions from the exchange's calendar, corrections and opening hours."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from importlib.util import find_spec

from loader.market.hours import LAG_MINUTES, clock_time, read_facts
from loader.market.lunar import windows
from loader.market.sessions import Session, utc

# For eras of unknown hours: earlier and later than any known opening.
_EARLIEST, _LATEST = "09:00", "10:45"
_SATURDAY = 5


def make_sessions(
    first_year: int, last_year: int, changes: Mapping[str, tuple[bool, str]]
) -> tuple[Session, ...]:
    """Return the sessions of whole years: XKAR with known errors corrected, then `changes`.

    `changes` are the user's: day -> (open, source). Sessions that may be holidays of the lunar
    calendar are marked as unconfirmed. `facts/xkar_closed.csv` has the holidays of some years;
    others come from exchange_calendars (extra `[calendar]`), and have no sessions without it.
    """
    packaged_first, packaged_last = packaged_years()
    is_packaged = packaged_first <= first_year and last_year <= packaged_last
    if not is_packaged and not has_library():
        first_year, last_year = max(first_year, packaged_first), min(last_year, packaged_last)
    corrected = {**_known_changes(), **changes}
    sources = dict.fromkeys(_xkar_days(first_year, last_year), "XKAR")
    for day, (is_open, source) in corrected.items():
        if not first_year <= int(day[:4]) <= last_year:
            continue
        if is_open:
            sources[day] = source
        else:
            sources.pop(day, None)
    unconfirmed = _unconfirmed(first_year, last_year, changes)
    return tuple(_session(day, sources[day], unconfirmed(day)) for day in sorted(sources))


def _session(day: str, source: str, unconfirmed: str | None) -> Session:
    opening = clock_time(day, "open")
    if opening is None:
        return Session(day, utc(day, _EARLIEST), utc(day, _LATEST), source, unconfirmed)
    return Session(day, utc(day, opening), utc(day, opening, LAG_MINUTES), source, unconfirmed)


def _unconfirmed(
    first_year: int, last_year: int, changes: Mapping[str, tuple[bool, str]]
) -> Callable[[str], str | None]:
    """Return a function that names the lunar holiday that may fall on a day, if unconfirmed.

    Days of `facts/confirmed_days.csv` are confirmed. All days on which a holiday may fall are
    confirmed if a user's file has one of them.
    """
    confirmed = [(row["date_from"], row["date_to"]) for row in read_facts("confirmed_days.csv")]
    unknown = [
        window
        for window in windows(first_year, last_year)
        if not any(window.contains(day) for day in changes)
    ]

    def holiday_name(day: str) -> str | None:
        if any(first <= day <= last for first, last in confirmed):
            return None
        return next((window.name for window in unknown if window.contains(day)), None)

    return holiday_name


def _known_changes() -> dict[str, tuple[bool, str]]:
    rows = read_facts("session_changes.csv")
    return {row["date"]: (row["open"] == "yes", row["source"]) for row in rows}


def has_library() -> bool:
    """Return whether exchange_calendars is installed, without importing it."""
    return find_spec("exchange_calendars") is not None


def packaged_years() -> tuple[int, int]:
    """Return the first and last year of the packaged list of holidays."""
    years = [int(row["closed"][:4]) for row in read_facts("xkar_closed.csv")]
    return min(years), max(years)


def _xkar_days(first_year: int, last_year: int) -> Iterable[str]:
    packaged_first, packaged_last = packaged_years()
    if packaged_first <= first_year and last_year <= packaged_last:
        closed = {row["closed"] for row in read_facts("xkar_closed.csv")}
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
    """Return the sessions of XKAR in exchange_calendars; importing pandas takes a second."""
    with warnings.catch_warnings():
        # The library's warnings about pandas, about which a user can do nothing.
        warnings.simplefilter("ignore")
        import exchange_calendars

        calendar = exchange_calendars.get_calendar(
            "XKAR", start=f"{first_year}-01-01", end=f"{last_year}-12-31"
        )
        return [str(day.date()) for day in calendar.sessions]
