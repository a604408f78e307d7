"""Decide whether a board was captured during its session or after its end."""

from __future__ import annotations

from enum import Enum

from loader.market.hours import LAG_MINUTES, clock_time
from loader.market.sessions import utc

# For eras of unknown hours: earlier and later than any known close.
_EARLIEST, _LATEST = "12:30", "16:30"


class Seen(Enum):
    """Time of a board's last capture relative to the end of its session."""

    OVER = "after the close"
    RUNNING = "during the session"
    AROUND = "around the close"


def seen_when(day: str, last_captured_at: str | None) -> Seen | None:
    """Return when a board was last captured, relative to its day's close; None without a time.

    A board still shown after the close is final, whenever it was first captured.
    """
    if last_captured_at is None:
        return None
    if "T" not in last_captured_at:  # a UTC date, which begins at 05:00 in Karachi
        return Seen.OVER if last_captured_at > day else None
    close = clock_time(day, "close")
    earliest, latest = (close, close) if close else (_EARLIEST, _LATEST)
    if last_captured_at >= utc(day, latest, LAG_MINUTES):
        return Seen.OVER
    return Seen.RUNNING if last_captured_at < utc(day, earliest) else Seen.AROUND
