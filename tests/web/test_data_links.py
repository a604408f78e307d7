"""Data links of a page select the rows that it shows: their numbers are compared."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any
from urllib.parse import quote

import pytest

from loader.web.pages import day as day_page
from loader.web.pages import search as search_page
from tests.web.conftest import Get
from tests.web.test_search import ASKED, count, ids_of

_DATA = re.compile(r'<div class="data" data-rows="(\d+)">(.*?)</div>', re.DOTALL)
PAGES = (
    "/", "/symbol/", "/symbol/OGDC", "/symbol/OGDC?range=all", "/symbol/KSE100?range=1m",
    "/symbol/KSE100?range=all&with=OGDC", "/symbol/CNERGY?range=all", "/symbol/XYZW",
    "/symbol/OGDC?range=all&with=CNERGY", "/day/2024-05-10", "/day/2024-05-03", "/coverage/2024",
    "/archive/boards/1", "/archive/boards/11", "/archive/articles/1", "/archive/snapshots/1",
    "/search", "/search?q=oil", "/search?q=zzz", "/search?symbol=NOPE", "/search?q=%22",
    "/search?q=-oil", *(f"/search?{asked}" for asked in ASKED),
    *(f"/search?{asked}&sort=date" for asked in ASKED[:4]),
    "/search?q=" + quote('"oil prices" OR gold* -palm') + "&from=2020-01-01&to=2024-12-31",
    "/search?q=the&from=yesterday&section=%20Markets%20&page=2",
)  # fmt: skip


def selections(page: str) -> list[tuple[int, list[str]]]:
    """Return the stated number of rows of each group of data links, and the links themselves."""
    return [
        (int(rows), [html.unescape(link) for link in re.findall(r'href="([^"]+)"', links)])
        for rows, links in _DATA.findall(page)
    ]


@pytest.mark.parametrize("path", PAGES)
def test_data_of_a_page_stand_in_one_menu_in_plain_words(get: Get, path: str) -> None:
    page = get(path).text
    found = len(selections(page))
    assert page.count("<summary>Data</summary>") == (1 if found else 0)
    for words in ("CSV, for spreadsheets", "JSON, for programs"):
        assert page.count(words) >= found
    assert not re.search(r">(SQL|JSON)</a>", page)


def check(get: Get, path: str) -> int:
    found = selections(get(path).text)
    for rows, (sql, as_csv, as_json) in found:
        assert len(get(as_json).json()) == rows, as_json
        assert len(list(csv.reader(io.StringIO(get(as_csv).text)))) == rows + 1, as_csv
        table = get(sql.replace("?", ".json?", 1)).json()
        total = table.get("filtered_table_rows_count")
        assert (len(table["rows"]) if total is None else total) == rows, sql
        assert get(sql).status_code == 200
    return len(found)


@pytest.mark.parametrize("path", PAGES)
def test_data_links_give_what_the_page_shows(get: Get, path: str) -> None:
    shows_none = path in ("/", "/symbol/", "/coverage/2024", "/symbol/XYZW")
    assert bool(check(get, path)) is not bool(shows_none)


@pytest.mark.parametrize("path", [path for path in PAGES if path.startswith("/search")])
def test_data_of_a_search_are_its_results_in_its_order(get: Get, path: str) -> None:
    page = get(path).text
    (rows, (_, _, as_json)) = selections(page)[0]
    assert rows == count(page)
    ids = [row["id"] for row in get(as_json).json()]
    assert ids == ids_of(get, re.sub("&page=2", "", path.partition("?")[2]))


def test_a_renamed_symbol_is_given_under_both_symbols(get: Get) -> None:
    rows, (_, _, as_json) = selections(get("/symbol/CNERGY?range=all").text)[0]
    assert "symbol__in=BYCO%2CCNERGY" in as_json
    assert rows == len(get(as_json).json()) > 0


def test_more_than_the_page_ranks_says_how_many_are_given(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_page, "CAP", 5)
    for path, told in (("q=the", "The 5 best"), ("q=the&sort=date", "The 5 newest"),
                       ("", "The 5 newest")):  # fmt: skip
        page = get(f"/search?{path}").text
        assert told in page
        assert selections(page)[0][0] == 5


def test_a_day_of_many_articles_gives_all(
    get: Get, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = ask(
        "select substr(article_date, 1, 10) from articles where article_date is not null"
        " group by 1 having count(*) > 1 limit 1"
    )
    monkeypatch.setattr(day_page, "_MAX_ARTICLES", 1)
    assert check(get, f"/day/{day}")


def test_a_misspelt_filter_of_the_search_is_told(get: Get, ask: Any) -> None:
    page = get("/search?q=oil&secton=Markets")
    assert page.status_code == 200
    assert "Did you mean section?" in page.text
