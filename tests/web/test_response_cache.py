"""A public server caches responses: the same for all, made once, and not out of date."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.database import Database

from loader.web import server
from loader.web.data.served_file import ServedFile
from loader.web.plugin import response_cache
from loader.web.server import make_datasette
from tests.web.conftest import Get, client_of

PAGE = "/symbol/OGDC"


@pytest.fixture
def db(sample_archive: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sample_archive, tmp_path / "archive.db"))


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Yield a list that grows by one for each query of any server."""
    asked: list[str] = []
    execute = ServedFile.execute_fn

    async def count(file: ServedFile, function: Any) -> Any:
        asked.append(file.name)
        return await execute(file, function)

    monkeypatch.setattr(ServedFile, "execute_fn", count)
    assert issubclass(ServedFile, Database)
    yield asked


def _rename(db: Path, name: str) -> None:
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("update instruments set name = ? where symbol = 'OGDC'", (name,))


def _public(db: Path, seconds: float, monkeypatch: pytest.MonkeyPatch) -> Get:
    """Return a client of a public server whose responses may be out of date for some seconds."""
    monkeypatch.setattr(server, "PUBLIC", {**server.PUBLIC, "default_cache_ttl": seconds})
    return client_of(make_datasette(db, public=True))


@pytest.mark.parametrize("path", [PAGE, "/", "/archive/quotes", "/archive/quotes.json?_size=5"])
def test_second_visitor_gets_the_answer_of_the_first(
    db: Path, queries: list[str], path: str
) -> None:
    get = client_of(make_datasette(db, public=True))
    first = get(path)
    assert first.status_code == 200
    asked = len(queries)
    second = get(path)
    assert len(queries) == asked
    assert (second.text, second.headers) == (first.text, first.headers)
    assert second.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("headers", "path"),
    [
        ({"Cookie": "ds_actor=x"}, PAGE),
        ({"Authorization": "Bearer x"}, PAGE),
        ({}, "/symbol/NOPE"),
        ({}, "/archive/quotes.csv"),
    ],
)
def test_visitor_with_a_name_no_page_and_streams_are_answered_anew(
    db: Path, queries: list[str], headers: dict[str, str], path: str
) -> None:
    get = client_of(make_datasette(db, public=True))
    get(path, headers=headers)
    asked = len(queries)
    get(path, headers=headers)
    assert len(queries) > asked


def test_answers_differ_by_host_kind_and_compression(db: Path) -> None:
    get = client_of(make_datasette(db, public=True))
    page = "/archive/quotes.json?_size=5"
    for host in ("one.example", "two.example"):
        assert f"http://{host}/" in get(page, headers={"Host": host}).json()["next_url"]
    plain = get("/", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert get("/", headers={"Accept-Encoding": "gzip"}).text == plain.text
    assert get("/", method="HEAD").text == ""


def test_change_shows_when_the_seconds_of_a_proxy_are_over(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = _public(db, 60, monkeypatch)
    before = get(PAGE).text
    _rename(db, "A Company of Another Name")
    assert get(PAGE).text == before
    get = _public(db, 0, monkeypatch)
    get(PAGE)
    _rename(db, "A Third Name")
    assert "A Third Name" in get(PAGE).text


def test_answer_is_made_anew_after_these_seconds_though_nothing_changed(
    db: Path, queries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was made in a crowd may lack a facet that ran out of time."""
    get = _public(db, 0, monkeypatch)
    get(PAGE)
    asked = len(queries)
    get(PAGE)
    assert len(queries) > asked


def test_change_shows_at_once_at_a_desk(db: Path) -> None:
    get = client_of(make_datasette(db))
    get(PAGE)
    _rename(db, "A Company of Another Name")
    assert "A Company of Another Name" in get(PAGE).text


def test_older_answer_does_not_carry_the_tag_of_the_newer(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = _public(db, 60, monkeypatch)
    data = "/archive/instruments.json?symbol=OGDC"
    first = get(data)
    _rename(db, "A Company of Another Name")
    assert get(data).text == first.text
    assert get(data).headers.get("etag") in (None, first.headers["etag"])
    newer = get(data, headers={"If-None-Match": first.headers["etag"]})
    assert "A Company of Another Name" in newer.text


def test_who_asks_meanwhile_waits_for_the_one_that_is_made(db: Path, queries: list[str]) -> None:
    datasette = make_datasette(db, public=True)

    async def ask(count: int) -> list[httpx.Response]:
        return await asyncio.gather(*(datasette.client.get(PAGE) for _ in range(count)))

    asyncio.run(ask(1))
    alone = len(queries)
    datasette = make_datasette(db, public=True)
    queries.clear()
    found = asyncio.run(ask(20))
    assert {answer.status_code for answer in found} == {200}
    assert len({answer.text for answer in found}) == 1
    assert len(queries) <= alone


def test_memory_of_answers_is_bounded(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "MOST_BYTES", 100_000)
    kept: list[response_cache.ResponseCache] = []
    make = response_cache.ResponseCache.__init__

    def note(self: response_cache.ResponseCache, seconds: float) -> None:
        kept.append(self)
        make(self, seconds)

    monkeypatch.setattr(response_cache.ResponseCache, "__init__", note)
    get = client_of(make_datasette(db, public=True))
    for number in range(1, 31):
        assert get(f"/archive/quotes.json?_size={number}").status_code == 200
    bodies = [answer.body for each in kept for answer in each._cached.values()]
    assert 0 < sum(map(len, bodies)) <= 100_000
