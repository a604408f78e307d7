"""Statistics for SQLite's planner after a load."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path


def test_planner_knows_how_many_quotes_an_instrument_has(
    sample_archive: Path, connect: Callable[[Path], sqlite3.Connection]
) -> None:
    conn = connect(sample_archive)
    (stat,) = conn.execute(
        "select stat from sqlite_stat1 where idx = 'quotes_instrument'"
    ).fetchone()
    quotes, instruments = conn.execute(
        "select count(*), count(distinct instrument_id) from quotes"
    ).fetchone()
    assert stat == f"{quotes} {quotes // instruments} 1"


def test_statistics_are_of_samples(
    sample_archive: Path, connect: Callable[[Path], sqlite3.Connection]
) -> None:
    """A table without an index of all rows would be counted, however large it is."""
    conn = connect(sample_archive)
    measured = {table for (table,) in conn.execute("select distinct tbl from sqlite_stat1")}
    assert {"articles", "boards", "pages", "quotes", "snapshots", "problems"} <= measured
    assert not measured & {"raw_captures", "articles_fts_data", "articles_fts_docsize"}


def test_history_in_order_of_time_reads_boards_first(
    sample_archive: Path, connect: Callable[[Path], sqlite3.Connection]
) -> None:
    plan = connect(sample_archive).execute(
        "explain query plan select * from quote_history order by first_captured_at desc limit 50"
    )
    steps = [row["detail"] for row in plan]
    assert steps[0] == "SCAN boards USING INDEX boards_time"
    assert not any("TEMP B-TREE" in step for step in steps)
