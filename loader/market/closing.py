"""Whether a board was seen while its session ran or after it was over."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from importlib import resources
from typing import Final

from loader.market.sessions import utc

_LAG_MINUTES: Final = 15  # how long after the close the site may still show an earlier figure
# Where the hours of an era are not known: earlier than any close found, later than any.
_EARLIEST, _LATEST = "12:30", "16:30"
_FRIDAY: Final = 4


class Seen(Enum):
    """When a board was seen last, against the end of the session that it shows."""

    OVER = "after the close"
    RUNNING = "during the session"
    AROUND = "around the close"


def seen_when(day: str, last_captured_at: str | None) -> Seen | None:
    """Return how the last capture of a board lies to the close of its day; None without a time.

    A board that is still shown after the close is that of the close, whenever it was first seen.
    """
    if last_captured_at is None:
        return None
    if "T" not in last_captured_at:  # a date of UTC, whose first hours are still that day's night
        return Seen.OVER if last_captured_at > day else None
    earliest, latest = _closes(day)
    if last_captured_at >= utc(day, latest, _LAG_MINUTES):
        return Seen.OVER
    return Seen.RUNNING if last_captured_at < utc(day, earliest) else Seen.AROUND


def _closes(day: str) -> tuple[str, str]:
    """The earliest and the latest clock time in Karachi at which the session may have ended."""
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
