"""Find the session of a report by its time of publication and the weekday that it names."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from loader.market.sessions import Sessions, Span

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MIDDAY: Final = "13:00"  # sessions end after 12:30, so earlier reports are of the previous one


def session_of_report(published_at: str, sessions: Sessions) -> Span | None:
    """Return the first and last possible session of a report: that day or the previous one."""
    published = published_at[:10]
    on_day, eve = sessions.on_or_before(published), sessions.before(published)
    if on_day is None or eve is None:
        return None
    if on_day == eve:  # published on a day without a session
        return (eve, eve)
    if "T" not in published_at:
        return (eve, on_day)
    return (on_day, on_day) if published_at[11:16] >= _MIDDAY else (eve, eve)


def last_weekday(published: str, name: str) -> str:
    """Return the last day of that weekday up to the day of publication."""
    day = date.fromisoformat(published)
    return (day - timedelta(days=(day.weekday() - WEEKDAYS.index(name)) % 7)).isoformat()
