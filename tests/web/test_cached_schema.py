"""Tables and columns are queried once, and again after the file has changed."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from loader.web.data.served_file import ServedFile
from loader.web.server import make_datasette
from tests.web.conftest import Get, client_of


@pytest.fixture
def db(sample_archive: Path, tmp_path: Path) -> Path:
    shutil.copy(sample_archive, tmp_path / "archive.db")
    return tmp_path / "archive.db"


@pytest.fixture
def live_get(db: Path) -> Get:
    return client_of(make_datasette(db))


def _run(db: Path, *statements: str) -> None:
    with closing(sqlite3.connect(db)) as conn, conn:
        for statement in statements:
            conn.execute(statement)


def _tables(get: Get) -> set[str]:
    return {table["name"] for table in get("/archive.json").json()["tables"]}


def _count(get: Get, path: str) -> int:
    count: int = get(path).json()["filtered_table_rows_count"]
    return count


def test_a_table_its_rows_and_its_columns_show_at_once(db: Path, live_get: Get) -> None:
    assert "notes" not in _tables(live_get)
    _run(db, "create table notes (id integer primary key, note text)")
    assert "notes" in _tables(live_get)
    assert _count(live_get, "/archive/notes.json") == 0
    _run(db, "insert into notes (note) values ('one'), ('two')")
    assert _count(live_get, "/archive/notes.json") == 2
    _run(db, "alter table notes add column by text", "insert into notes (note) values ('three')")
    assert live_get("/archive/notes.json").json()["columns"] == ["id", "note", "by"]
    assert _count(live_get, "/archive/notes.json?note=three") == 1
    assert _count(live_get, "/archive/notes.json") == 3
    _run(db, "drop table notes")
    assert live_get("/archive/notes").status_code == 404


@pytest.mark.parametrize("path", ["/archive", "/archive/boards", "/archive/quote_history"])
def test_a_page_does_not_ask_for_the_schema_again(
    live_get: Get, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = ServedFile.execute_fn

    async def counted(self: ServedFile, function: Callable[[sqlite3.Connection], Any]) -> Any:
        asked.append(getattr(function, "__qualname__", ""))
        return await ask(self, function)

    def page() -> str:
        # A busy server gives up counting.
        return re.sub(r"Queries took [0-9.]+ms|(Many|[0-9,]+) rows", "", live_get(path).text)

    first = page()
    monkeypatch.setattr(ServedFile, "execute_fn", counted)
    assert page() == first
    # Instead of 360 for the page of the database; a count that takes too long is tried again.
    assert 0 < len(asked) < (60 if path == "/archive" else 12)


def test_what_a_page_does_with_its_columns_changes_no_other(live_get: Get) -> None:
    paths = ("/archive.json", "/archive/boards.json", "/archive/quotes.json?_labels=on")
    first = [live_get(path).json() for path in (*paths, "/archive/quotes.json?_col=price")][:3]
    again = [live_get(path).json() for path in paths]
    for each in (*first, *again):
        each.pop("query_ms", None)
        for table in each.get("tables", ()):
            table.pop("count")  # unknown if it takes over 5 ms
    assert first == again
