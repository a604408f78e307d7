"""Pages show dates that are not printed on any page."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from loader.cli import main
from loader.web.server import make_datasette
from tests.articles.likeness_pairs import stories
from tests.page.golden import CASES
from tests.web.conftest import Get, client_of
from tests.web.test_pages import words

PAGES = {
    "(from a corpus)": {"text": " date 2024-03-06 \nKARACHI: A corpus says when this was."},
    "(from its address)": {
        "text": "KARACHI: Its address says when this was.",
        "url": "http://www.brecorder.com/2024/03/06/345850/slug/",
    },
    "(the printed edition)": {
        "text": "Markets Print 2024-03-06\n\nRice exports rise\n\nKARACHI: A print date is a date."
    },
}

BASES = {
    "(from a corpus)": ">corpus<",
    "(from its address)": ">address<",
    "(the printed edition)": ">print<",
}


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Get:
    folder = tmp_path_factory.mktemp("parts")
    lines = "".join(f"{json.dumps(page)}\n" for page in PAGES.values())
    (folder / "pages.jsonl").write_text(lines)
    named = ["load", str(folder / "pages.jsonl"), "--db", str(folder / "archive.db"), "-q"]
    assert CliRunner().invoke(main, named).exit_code == 0
    return client_of(make_datasette(folder / "archive.db"))


@pytest.mark.parametrize(
    "path",
    [
        "/day/2024-03-06",
        "/search?from=2024-03-06&to=2024-03-06",
        "/search?q=karachi+OR+corpus+OR+address+OR+print&sort=date&from=2024-03-06",
        "/archive/search_articles?from=2024-03-06&to=2024-03-06",
    ],
)
def test_text_that_prints_no_date_is_found_and_says_where_its_date_is_from(
    get: Get, path: str
) -> None:
    page = get(path).text
    assert page.count("2024-03-06") >= 2
    for basis in PAGES:
        wanted = BASES[basis] if path.startswith("/archive") else basis
        assert wanted in page, path


def test_article_page_says_who_dates_it(get: Get) -> None:
    pages = [words(get(f"/archive/articles/{number}").text) for number in (1, 2, 3)]
    assert sum("Dated 2024-03-06 (from a corpus)" in page for page in pages) == 1
    assert sum("Dated 2024-03-06 (from its address)" in page for page in pages) == 1
    assert sum("Printed edition 2024-03-06" in page for page in pages) == 1


def test_calendar_and_newest_articles_hold_them(get: Get) -> None:
    assert "2024-03-06: 3 articles" in get("/").text + get("/coverage/2024").text


def test_day_before_holds_none(get: Get) -> None:
    assert get("/day/2024-03-05").status_code == 404


TABLE = "KARACHI: Rates were so.\n\nCurrency Buying Selling\nUSD 278.50 279.00\nEUR 301.10 -1.85"


@pytest.fixture(scope="module")
def table_get(tmp_path_factory: pytest.TempPathFactory) -> Get:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "a.txt").write_text(TABLE)
    named = ["load", str(folder / "a.txt"), str(CASES / "2025-urdu-link.html")]
    assert CliRunner().invoke(main, [*named, "--db", str(folder / "a.db"), "-q"]).exit_code == 0
    return client_of(make_datasette(folder / "a.db"))


def test_article_page_shows_a_real_table_with_its_data(table_get: Get) -> None:
    page = table_get("/archive/articles/1").text
    assert re.findall(r"<th[^>]*><bdi>(.*?)</bdi>", page) == ["Currency", "Buying", "Selling"]
    cells = re.findall(r"<td[^>]*><bdi>(.*?)</bdi>", page)
    assert cells == ["USD", "278.50", "279.00", "EUR", "301.10", "-1.85"]
    assert "USD 278.50" not in page.partition("<body")[2]
    rows = table_get(
        "/archive/article_table_rows.json?_shape=array&article_id=1&number=1&_size=max"
    ).json()
    assert json.loads(rows[0]["cells"]) == ["Currency", "Buying", "Selling"]
    csv = table_get("/table/1/1.csv")
    assert csv.headers["content-type"].startswith("text/csv")
    assert csv.text.splitlines() == [
        "Currency,Buying,Selling", "USD,278.50,279.00", "EUR,301.10,-1.85",
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/table/1/2.csv", "/table/99/1.csv"])
def test_table_that_is_not_there_is_not_found(table_get: Get, path: str) -> None:
    assert table_get(path).status_code == 404


def test_article_page_names_pictures_and_authors_by_address(table_get: Get) -> None:
    page = table_get("/archive/articles/2").text
    assert 'href="https://www.brecorder.com/i/reef.jpg"' in page
    assert 'href="https://www.brecorder.com/authors/1"' in page
    assert "Photo: Recorder" in page
    assert "<img" not in page


def test_article_page_leads_to_copies_and_wraps_and_other_addresses(tmp_path) -> None:
    tale = "\n\n".join(stories()[0].paragraphs)
    wrap = "\n\n".join([tale, *stories()[0].added])
    bodies = [("KARACHI", tale), ("KARACHI", tale), ("LAHORE", tale), ("KARACHI", wrap)]
    pages = [
        {
            "url": f"https://www.brecorder.com/news/4000000{number}",
            "text": f"Headline {number}\n\nReuters 0{number} Nov, 2023\n\n{dateline}: {body}",
        }
        for number, (dateline, body) in enumerate(bodies, 1)
    ]
    (tmp_path / "pages.jsonl").write_text("".join(f"{json.dumps(page)}\n" for page in pages))
    named = ["load", str(tmp_path / "pages.jsonl"), "--db", str(tmp_path / "archive.db"), "-q"]
    assert CliRunner().invoke(main, named).exit_code == 0
    get = client_of(make_datasette(tmp_path / "archive.db"))
    shown = {}
    for number in (1, 2, 3):
        page = words(get(f"/archive/articles/{number}").text)
        headline = page[page.index("Headline") :][:10]
        shown[headline] = page[page.index("Elsewhere") :]
    assert (
        "Also ran as https://www.brecorder.com/news/40000002 word for word" in shown["Headline 1"]
    )
    assert "Also ran as Headline 3" in shown["Headline 1"]
    assert "Later version of the story: Headline 4" in shown["Headline 1"]
    assert "Also ran as Headline 1" in shown["Headline 3"]
    assert "Earlier version of the story: Headline 1" in shown["Headline 4"]
    assert "Earlier version of the story: Headline 3" in shown["Headline 4"]


def test_article_page_shows_the_sessions_around_it(sample_archive) -> None:
    get = client_of(make_datasette(sample_archive))
    article_id, symbol, percent = get(
        "/archive.json?_shape=arrays&sql="
        "select+article_id,+article_reactions.symbol,+round(abs(session_return*100),2)"
        "+from+article_reactions+join+instruments+on+instruments.id+=+instrument_id"
        "+where+kind+=+'share'+and+session_offset+=+0+and+abs(session_return)+>+0.001+limit+1"
    ).json()["rows"][0]
    page = words(get(f"/archive/articles/{article_id}").text)
    shown = page[page.index("Sessions around it") :]
    assert re.search(r"The first session that could react was \d{4}-\d\d-\d\d \(", shown)
    assert "Symbol -1 0 +1 +2 +3 +4 +5 KSE100" in shown
    assert re.search(rf"{symbol} .*{percent:.2f}%", shown)
