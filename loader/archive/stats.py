"""Compute figures about the content of an archive."""

from __future__ import annotations

import sqlite3
from typing import Any

from loader.archive.undated import read_undated

_COUNTED = (
    "snapshots", "boards", "quotes", "articles", "pages", "instruments", "trading_days",
    "teasers", "text_links", "tags", "sources", "loads", "problems",
)  # fmt: skip
_SPANS = {
    "captured_at": "select min(captured_at), max(captured_at) from snapshots",
    "masthead_date": "select min(masthead_date), max(masthead_date) from snapshots",
    "published_at": "select min(published_at), max(published_at) from articles",
    "trading_day": "select min(date), max(date) from trading_days",
}
_PROBLEMS = "select kind, count(*) from problems group by kind order by count(*) desc, kind"
_SIZES = "select name, sum(pgsize) from dbstat group by name order by sum(pgsize) desc, name"
_SIZE = "select page_count * page_size from pragma_page_count, pragma_page_size"


def read_stats(conn: sqlite3.Connection) -> dict[str, Any]:
    """Return row counts, spans of dates, reasons for undated boards, problems, sizes in bytes.

    `undated` is None if a board has a day, `sizes` if Python's SQLite was built without dbstat.
    """
    undated = read_undated(conn)
    return {
        "counts": {
            table: conn.execute(f"select count(*) from {table}").fetchone()[0] for table in _COUNTED
        },
        "spans": {name: list(conn.execute(sql).fetchone()) for name, sql in _SPANS.items()},
        "undated": undated._asdict() if undated else None,
        "problems": dict(conn.execute(_PROBLEMS)),
        "size": database_size(conn),
        "sizes": _sizes(conn),
    }


def database_size(conn: sqlite3.Connection) -> int:
    """Return the size of a database in bytes."""
    return int(conn.execute(_SIZE).fetchone()[0])


def _sizes(conn: sqlite3.Connection) -> dict[str, int] | None:
    try:
        rows = conn.execute(_SIZES).fetchall()
    except sqlite3.OperationalError:
        return None
    owners = dict(conn.execute("select name, tbl_name from sqlite_master where type = 'index'"))
    sizes: dict[str, int] = {}
    for name, size in rows:
        table = owners.get(name, name)
        if table.startswith("articles_fts"):
            table = "articles_fts"
        sizes[table] = sizes.get(table, 0) + size
    return dict(sorted(sizes.items(), key=lambda item: (-item[1], item[0])))
