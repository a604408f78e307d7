"""No table is forgotten by what copies, compares or rebuilds an archive."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

from loader.archive.dump import dump
from loader.archive.schema import read_sql
from loader.archive.tables import TABLES, Travels

Connect = Callable[[Path], sqlite3.Connection]
_ARE = {kind: {name for name, travels in TABLES.items() if travels is kind} for kind in Travels}


def test_every_table_is_known(sample_archive: Path, connect: Connect) -> None:
    stored = {
        row[0]
        for row in connect(sample_archive).execute(
            "select name from sqlite_master where type = 'table'"
        )
        if not row[0].startswith(("sqlite_stat", "articles_fts_"))
    }
    assert stored == set(TABLES)


def test_merge_writes_every_table_of_captures() -> None:
    written = set(re.findall(r"insert (?:or ignore )?into main\.(\w+)", read_sql("merge.sql")))
    assert written == _ARE[Travels.CAPTURES] | {"articles_fts"}


def test_dump_shows_every_table_that_is_content(sample_archive: Path, connect: Connect) -> None:
    """Loads, dictionaries and the state of dating say how the file came about."""
    conn = connect(sample_archive)
    conn.row_factory = None
    shown = set(dump(conn))
    content = _ARE[Travels.CAPTURES] | _ARE[Travels.BROUGHT] | _ARE[Travels.INFERRED]
    assert shown == content - {"loads", "raw_dictionaries", "tags", "articles_fts", "dating_state"}


def test_dating_can_forget_every_table_that_it_fills() -> None:
    forgotten = set(re.findall(r"delete from (\w+)", read_sql("forget_dating.sql")))
    assert forgotten == _ARE[Travels.INFERRED] - {"articles_fts"}
