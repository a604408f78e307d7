"""Explain why no board of an archive has a day, and what the user could add."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

_REASONS = (
    "select coalesce(reason, 'not dated yet'), count(*) from undated_boards"
    " group by 1 order by 2 desc, 1"
)
_HAS = {
    "day": "select exists (select 1 from boards where trading_day_id is not null)",
    "board": "select exists (select 1 from boards)",
    "time": "select exists (select 1 from snapshots"
    " where board_id is not null and length(captured_at) > 10)",
    "close": "select exists (select 1 from closes)",
}


class Undated(NamedTuple):
    """Counts of undated boards by reason, and remedies."""

    reasons: dict[str, int]
    remedies: list[str]


def read_undated(conn: sqlite3.Connection) -> Undated | None:
    """Return why no board has a day; None if one has, or if there are no boards."""
    has = {name: bool(conn.execute(sql).fetchone()[0]) for name, sql in _HAS.items()}
    if has["day"] or not has["board"]:
        return None
    remedies = []
    if not has["time"]:
        remedies.append(
            "the time of capture, if you know it to the minute: loader load PAGE --captured-at"
            " 2024-05-03T10:15:00Z, a column captured_at in JSON lines, or pages saved with the"
            " date line above their headline"
        )
    if not has["close"]:
        remedies.append("official closing values of an index: loader date --closes FILE.csv")
    remedies.append("more pages of the same days, with all their lines")
    return Undated(dict(conn.execute(_REASONS)), remedies)


def in_words(found: Undated) -> list[str]:
    """Return lines for a terminal."""
    counted = sum(found.reasons.values())
    return [
        f"No board has a day yet ({counted:,} without):",
        *(f"  {count:,}: {reason}" for reason, count in found.reasons.items()),
        "What would help:",
        *(f"  {remedy}" for remedy in found.remedies),
    ]
