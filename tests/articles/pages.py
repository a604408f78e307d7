"""Captures of invented changing pages, in the form of a corpus."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from tests.articles.texts import BANK, BUDGET, COTTON, cut, straight, without_line

BYLINE: Final = "Recorder Report Published 05 Mar, 2024 01:23pm"
UPDATED: Final = f"{BYLINE} Updated 05 Mar, 2024 04:10pm"
EDITED: Final = COTTON.replace("12,400", "12,900")
FIRM: Final = "Cotton prices firm as mills buy early"
RISE: Final = "Cotton prices rise as mills buy early"
TARGET: Final = "Growth target cut again by ministry"


class Captured(NamedTuple):
    """A capture of the page with a number; `at` is its time."""

    number: int
    at: str
    headline: str
    body: str
    byline: str = BYLINE


# A page that was changed twice, with further captures that differ by noise; a page that lost a line
# in a corpus; a page with one text.
CHANGING: Final = (
    Captured(40300001, "2024-03-05T09:00:00Z", FIRM, COTTON),
    Captured(40300001, "2024-03-05T10:00:00Z", FIRM, straight(COTTON)),
    Captured(40300001, "2024-03-05T11:00:00Z", FIRM, EDITED),
    Captured(40300001, "2024-03-05T12:00:00Z", RISE, EDITED, UPDATED),
    Captured(40300001, "2024-03-06T12:00:00Z", RISE, cut(EDITED, 0.6), UPDATED),
    Captured(40300002, "2024-03-06T12:00:00Z", TARGET, BUDGET),
    Captured(40300002, "2024-03-06T15:00:00Z", TARGET, without_line(BUDGET, 2)),
    Captured(40300003, "2024-03-06T15:00:00Z", "Bank posts a higher profit for the quarter", BANK),
)


def write_pages(path: Path, captures: Iterable[Captured] = CHANGING) -> Path:
    """Write captures as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for each in captures:
            text = f"{each.headline}\n\n{each.byline}\n\n{each.body}\n\n"
            record = {
                "text": f"{text}Copyright Business Recorder, 2024\n",
                "url": f"https://www.brecorder.com/news/{each.number}/slug",
                "timestamp": each.at,
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path
