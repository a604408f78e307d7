"""The session that a report means: named, or the last one before it was published."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from loader.market.sessions import Sessions, Span

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY: Final = re.compile(
    rf"\b(?:{'|'.join(_WEEKDAYS)})(?!['’]s (?:close|closing|level))\b", re.IGNORECASE
)
# Weekdays of what a value is compared with.
_COMPARISON: Final = re.compile(
    r"\b(?:compared?|against|versus|from|than|previous|last|since|until|next|coming)\b(?:[^,;.]"
    r"|[.,](?=\d)){0,80}",
    re.IGNORECASE,
)
_MIDDAY: Final = "13:00"  # no session ends before 12:30: what is published earlier is of the eve


def weekdays(text: str) -> set[str]:
    """Return the weekdays that a text names, but those that values are compared with."""
    return {name.lower() for name in _WEEKDAY.findall(_COMPARISON.sub(" ", text))}


def day_meant(sentence: str, lead: set[str], published_at: str, sessions: Sessions) -> Span | None:
    """Return the first and last session that a value of this sentence may be of.

    `lead` holds the weekdays of the report's first sentences. None where days contradict or the
    day named had no session.
    """
    named = weekdays(sentence) or lead
    published = published_at[:10]
    if len(named) == 1:
        day = _last(published, _WEEKDAYS.index(next(iter(named))))
        number = sessions.numbers.get(day)
        return None if number is None else (number, number)
    if named and weekdays(sentence):
        return None
    on_day, eve = sessions.on_or_before(published), sessions.before(published)
    if on_day is None or eve is None:
        return None
    if on_day == eve:  # published on a day without a session
        return (eve, eve)
    if "T" not in published_at:
        return (eve, on_day)
    return (on_day, on_day) if published_at[11:16] >= _MIDDAY else (eve, eve)


def _last(published: str, weekday: int) -> str:
    day = date.fromisoformat(published)
    return (day - timedelta(days=(day.weekday() - weekday) % 7)).isoformat()
