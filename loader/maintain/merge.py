"""The union of archives: rows of one added to another by natural keys, with their provenance.

Commutative, associative and idempotent: the content (`loader.maintain.dump`) is that of one
load of all captures, whatever was merged into what. Rules: docs/design.md, "Rules that do
not depend on order".
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loader.archive.archive import Archive
from loader.archive.connection import address, archive_errors
from loader.archive.dating import date_all, date_new
from loader.archive.schema import read_sql, run_sql
from loader.archive.write.boards import forget_dating
from loader.archive.write.claims import settle
from loader.maintain.migrated_copy import at_present_schema

_NEW_COUNTS = """
select
    (select count(*) from temp.snapshot_map where is_new),
    (select count(*) from temp.snapshot_map where not is_new),
    (select count(*) from temp.board_map where is_new),
    (select count(*) from temp.article_map where is_new),
    (select count(*) from temp.problem_map)
"""
_BECOME_SHARES = """
select 1
from source.instruments as theirs
join main.instruments as ours on ours.symbol = theirs.symbol
where ours.name is null and theirs.kind > ours.kind
"""
_TO_SETTLE = """
select distinct article_map.new
from temp.snapshot_map
join source.snapshots as theirs on theirs.id = snapshot_map.old
join temp.article_map on article_map.old = theirs.article_id
where not article_map.is_new and (snapshot_map.is_new or snapshot_map.gets_raw)
"""
_CLOSES = """
insert into main.closes (symbol, date, close, source)
select symbol, date, close, source from source.closes where true
on conflict (symbol, date, close) do update set source = excluded.source
where excluded.source < source
"""
# Where two keepers say different things of one day: open, as the exchange's calendar is
# wrong more often about days it leaves out.
_SESSION_CHANGES = """
insert into main.session_changes (date, is_open, source)
select date, is_open, source from source.session_changes where true
on conflict (date) do update set is_open = excluded.is_open, source = excluded.source
where (not excluded.is_open, excluded.source) < (not is_open, source)
"""


@dataclass(frozen=True, slots=True)
class Merged:
    """What one source brought: new rows, and snapshots that were there already."""

    snapshots: int = 0
    duplicates: int = 0
    boards: int = 0
    articles: int = 0
    problems: int = 0


def merge_into(archive: Archive, source: Path, timeout: float) -> Merged:
    """Add what `source` holds to an open archive, in one transaction.

    A source that brings nothing new changes no byte. Raises ArchiveError when the source is
    missing, no archive, too new or locked for longer than `timeout` seconds; an older one is
    brought to the present schema in a copy.
    """
    if source.exists() and archive.path.exists() and source.samefile(archive.path):
        (count,) = archive.conn.execute("select count(*) from snapshots").fetchone()
        return Merged(duplicates=count)
    with at_present_schema(source, timeout) as ready, _attached(archive.conn, ready, source):
        with archive_errors(source):
            (has_news,) = archive.conn.execute(read_sql("merge_news.sql")).fetchone()
            (count,) = archive.conn.execute("select count(*) from source.snapshots").fetchone()
        if not has_news:
            return Merged(duplicates=count)
        archive.begin_writing()
        done: list[Merged] = []
        archive.in_transaction(lambda conn: done.append(_add_rows(conn)))
        return done[0]


def _add_rows(conn: sqlite3.Connection) -> Merged:
    try:
        # One select feeds the full-text index faster than a trigger a row (docs/design.md).
        conn.execute("drop trigger main.articles_fts_insert")
        if conn.execute(_BECOME_SHARES).fetchone():
            forget_dating(conn)
        run_sql(conn, "merge.sql")
        conn.execute(read_sql("fts_insert_trigger.sql"))
        settle(conn, [row[0] for row in conn.execute(_TO_SETTLE)], load_id=None)
        _take_what_users_brought(conn)
        return Merged(*conn.execute(_NEW_COUNTS).fetchone())
    finally:
        for (name,) in conn.execute(_TEMPORARY).fetchall():
            conn.execute(f"drop table temp.{name}")


_TEMPORARY = "select name from temp.sqlite_master where type = 'table'"


def _take_what_users_brought(conn: sqlite3.Connection) -> None:
    """Closes and corrections of the calendar, then the days that boards show, inferred again."""
    conn.execute(_CLOSES)
    new_closes = conn.execute("select changes()").fetchone()[0]
    conn.execute(_SESSION_CHANGES)
    new_calendar = conn.execute("select changes()").fetchone()[0] > 0
    # A text that had been left out may state closes.
    new_texts = conn.execute("select 1 from temp.snapshot_map where gets_raw").fetchone()
    if new_closes or new_calendar or new_texts:
        date_all(conn, new_calendar=new_calendar)
    else:
        date_new(conn)


@contextmanager
def _attached(conn: sqlite3.Connection, path: Path, named: Path) -> Iterator[None]:
    """The file as the database `source`, which no statement can change."""
    with archive_errors(named):
        conn.execute("attach database ? as source", (address(path, "ro"),))
    try:
        yield
    finally:
        conn.execute("detach database source")
