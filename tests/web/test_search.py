"""The search page: its results, their order, and its messages."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import quote

import pytest

from loader.web.pages import search as search_page
from tests.web.conftest import Get
from tests.web.test_pages import words


def titles(page: str) -> list[str]:
    found = re.findall(r"<h2><a [^>]+><bdi>(.*?)</bdi>", page)
    return [html.unescape(title) for title in found]


def count(page: str) -> int:
    return int(re.search(r'role="status">([\d,]+) article', page)[1].replace(",", ""))  # type: ignore[index]


def test_words_are_marked_and_counted(get: Get, ask: Any) -> None:
    page = get("/search?q=cotton").text
    assert count(page) == ask("select count(*) from articles_fts where articles_fts match 'cotton'")
    assert re.search(r"<mark>[Cc]otton</mark>", page)


@pytest.mark.parametrize(
    ("query", "match"),
    [
        ('"palm oil"', '"palm oil"'),
        ("oil -palm", "oil not palm"),
        ("cott*", "cott*"),
        ("oil OR gold", "oil or gold"),
    ],
)
def test_phrases_exclusion_prefix_and_or(get: Get, ask: Any, query: str, match: str) -> None:
    fts = match.replace(" not ", " NOT ").replace(" or ", " OR ")
    expected = ask("select count(*) from articles_fts where articles_fts match ?", fts)
    assert expected > 0
    assert count(get(f"/search?q={quote(query)}").text) == expected


def test_order_by_date_is_newest_first(get: Get, ask: Any) -> None:
    page = get("/search?q=oil&sort=date").text
    dates = re.findall(r'class="meta">(?:published )?<time datetime="([^"]+)"', page)
    assert dates == sorted(dates, reverse=True)
    assert len(dates) > 3


@pytest.mark.parametrize(
    ("parameters", "condition"),
    [
        ("section=Markets", "section = 'Markets'"),
        ("agency=AFP", "agency = 'AFP'"),
        ("place=KARACHI", "dateline = 'KARACHI'"),
        ("from=2024-04-01&to=2024-04-30", "substr(article_date, 1, 7) = '2024-04'"),
        ("symbol=OGDC", "id in (select article_id from mentions join instruments on"
         " instruments.id = instrument_id where symbol = 'OGDC')"),
        ("section=Markets&symbol=KSE100&from=2024-04-01", "section = 'Markets' and article_date"
         " >= '2024-04-01' and id in (select article_id from mentions join instruments on"
         " instruments.id = instrument_id where symbol = 'KSE100')"),
    ],
)  # fmt: skip
def test_filters(get: Get, ask: Any, parameters: str, condition: str) -> None:
    expected = ask(f"select count(*) from articles where {condition}")
    assert expected > 0
    assert count(get(f"/search?{parameters}").text) == expected
    joined = ask(
        "select count(*) from articles where id in (select rowid from articles_fts"
        f" where articles_fts match 'the') and {condition}"
    )
    assert count(get(f"/search?q=the&{parameters}").text) == joined


def test_pages_of_results_do_not_overlap_and_end(get: Get, ask: Any) -> None:
    seen: list[str] = []
    path = "/search?q=the&sort=date"
    for _ in range(20):
        page = get(path).text
        seen += re.findall(r'<h2><a href="/archive/articles/(\d+)"', page)
        following = re.search(r'<a rel="next" href="([^"]+)"', page)
        if following is None:
            break
        path = html.unescape(following[1])
    total = ask("select count(*) from articles_fts where articles_fts match 'the'")
    assert len(seen) == len(set(seen)) == total


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/search?q=xyzzyx", "No articles found"),
        ("/search?q=oil&section=Nowhere", "without the filters"),
        ("/search?q=-oil", "needs a word that must occur"),
        ("/search?q=%22%22+%28", "no letter or digit"),
        ("/search?q=oil&page=400", "no such page"),
        ("/search?q=oil&from=yesterday", "is not a date"),
        ("/search?q=oil&symbol=NOPE", "No share or index is called NOPE"),
    ],
)
def test_helpful_words(get: Get, path: str, told: str) -> None:
    response = get(path)
    assert response.status_code == 200
    assert told in words(response.text)


def test_no_words_lists_the_newest(get: Get, ask: Any) -> None:
    newest = ask("select coalesce(headline, '') from articles order by article_date desc, id desc")
    assert titles(get("/search").text)[0] == newest


ASKED = [
    "q=the",
    "q=oil",
    "q=th*",
    "q=the+-oil",
    "q=the&section=Markets",
    "q=the&section=Markets&agency=Reuters",
    "q=the&place=KARACHI&section=Pakistan",
    "q=the&from=2024-01-01&to=2024-12-31",
    "q=the&section=Markets&from=2022-01-01&symbol=KSE100",
    "q=the&symbol=KSE100",
    "section=Markets&agency=Reuters",
    "symbol=KSE100&from=2022-01-01",
    "place=KARACHI&section=Pakistan",
]


def ids_of(get: Get, parameters: str) -> list[int]:
    """Return all results of a search, from all its pages."""
    found: list[int] = []
    path = f"/search?{parameters}"
    while path:
        page = get(path).text
        found += map(int, re.findall(r'<h2><a href="/archive/articles/(\d+)"', page))
        following = re.search(r'<a rel="next" href="([^"]+)"', page)
        path = html.unescape(following[1]) if following else ""
    return found


@pytest.mark.parametrize("parameters", ASKED)
def test_by_date_is_the_same_however_common_the_words_are(
    get: Get, ask: Any, monkeypatch: pytest.MonkeyPatch, parameters: str
) -> None:
    rare = ids_of(get, f"{parameters}&sort=date")
    # As in an archive so large that every word, field and symbol is common.
    monkeypatch.setattr(search_page, "CAP", 2)
    monkeypatch.setattr(search_page, "FEW", 0)
    monkeypatch.setattr("loader.web.data.search_filters.FEW", 0)
    assert ids_of(get, f"{parameters}&sort=date") == rare
    dates = [ask("select coalesce(article_date, '') from articles where id = ?", i) for i in rare]
    assert dates == sorted(dates, reverse=True)
    assert len(rare) > 0


@pytest.mark.parametrize("parameters", ASKED)
def test_filters_hold_whichever_of_them_leads(
    get: Get, monkeypatch: pytest.MonkeyPatch, parameters: str
) -> None:
    ranked = ids_of(get, parameters)
    assert sorted(ranked) == sorted(ids_of(get, f"{parameters}&sort=date"))
    monkeypatch.setattr(search_page, "FEW", 0)
    monkeypatch.setattr("loader.web.data.search_filters.FEW", 0)
    assert ids_of(get, parameters) == ranked


def test_the_best_are_of_the_matches_added_last_and_the_page_says_so(
    get: Get, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = ask(
        "select group_concat(rowid) from (select rowid from articles_fts"
        " where articles_fts match 'the' order by rowid desc limit 6)"
    )
    monkeypatch.setattr(search_page, "CAP", 5)
    assert sorted(ids_of(get, "q=the")) == sorted(map(int, newest.split(",")))
    page = words(get("/search?q=the").text)
    assert "More than 5 articles" in page
    assert "best first of the 5 added last" in page


def test_a_single_letter_with_a_star_is_told_to_be_too_short(get: Get) -> None:
    page = words(get("/search?q=c*").text)
    assert "A * needs at least two letters" in page


def test_datasettes_own_search_of_the_table_finds_the_same(get: Get, ask: Any) -> None:
    rows = get("/archive/articles.json?_shape=arrayfirst&_col=id&_size=max&_search=cotton").json()
    match = "select count(*) from articles_fts where articles_fts match 'cotton'"
    assert len(rows) == ask(match)
    assert 'name="_search"' in get("/archive/articles").text
