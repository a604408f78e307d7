"""Write `loader/market/facts/xkar_closed.csv`: the weekdays on which XKAR has no session.

    python -m tests.make_closed_days

Loads read this list, since its source exchange_calendars imports pandas, which takes longer than
dating a day's captures. `tests/market/test_sessions.py` compares both.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from loader.market.calendar import library_days, weekdays

FIRST_YEAR, LAST_YEAR = 2000, 2026
PATH = Path(__file__).parent.parent / "loader/market/facts/xkar_closed.csv"


def closed_days() -> Iterator[str]:
    """Yield the weekdays without a session, in order."""
    sessions = set(library_days(FIRST_YEAR, LAST_YEAR))
    return (day for day in weekdays(FIRST_YEAR, LAST_YEAR) if day not in sessions)


def text() -> str:
    return "\n".join(["closed", *closed_days()]) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
