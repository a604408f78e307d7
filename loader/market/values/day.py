"""Find the session of a value: the named one, or else that of the report."""

from __future__ import annotations

import re
from typing import Final

from loader.market.report_day import WEEKDAYS, last_weekday, session_of_report
from loader.market.sessions import Sessions, Span

_WEEKDAY: Final = re.compile(
    rf"\b(?:{'|'.join(WEEKDAYS)})(?!['’]s (?:close|closing|level))\b", re.IGNORECASE
)
# Weekdays of values used for comparison.
_COMPARISON: Final = re.compile(
    r"\b(?:compared?|against|versus|from|than|previous|last|since|until|next|coming)\b(?:[^,;.]"
    r"|[.,](?=\d)){0,80}",
    re.IGNORECASE,
)


def weekdays(text: str) -> set[str]:
    """Return the weekdays named in a text, except those of values used for comparison."""
    return {name.lower() for name in _WEEKDAY.findall(_COMPARISON.sub(" ", text))}


def day_meant(sentence: str, lead: set[str], published_at: str, sessions: Sessions) -> Span | None:
    """Return the first and last possible session of a value in this sentence.

    `lead` has the weekdays in the first sentences of the report. None if the days contradict each
    other or the named day had no session.
    """
    named = weekdays(sentence) or lead
    if len(named) == 1:
        day = last_weekday(published_at[:10], next(iter(named)))
        number = sessions.numbers.get(day)
        return None if number is None else (number, number)
    if named and weekdays(sentence):
        return None
    return session_of_report(published_at, sessions)
