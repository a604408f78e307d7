"""Writing which instruments texts name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from loader.archive.ids import AMONG, json_list
from loader.rows.prepare import mention_rows
from loader.rows.records import MentionRow

# Only instruments of the loader's own list are ever mentioned, and those have rows.
_INSERT = """
insert into mentions (article_id, instrument_id, mention_count)
select ?, id, ? from instruments where symbol = ?
"""


def insert_mentions(
    conn: sqlite3.Connection, texts: Iterable[tuple[int, Iterable[MentionRow]]]
) -> None:
    """Add the mentions of articles, given by id, that have none yet."""
    conn.executemany(
        _INSERT,
        [
            (article_id, row.mention_count, row.symbol)
            for article_id, mentions in texts
            for row in mentions
        ],
    )


def write_mentions(conn: sqlite3.Connection, article_ids: Iterable[int]) -> None:
    """Look for mentions in the bodies of these articles, which have no row there yet."""
    bodies = conn.execute(
        f"select id, body from articles where id in {AMONG}", (json_list(article_ids),)
    )
    for article_id, body in bodies.fetchall():
        insert_mentions(conn, [(article_id, mention_rows(body))])
