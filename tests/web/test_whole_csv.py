"""CSV of tables, views and queries is complete and consistent, and ends with its client."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette

from loader.web.data.served_file import ServedFile
from loader.web.data.whole import batches
from loader.web.pages import core_csv
from loader.web.server import make_datasette
from tests.web.conftest import Get, client_of, serving

MANY = (
    "with recursive counted(n) as (select 1 union all select n + 1 from counted"
    " where n < {rows}) select n, 'text' as text from counted"
)


def _rows(response: httpx.Response) -> list[list[str]]:
    assert response.status_code == 200, response.text
    return list(csv.reader(io.StringIO(response.text, newline="")))


@pytest.mark.parametrize("options", ["", "?_size=max", "?_stream=on", "?_stream=1&_size=max"])
@pytest.mark.parametrize("table", ["quotes", "quote_history", "daily_prices", "mentions"])
def test_tables_and_views_come_whole(get: Get, ask: Any, table: str, options: str) -> None:
    rows = _rows(get(f"/archive/{table}.csv{options}"))
    assert len(rows) - 1 == ask(f"select count(*) from {table}") > 50
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize(
    ("address", "sql"),
    [
        ("quotes.csv?price__gt=100&_sort=percent", "quotes where price > 100"),
        ("quote_history.csv?symbol=OGDC", "quote_history where symbol = 'OGDC'"),
        ("articles.csv?_search=cotton", "articles_fts where articles_fts match 'cotton'"),
        ("boards.csv?_where=quote_count>30", "boards where quote_count > 30"),
    ],
)
def test_selections_come_whole(get: Get, ask: Any, address: str, sql: str) -> None:
    assert len(_rows(get(f"/archive/{address}"))) - 1 == ask(f"select count(*) from {sql}") > 5


def test_order_columns_and_head_are_those_asked_for(get: Get, ask: Any) -> None:
    rows = _rows(get("/archive/quotes.csv?_sort_desc=price&_col=price&_header=off"))
    prices = [float(row[-1]) for row in rows]
    assert prices == sorted(prices, reverse=True)
    assert len(prices) == ask("select count(*) from quotes")


def test_labels_stand_beside_numbers(get: Get, ask: Any) -> None:
    head, *rows = _rows(get("/archive/quotes.csv?_labels=on"))
    named = [dict(zip(head, row, strict=True)) for row in rows]
    assert len(named) == ask("select count(*) from quotes")
    for row in (named[0], named[1500], named[-1]):
        symbol = ask("select symbol from instruments where id = ?", row["instrument_id"])
        assert row["instrument_id_label"] == symbol


def test_bytes_are_addresses_that_give_them(get: Get, ask: Any) -> None:
    head, *rows = _rows(get("/archive/raw_captures.csv"))
    assert len(rows) == ask("select count(*) from raw_captures") > 50
    last = dict(zip(head, rows[-1], strict=True))
    data = ask("select data from raw_captures where snapshot_id = ?", last["snapshot_id"])
    assert get(last["data"].removeprefix("http://localhost")).content == data


def test_a_page_is_what_asks_for_one(get: Get) -> None:
    assert len(_rows(get("/archive/quotes.csv?_size=7"))) == 8
    after = get("/archive/quotes.json?_size=7").json()["next"]
    assert len(_rows(get(f"/archive/quotes.csv?_size=7&_next={after}"))) == 8


def test_queries_come_whole(get: Get) -> None:
    rows = _rows(get("/archive.csv", params={"sql": MANY.format(rows=12_345)}))
    assert len(rows) == 12_346
    assert rows[-1] == ["12345", "text"]
    named = MANY.format(rows="cast(:rows as integer)")  # values in URLs are text
    rows = _rows(get("/archive.csv", params={"sql": named, "rows": "6000"}))
    assert len(rows) == 6_001


def test_limit_of_a_public_server_breaks_the_transfer_off(sample_archive: Path) -> None:
    datasette = make_datasette(sample_archive)
    datasette._settings["max_csv_mb"] = 1
    with serving(datasette) as address:
        whole = httpx.get(f"{address}/archive/quotes.csv", timeout=60)
        assert whole.status_code == 200
        params = {"sql": MANY.format(rows=300_000)}
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{address}/archive.csv", params=params, timeout=60)


def _many_quotes(sample_archive: Path, path: Path) -> Datasette:
    shutil.copy(sample_archive, path)
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("create table many as " + MANY.format(rows=60_000))
    return make_datasette(path)


def test_stream_ends_when_its_client_leaves(sample_archive: Path, tmp_path: Path) -> None:
    datasette = _many_quotes(sample_archive, tmp_path / "archive.db")
    datasette.executor = ThreadPoolExecutor(1)  # keeps its connection
    database = datasette.databases["archive"]
    with serving(datasette) as address:
        assert httpx.get(f"{address}/archive/many.csv?_size=2", timeout=60).status_code == 200
        before = len(database._all_file_connections)
        with httpx.stream("GET", f"{address}/archive/many.csv", timeout=60) as response:
            next(response.iter_bytes())
        ended = threading.Event()
        for _ in range(200):
            if len(database._all_file_connections) <= before:
                break
            ended.wait(0.05)
        assert len(database._all_file_connections) <= before
        rest = httpx.get(f"{address}/archive/many.csv?n__gt=59990", timeout=60)
        assert len(_rows(rest)) == 11


def test_stream_is_one_reading(sample_archive: Path, tmp_path: Path) -> None:
    """A row written during the stream is on none of its pages."""
    path = tmp_path / "archive.db"
    get = client_of(_many_quotes(sample_archive, path))
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("pragma journal_mode = wal")
    rows = _rows(get("/archive/many.csv?_sort=n"))
    assert [int(row[-2]) for row in rows[1:]] == list(range(1, 60_001))


def test_file_that_is_locked_when_a_stream_begins_is_a_503(
    sample_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = Path(shutil.copy(sample_archive, tmp_path / "archive.db"))
    get = client_of(make_datasette(db))
    with closing(sqlite3.connect(db, check_same_thread=False)) as writer:

        def locked(datasette: Any, name: str, *query: Any) -> Any:
            """Lock the file like a load, after the first page was read."""
            writer.execute("begin exclusive")
            return batches(datasette, name, *query)

        connect = ServedFile.connect

        def connect_impatiently(file: ServedFile, write: bool = False) -> sqlite3.Connection:
            conn = connect(file, write)
            conn.execute("pragma busy_timeout = 0")
            return conn

        monkeypatch.setattr(ServedFile, "connect", connect_impatiently)
        monkeypatch.setattr(core_csv, "batches", locked)
        answer = get("/archive/quotes.csv?_stream=on")
        assert answer.status_code == 503, answer.text
        assert "Retry-After" in answer.headers
        writer.rollback()
    monkeypatch.undo()
    assert get("/archive/quotes.csv?_stream=on").status_code == 200
