"""Counts above Datasette's tables are capped, and `quality` is cached until a change."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from loader.web.data import archive_database
from loader.web.server import make_datasette
from tests.conftest import SAMPLES, Run
from tests.web.conftest import Get, client_of
from tests.web.test_pages import words


def test_a_filtered_page_tells_its_count(get: Get, ask: Any) -> None:
    rows = ask("select count(*) from quote_history where symbol = 'KSE100'")
    assert f"{rows} rows where symbol" in words(get("/archive/quote_history?symbol=KSE100").text)


@pytest.mark.parametrize(
    "path",
    [
        "/archive/quote_history?symbol=KSE100",
        "/archive/quote_history",
        "/archive/quotes?price__gt=1",
        "/archive/articles?_search=the",
    ],
)
def test_beyond_the_cap_the_page_says_that_it_does_not_count(
    get: Get, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    assert "be counted" not in words(get(path).text)
    monkeypatch.setattr(archive_database, "COUNT_CAP", 3)
    response = get(path)
    assert response.status_code == 200
    assert "too many to be counted" in words(response.text)
    address = path.replace("?", ".json?") if "?" in path else f"{path}.json"
    assert get(address).json()["filtered_table_rows_count"] is None


def test_a_whole_table_is_counted_to_its_end(
    get: Get, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_database, "COUNT_CAP", 3)
    assert f"{ask('select count(*) from quotes'):,} rows" in words(get("/archive/quotes").text)


def test_quality_tells_of_a_change_at_once(tmp_path: Path, run: Run) -> None:
    db = tmp_path / "archive.db"
    run("load", SAMPLES / "2018-no-board-published-month-name.txt", "--db", db)
    get = client_of(make_datasette(db))

    def problems() -> int:
        rows = get("/archive/quality.json?_shape=array").json()
        return next(row["value"] for row in rows if row["measure"] == "problems")

    before = problems()
    assert problems() == before
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute(
            "insert into problems (digest, kind, detail, source_id) values ('x', 'y', 'z', 1)"
        )
    assert problems() == before + 1
