"""Look up the hours of the exchange, and other facts of `loader/market/facts`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Final, Literal

FRIDAY: Final = 4
LAG_MINUTES: Final = 15
"""Minutes after the opening or the close in which the site may still show earlier prices."""


@cache
def read_facts(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a packaged CSV file."""
    text = (resources.files(__package__) / "facts" / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def clock_time(day: str, kind: Literal["open", "close"]) -> str | None:
    """Return the time of the opening or the close in Karachi (`09:17`); None if unknown."""
    file = {"open": "opening_hours.csv", "close": "closing_hours.csv"}[kind]
    weekday = "friday" if date.fromisoformat(day).weekday() == FRIDAY else "mon_thu"
    for era in read_facts(file):
        if (era["from_date"] or day) <= day <= (era["to_date"] or day):
            return era[f"{weekday}_{kind}"] or None
    return None
