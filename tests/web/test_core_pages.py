"""Datasette's own pages have labelled fields, ordered headings, and rows before columns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loader.web.render.core_pages import accessible
from loader.web.server import make_datasette
from tests.conftest import Run
from tests.web.conftest import Get, client_of

PAGES = (
    "/archive", "/archive/boards", "/archive/quote_history", "/archive/instruments/1",
    "/archive/articles?section=Markets&_facet=section&_where=id>0&_search=oil",
    "/archive/boards?id=0", "/archive/search_articles?q=oil", "/archive?sql=select+:a&a=1",
)  # fmt: skip


def levels(page: str) -> list[int]:
    return [int(level) for level in re.findall(r"<h([1-6])\b", page)]


@pytest.mark.parametrize("path", PAGES)
def test_no_level_of_heading_is_left_out(get: Get, path: str) -> None:
    assert get(path).status_code == 200
    page = get(path).text
    found = levels(page)
    assert found.count(1) == 1
    assert all(after <= before + 1 for before, after in zip([0, *found[:-1]], found, strict=True))
    assert found == [int(level) for level in re.findall(r"</h([1-6])>", page)]


@pytest.mark.parametrize("path", PAGES)
def test_each_field_has_a_name(get: Get, path: str) -> None:
    page = get(path).text
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    for field in re.findall(r"<(?:select|textarea|input)\b[^>]*>", page):
        name = re.search(r' id="([^"]+)"', field)
        told = "aria-label=" in field or re.search('type="(hidden|submit|checkbox)"', field)
        assert told or (name and name[1] in labelled), field


def test_filters_are_told_apart(get: Get) -> None:
    page = get("/archive/articles?section=Markets&agency=APP").text
    for name in ("Column of filter 1", "Comparison of filter 2", "Value of a new filter"):
        assert page.count(f'aria-label="{name}"') == 1


@pytest.mark.parametrize("path", ["quote_history", "boards", "boards?id=0", "daily_prices"])
def test_rows_come_before_the_list_of_columns(get: Get, path: str) -> None:
    page = get(f"/archive/{path}").text
    rows = min(
        page.find(mark) % len(page) for mark in ('<div class="table-wrapper', "zero-results")
    )
    assert rows < page.index('<h2 id="columns">') < page.index('<dl class="column-descriptions">')
    assert page.count("column-descriptions") == 1
    assert page.index('href="#columns"') < rows


@pytest.mark.parametrize(
    "path", ["boards", "quote_history", "instruments/1", "search_articles?q=oil"]
)
def test_data_are_offered_in_plain_words(get: Get, path: str) -> None:
    page = get(f"/archive/{path}").text
    assert ">JSON for programs</a>" in page
    assert path == "instruments/1" or ">CSV for spreadsheets</a>" in page
    assert not re.search(">(json|csv|xlsx|copyable)</a>", page, re.IGNORECASE)


def test_what_is_not_of_datasette_stays_as_it_is(get: Get) -> None:
    assert 'class="to-columns"' not in get("/symbol/OGDC").text
    assert accessible("<p>Nothing of a table</p>") == "<p>Nothing of a table</p>"
    assert accessible("") == ""


def test_cells_are_not_touched() -> None:
    cells = '<h5><select name="_sort"></h5><dl class="column-descriptions"></dl>'
    table = f'<div class="table-wrapper"><table>{cells}</table>\n</div>'
    page = accessible(f"<h1>a</h1>{table}<h3>b</h3>\0<h6>c</h6>")
    assert cells in page
    assert page.endswith("</div><h2>b</h2>\0<h3>c</h3>")


def test_text_of_a_request_is_no_markup(get: Get) -> None:
    page = get("/archive/articles", params={"_search": '\0<h3>"<dl class="column-descriptions">'})
    assert page.status_code == 200
    assert "&lt;h3&gt;" in page.text
    assert page.text.count('<dl class="column-descriptions">') == 1


def editor(get: Get) -> str:
    page = get("/archive").text
    found = re.search(r'<textarea id="sql-editor"[^>]*>([^<]*)</textarea>', page)
    assert found
    return found[1].replace("&#39;", "'").replace("&gt;", ">")


def rows_of(get: Get, query: str) -> int:
    return len(get("/archive.json", params={"sql": query, "_shape": "array"}).json())


def test_first_query_is_about_the_latest_board(get: Get) -> None:
    assert "from latest_board" in editor(get)
    assert rows_of(get, editor(get)) == 20


def test_first_query_of_an_archive_without_boards_is_about_articles(empty_get: Get) -> None:
    assert "from article_list" in editor(empty_get)
    assert rows_of(empty_get, editor(empty_get)) == 1


def test_query_that_was_asked_stays_in_the_editor(get: Get) -> None:
    page = get("/archive", params={"sql": "select 7"}).text
    assert re.search(r'<textarea id="sql-editor"[^>]*>select 7</textarea>', page)


def test_archive_of_nothing_keeps_what_datasette_offers(tmp_path: Path, run: Run) -> None:
    db = tmp_path / "archive.db"
    (tmp_path / "pages").mkdir()
    run("load", tmp_path / "pages", "--db", db)
    get = client_of(make_datasette(db))
    assert get("/archive").status_code == 200
    assert editor(get).lower().strip().startswith(("select", "--"))
