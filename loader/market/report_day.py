"""The session that a report means by when it was published, and by the weekday that it names."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from loader.market.sessions import Sessions, Span

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MIDDAY: Final = "13:00"  # no session ends before 12:30: what is published earlier is of the eve


def session_of_report(published_at: str, sessions: Sessions) -> Span | None:
    """Return the first and last session that a report may be of: that day or the one before."""
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
    """Return the last day of that weekday, the day of publication included."""
    day = date.fromisoformat(published)
    return (day - timedelta(days=(day.weekday() - WEEKDAYS.index(name)) % 7)).isoformat()
