"""Import files of a user: closes, and corrections of the calendar."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loader.archive.dating.closes import ImportCounts, import_closes
from loader.archive.dating.run import price_seen_in, read_groups
from loader.archive.dating.times import cover
from loader.market.closes import Close
from loader.market.closes_file import CloseRow, ClosesError
from loader.market.model import INDICES
from loader.market.sessions import Sessions
from loader.market.trust import judge


@dataclass(frozen=True, slots=True)
class ClosesReport:
    """Result of an import: counts, rows on days without a session, and verdict."""

    counts: ImportCounts
    no_sessions: tuple[str, ...]
    judged: str


def take_closes(
    conn: sqlite3.Connection, rows: Sequence[CloseRow], name: str, *, force: bool = False
) -> ClosesReport:
    """Import a file of closes, in the caller's transaction.

    Rows on days without a session are omitted. Raises ClosesError if most boards of the archive
    contradict the file, unless `force` is true.
    """
    sessions = cover(conn, (row.day for row in rows), reload=False)
    good = [row for row in rows if row.day in sessions.numbers]
    omitted = tuple(f"{row.symbol} {row.day}" for row in rows if row.day not in sessions.numbers)
    judged = _judge(conn, good, sessions, name, force=force)
    return ClosesReport(import_closes(conn, good, name), omitted, judged)


def _judge(
    conn: sqlite3.Connection,
    rows: Sequence[CloseRow],
    sessions: Sessions,
    name: str,
    *,
    force: bool,
) -> str:
    groups = read_groups(conn, sessions).values()
    words = []
    for index, symbol in enumerate(INDICES):
        closes = [
            Close(symbol, row.value, number, number, "close", name)
            for row in rows
            if row.symbol == symbol
            for number in (sessions.numbers[row.day],)
        ]
        if not closes:
            continue
        verdict = judge(symbol, index, closes, groups, price_seen_in(conn))
        how = "whose capture time it covers" if verdict.dated else "within its range of values"
        figures = f"{verdict.agree} of {verdict.asked} days of boards {how} agree with its {symbol}"
        if verdict.refuses and not force:
            raise ClosesError(
                name,
                f"is contradicted: only {figures}",
                "check that it is the right series, or use --force",
            )
        words.append(figures)
    return "; ".join(words)


def take_changes(conn: sqlite3.Connection, changes: Mapping[str, bool], name: str) -> int:
    """Record corrections of the calendar; return the number of new or changed ones."""
    before = conn.total_changes
    conn.executemany(
        """
        insert into session_overrides (date, is_open, source) values (?, ?, ?)
        on conflict (date) do update set is_open = excluded.is_open, source = excluded.source
        where is_open <> excluded.is_open
        """,
        [(day, int(is_open), name) for day, is_open in sorted(changes.items())],
    )
    return conn.total_changes - before
