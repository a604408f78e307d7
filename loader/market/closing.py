"""Decide whether a board was captured during its session or after its end."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from importlib import resources
from typing import Final

from loader.market.sessions import utc

_LAG_MINUTES: Final = 15  # after the close, in which the site may still show earlier prices
# For eras of unknown hours: earlier and later than any known close.
_EARLIEST, _LATEST = "12:30", "16:30"
_FRIDAY: Final = 4


class Seen(Enum):
    """Time of a board's last capture relative to the end of its session."""

    OVER = "after the close"
    RUNNING = "during the session"
    AROUND = "around the close"


def seen_when(day: str, last_captured_at: str | None) -> Seen | None:
    """Return whether the last capture of a board is after its day's close; None without a time.

    A board still shown after the close is the final one, whenever it was first seen.
    """
    if last_captured_at is None:
        return None
    if "T" not in last_captured_at:  # a UTC date, which begins at 05:00 in Karachi
        return Seen.OVER if last_captured_at > day else None
    earliest, latest = _closes(day)
    if last_captured_at >= utc(day, latest, _LAG_MINUTES):
        return Seen.OVER
    return Seen.RUNNING if last_captured_at < utc(day, earliest) else Seen.AROUND


def _closes(day: str) -> tuple[str, str]:
    """Return the earliest and latest clock time in Karachi at which the session may have ended."""
    is_friday = date.fromisoformat(day).weekday() == _FRIDAY
    era = _era(day)
    known = era["friday_close" if is_friday else "mon_thu_close"] if era else ""
    return (known, known) if known else (_EARLIEST, _LATEST)


@cache
def _eras() -> tuple[Mapping[str, str], ...]:
    file = resources.files(__package__) / "facts" / "closing_hours.csv"
    return tuple(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def _era(day: str) -> Mapping[str, str] | None:
    for era in _eras():
        if (era["from_date"] or day) <= day <= (era["to_date"] or day):
            return era
    return None
