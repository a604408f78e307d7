"""Methods, caching, base_url, public settings, and malicious input."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from loader.errors import ArchiveError
from loader.maintain.migrated_copy import at_present_schema
from loader.web.plugin.settings import DESK, PUBLIC
from loader.web.server import make_datasette
from tests.archives import unpack
from tests.web.conftest import HOSTILE, Get, client_of

BAD = (
    "", " ", "\0", "'", '"', "<script>alert(1)</script>", "../../etc/passwd", "%00", "‮txet",
    "سوئی", "' or 1=1 --", "-1", "9" * 30, "null", "javascript:alert(1)", "a" * 5000, "😀" * 50,
    "2024-13-45", "2024-02-30", "0000-00-00", "9999-12-31", "OGDC;drop table boards", "{{7*7}}",
    "1e400", "nan", "\\", "a\r\nSet-Cookie: x=1", "[", "*", "%", "_", "٢٠٢٤-٠٥-٠٣", "²",
)  # fmt: skip


@pytest.mark.parametrize("value", BAD)
@pytest.mark.parametrize(
    "path",
    ("/symbol/{}", "/symbol/{}/boards.csv", "/day/{}", "/coverage/{}", "/raw/{}",
     "/chart/symbol/{}.svg", "/embed/symbol/{}", "/archive/articles/{}", "/archive/boards/{}",
     "/archive/snapshots/{}"),
)  # fmt: skip
def test_hostile_addresses_get_a_plain_page(get: Get, path: str, value: str) -> None:
    response = get(path.format(quote(value, safe="")))
    assert response.status_code in (200, 302, 400, 404)
    assert "Traceback" not in response.text
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("value", BAD)
@pytest.mark.parametrize(
    "path",
    (
        "/symbol/OGDC?range={}",
        "/symbol/OGDC?with={}",
        "/symbol/OGDC?from={}",
        "/chart/symbol/OGDC.svg?to={}",
        "/embed/symbol/OGDC?with=HBL&with={}",
        "/?x={}",
    ),
)
def test_hostile_parameters_get_a_plain_page(get: Get, path: str, value: str) -> None:
    response = get(path.format(quote(value, safe="")))
    assert response.status_code in (200, 400, 404)
    assert "Traceback" not in response.text
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("value", BAD)
@pytest.mark.parametrize(
    "name", ("q", "section", "agency", "place", "symbol", "from", "to", "sort", "page")
)
@pytest.mark.parametrize("other", ("", "q=oil&sort=date&"))
def test_search_answers_everything_with_a_page(get: Get, name: str, value: str, other: str) -> None:
    response = get(f"/search?{other}{name}={quote(value, safe='')}")
    assert response.status_code == 200
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("method", ("POST", "PUT", "DELETE", "PATCH"))
@pytest.mark.parametrize(
    "path", ("/", "/symbol/OGDC", "/search", "/raw/1", "/archive", "/archive/search_articles",
             "/archive/boards", "/-/openapi.json", "/nowhere"),
)  # fmt: skip
def test_methods_that_write_are_refused(get: Get, method: str, path: str) -> None:
    response = get(path, method=method)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ("/", "/symbol/OGDC", "/raw/1", "/archive/articles/1"))
def test_head_answers_like_get(get: Get, path: str) -> None:
    assert get(path, method="HEAD").status_code == 200


@pytest.mark.parametrize(
    "path",
    (
        "/",
        "/symbol/OGDC",
        "/search?q=oil",
        "/raw/1",
        "/archive/articles/1",
        "/archive/boards/1",
        "/archive/snapshots/1",
        "/archive/quotes.json",
        "/archive/quote_history.json?symbol=OGDC&_shape=array",
        "/archive/quotes.csv",
        "/archive/board_movers.csv",
        "/archive/market_days.json",
        "/archive/articles/1.json",
        "/symbol/OGDC/boards.csv",
    ),
)
def test_unchanged_page_is_not_sent_again(get: Get, path: str) -> None:
    tag = get(path).headers["etag"]
    response = get(path, headers={"If-None-Match": tag})
    assert response.status_code == 304
    assert response.content == b""
    assert get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    (
        "/archive.json?sql=select+random()",
        "/archive/quotes.json?_where=price>random()",
        "/archive/nothing.json",
    ),
)
def test_answers_that_may_change_by_themselves_have_no_tag(get: Get, path: str) -> None:
    assert "etag" not in get(path).headers


def test_data_are_sent_again_by_a_server_with_other_settings(sample_archive: Path) -> None:
    path = "/archive/quotes.json"
    tag = client_of(make_datasette(sample_archive))(path).headers["etag"]
    other = client_of(make_datasette(sample_archive, public=True))
    assert other(path, headers={"If-None-Match": tag}).status_code == 200


def test_page_is_made_again_when_the_archive_changes(sample_archive: Path, tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    shutil.copy(sample_archive, db)
    get = client_of(make_datasette(db))
    first = get("/")
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("pragma journal_mode = wal")
        conn.execute("update articles set headline = 'Changed meanwhile'")
    second = get("/", headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert "Changed meanwhile" in second.text


def test_links_keep_base_url(sample_archive: Path) -> None:
    get = client_of(make_datasette(sample_archive, base_url="/recorder/"))
    # The client puts base_url before each path itself.
    for path in ("/", "/symbol/OGDC", "/search?q=oil", "/archive/articles/1"):
        page = get(path).text
        targets = {
            part.split('"')[0]
            for mark in ('href="/', 'action="/', 'src="/')
            for part in page.split(mark)[1:]
        }
        assert targets
        assert all(target.startswith("recorder/") for target in targets), targets
    assert get("/symbol/BYCO").headers["location"].startswith("/recorder/symbol/CNERGY")


@pytest.mark.parametrize(
    "path",
    ("/", "/symbol/", "/symbol/OGDC", "/day/2024-05-03", "/archive/articles/1",
     "/archive/boards/1", "/archive/snapshots/1", "/search?q=sentence", "/archive/articles",
     "/archive/search_articles?q=sentence", "/archive/boards", "/archive"),
)  # fmt: skip
def test_markup_in_stored_texts_stays_text(hostile_get: Get, path: str) -> None:
    response = hostile_get(path)
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert 'href="javascript:' not in response.text
    assert "<b>XSS" not in response.text
    assert " 49 " not in response.text


def test_hostile_headline_is_shown_as_written(hostile_get: Get) -> None:
    page = hostile_get("/archive/articles/1").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert HOSTILE not in page


def test_public_server_takes_no_sql(public_get: Get, get: Get) -> None:
    sql = "/archive.json?sql=select+1&_shape=array"
    assert get(sql).json() == [{"1": 1}]
    assert public_get(sql).status_code == 403
    assert public_get("/archive/boards?_where=1=1").status_code == 403
    assert public_get("/archive/latest_board.json?_shape=array").status_code == 200
    assert public_get("/search?q=oil").status_code == 200


def test_settings_are_those_of_the_document() -> None:
    table = (Path(__file__).parent.parent.parent / "docs" / "serving.md").read_text()
    for name in {*DESK, *PUBLIC}:
        desk, public = (_written(settings[name]) for settings in (DESK, PUBLIC))
        assert f"| `{name}` | {desk} | {public} |" in table


def _written(value: Any) -> str:
    return (
        {True: "on", False: "off"}.get(value, f"{value}") if isinstance(value, bool) else str(value)
    )


def test_core_pages_carry_the_policy_too(get: Get) -> None:
    for path in ("/archive", "/archive/boards", "/archive/boards.json?_shape=array"):
        policy = get(path).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-eval" not in policy


def test_cross_origin_reading_is_allowed(get: Get) -> None:
    for path in ("/archive/latest_board.json?_shape=array", "/-/openapi.json", "/raw/1"):
        assert get(path).headers["access-control-allow-origin"] == "*"


def test_robots_are_kept_out_of_tables_and_pages_are_compressed(get: Get) -> None:
    assert get("/robots.txt").status_code == 200
    response = get("/", headers={"Accept-Encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"


def test_archive_of_an_older_loader_is_served_as_a_copy(tmp_path: Path) -> None:
    db = unpack("005_web", tmp_path / "archive.db")
    stored = db.read_bytes()
    with pytest.raises(ArchiveError, match="another schema"):
        make_datasette(db)
    with at_present_schema(db, timeout=1) as ready:
        get = client_of(make_datasette(ready))
        assert get("/symbol/OGDC").status_code == 200
        assert get("/archive/quotes.json?_shape=array").json()[0]["price_hundredths"]
    assert db.read_bytes() == stored
