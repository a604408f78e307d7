"""`/author/…` and `/agency/…`: articles of a name, and the links to these pages."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from click.testing import CliRunner

from loader.cli import main
from loader.web.data.archive_db import FILTERS_MARK, sql
from loader.web.data.search_filters import Filters
from loader.web.server import make_datasette
from tests.archive.test_credits import SIGNED, page
from tests.web.conftest import Get, client_of
from tests.web.test_pages import words

MANY = 60  # articles of one author: more than a page shows


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authors")
    pages = [page(number, byline) for number, byline in enumerate(SIGNED)]
    pages += [page(100 + number, "Omar Elm, AFP") for number in range(MANY)]
    (folder / "pages.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in pages))
    named = ["load", str(folder / "pages.jsonl"), "--db", str(folder / "archive.db"), "-q"]
    result = CliRunner().invoke(main, named)
    assert result.exit_code == 0, result.output
    # Parts of layouts that pages as text do not have.
    with closing(sqlite3.connect(folder / "archive.db")) as conn, conn:
        conn.execute("update articles set section = 'Markets' where byline = 'Omar Elm, AFP'")
        conn.execute(
            "insert into article_authors select id, 'A. Writer',"
            " 'https://www.brecorder.com/authors/7' from articles where byline = 'A. Writer'"
        )
    return folder / "archive.db"


@pytest.fixture(scope="module")
def get(db: Path) -> Get:
    return client_of(make_datasette(db))


def _article(db: Path, byline: str) -> int:
    with closing(sqlite3.connect(db)) as conn:
        row = conn.execute("select id from articles where byline = ?", (byline,)).fetchone()
    return int(row[0])


def test_page_of_an_author_counts_all_spellings(get: Get) -> None:
    text = get("/author/recorder-report").text
    assert "Desk of the paper · 3 articles" in words(text)
    assert "Recorder Report (2), RECORDER REPORT (1)" in words(text)
    assert text.count("Mill number") >= 3
    assert '"/search?author=recorder-report&amp;from=2024-01-01&amp;to=2024-12-31"' in text
    assert "/archive/article_credits.csv?slug=recorder-report&amp;kind=desk" in text


def test_page_of_an_agency(get: Get) -> None:
    text = get("/agency/afp").text
    assert f"News agency · {MANY} articles" in words(text)
    assert "/search?author=afp&amp;section=Markets" in text
    assert 'href="/search?author=afp"' in text


def test_page_as_json(get: Get) -> None:
    found = get("/author/omar-elm.json").json()
    assert (found["kind"], found["name"], found["article_count"]) == ("author", "Omar Elm", MANY)
    assert len(found["articles"]) == 50
    assert found["years"] == [{"name": "2024", "articles": MANY}]
    assert found["sections"] == [{"name": "Markets", "articles": MANY}]
    dates = [row["article_date"] for row in found["articles"]]
    assert dates == sorted(dates, reverse=True)
    of_site = get("/author/a-writer.json").json()["pages_on_site"]
    assert of_site == ["https://www.brecorder.com/authors/7"]


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/author/Recorder Report", "/author/recorder-report"),
        ("/author/REUTERS", "/agency/reuters"),
        ("/author/Thomson Reuters", "/agency/reuters"),
        ("/agency/A. Writer", "/author/a-writer"),
        ("/agency/a-writer.json", "/author/a-writer.json"),
        ("/author/\u202bامر برچ\u202c", "/author/امر-برچ"),
    ],
)
def test_any_spelling_leads_to_the_page(get: Get, asked: str, path: str) -> None:
    answer = get(quote(asked))
    assert answer.status_code == 302
    assert unquote(answer.headers["location"]) == path
    assert get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    "asked", ["nobody", "%E2%80%8F", "...", "x" * 2000, "%00", "<b>", "%F0", "'", "a%2Fb", "-"]
)
def test_unknown_names_are_not_found(get: Get, asked: str) -> None:
    for start in ("/author/", "/agency/"):
        answer = get(start + asked)
        assert answer.status_code == 404
        assert "<b>" not in answer.text or asked != "<b>"


def test_byline_of_an_article_leads_to_its_names(db: Path, get: Get) -> None:
    text = get(f"/archive/articles/{_article(db, 'Omar Elm, AFP')}").text
    assert '<a href="/author/omar-elm">Omar Elm</a>, <a href="/agency/afp">AFP</a>' in text
    text = get(f"/archive/articles/{_article(db, 'Recorder Report')}").text
    assert '<a href="/author/recorder-report">Recorder Report</a>' in text


def test_byline_with_markup_stays_text(db: Path, get: Get) -> None:
    text = get(f"/archive/articles/{_article(db, '<b>Amar</b> & Zehra Noor')}").text
    assert "&lt;b&gt;" in text
    assert "<b>Amar" not in text
    assert '<a href="/author/zehra-noor">Zehra Noor</a>' in text


def test_byline_of_two_kilobytes_is_shown_and_leads_nowhere(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "archive.db"
    with closing(sqlite3.connect(db)) as conn, closing(sqlite3.connect(copy)) as out:
        conn.backup(out)
        with out:
            out.execute("update articles set byline = ? where id = 1", ("ñame " * 400,))
    answer = client_of(make_datasette(copy))("/archive/articles/1")
    assert answer.status_code == 200
    assert "ñame ñame" in answer.text


@pytest.mark.parametrize(
    ("typed", "path", "kind"),
    [
        ("Recorder Report", "/author/recorder-report", "desk"),
        ("recorder rep", "/author/recorder-report", "desk"),
        ("zehra noor", "/author/zehra-noor", "author"),
        ("noor", "/author/zehra-noor", "author"),
        ("agence france-presse", "/agency/afp", "agency"),
        ("afp", "/agency/afp", "agency"),
        ("امر برچ", "/author/امر-برچ", "author"),
    ],
)
def test_search_box_leads_to_names(get: Get, typed: str, path: str, kind: str) -> None:
    leads = get("/suggest.json", params={"q": typed}).json()["leads"]
    assert (path, kind) in [(lead["path"], lead["kind"]) for lead in leads]
    assert f'href="{quote(path)}"' in get("/search", params={"q": typed}).text


@pytest.mark.parametrize("typed", ["mill", "report of the mill", "a", "%", "' or 1", "x" * 3000])
def test_mere_words_lead_to_no_name(get: Get, typed: str) -> None:
    leads = get("/suggest.json", params={"q": typed}).json()["leads"]
    assert not {"author", "desk", "agency"} & {lead["kind"] for lead in leads}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("author=afp", MANY),
        ("author=AFP", MANY),
        ("author=Recorder+Report", 3),
        ("author=zehra-noor&q=mill", 2),
        ("author=zehra-noor&q=mill&sort=date", 2),
        ("author=omar-elm&section=Markets", MANY),
        ("author=omar-elm&section=Sports", 0),
        ("author=nobody", 0),
        ("author=afp&from=2024-05-03&to=2024-05-03&q=mill", None),
    ],
)
def test_search_by_author(get: Get, query: str, count: int | None) -> None:
    found = get(f"/search.json?{query}").json()
    canned = get(f"/archive/search_articles.json?_shape=array&{query}").json()
    assert found["count"] == len(canned)
    assert count is None or found["count"] == count


def test_many_articles_of_one_name_are_asked_one_by_one(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = ("author=afp", "author=afp&q=mill", "author=afp&q=mill&sort=date")
    wanted = [get(f"/search.json?{query}").json()["results"] for query in queries]
    monkeypatch.setattr("loader.web.data.search_filters.FEW", 10)
    found = [get(f"/search.json?{query}").json()["results"] for query in queries]
    assert found == wanted
    assert len(found[0]) == 20


@pytest.mark.parametrize("names", [("author",), ("author", "from", "to"), ("author", "section")])
def test_newest_articles_of_a_name_are_read_in_order_of_an_index(
    names: tuple[str, ...], db: Path
) -> None:
    query = sql("signed_articles").replace(FILTERS_MARK, Filters(names).of_signed())
    with closing(sqlite3.connect(db)) as conn:
        plan = [row[3] for row in conn.execute(f"explain query plan {query}", defaultdict(int))]
    for index, column in (("articles_byline", "byline"), ("articles_agency", "agency")):
        (step,) = (step for step in plan if f"INDEX {index} " in step)
        assert step.startswith("SEARCH articles USING COVERING INDEX")
        assert f"({column}=?" in step
    assert not [step for step in plan if re.match(r"SCAN (articles|credits|filed)", step)]
    # Only the newest of each byline together are sorted.
    assert sum("FOR ORDER BY" in step for step in plan) == 1
