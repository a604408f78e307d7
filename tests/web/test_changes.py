"""`/article/N/changes` shows an editor's changes, accessible to everybody."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.cli import main
from loader.library import Archive
from loader.web.server import make_datasette
from tests.archive.test_links import markup
from tests.articles.pages import BANK, CHANGING, FIRM, Captured, write_pages
from tests.articles.texts import URDU
from tests.web.conftest import Get, client_of
from tests.web.test_pages import words

URDU_PAGE = Captured(40300005, "2024-03-05T09:00:00Z", "کپاس کی قیمت", URDU)
LONG = Captured(40300006, "2024-03-05T09:00:00Z", "A long report of the committee", "")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("changes")
    long = "The committee met again and said nothing, as before.\n\n" * 8000
    pages = [
        *CHANGING,
        URDU_PAGE,
        URDU_PAGE._replace(at="2024-03-06T09:00:00Z", body=URDU.replace("150", "105")),
        LONG._replace(body=f"{long}It met 12 times."),
        LONG._replace(at="2024-03-06T09:00:00Z", body=f"{long}It met 13 times."),
    ]
    write_pages(folder / "pages.jsonl", pages)
    named = ["load", str(folder / "pages.jsonl"), "--db", str(folder / "archive.db"), "-q"]
    result = CliRunner().invoke(main, named)
    assert result.exit_code == 0, result.output
    return folder / "archive.db"


@pytest.fixture(scope="module")
def get(db: Path) -> Get:
    return client_of(make_datasette(db))


@pytest.fixture(scope="module")
def article(db: Path):
    """Return the text of a version of the page with a number."""

    def find(number: int, version: int) -> int:
        conn = sqlite3.connect(db)
        try:
            (found,) = conn.execute(
                "select article_id from article_versions where news_id = ? and version = ?",
                (number, version),
            ).fetchone()
            return int(found)
        finally:
            conn.close()

    return find


def test_words_that_changed_have_a_sign_and_are_told_to_those_who_do_not_see(get, article) -> None:
    page = get(f"/article/{article(40300001, 1)}/changes").text
    removed = re.findall(r"<del>(.*?)</del>", page)
    added = re.findall(r"<ins>(.*?)</ins>", page)
    assert [words(each).replace(" ", "") for each in removed] == ["removed:−12,400"]
    assert [words(each).replace(" ", "") for each in added] == ["added:+12,900"]


def test_any_two_versions_can_be_compared(get, article) -> None:
    page = get(f"/article/{article(40300001, 1)}/changes?old=1&new=3").text
    assert "Version 1 and version 3" in page
    assert ">−</span>firm</del>" in page
    assert ">+</span>rise</ins>" in page
    assert ">+</span>12,900</ins>" in page


def test_the_number_in_the_address_finds_the_page_too(get) -> None:
    assert "Version 1 and version 2" in get("/article/40300001/changes").text


def test_the_same_as_json(get, article) -> None:
    found = get(f"/article/{article(40300001, 2)}/changes.json?old=1&new=2").json()
    assert [row["version"] for row in found["versions"]] == [1, 2, 3]
    changed = [
        piece["text"]
        for row in found["changes"]["paragraphs"]
        for piece in (*row["old"], *row["new"])
        if piece["is_changed"]
    ]
    assert changed == ["12,400", "12,900"]


def test_a_page_of_one_text_says_so(get, article) -> None:
    page = get(f"/article/{article(40300002, 1)}/changes").text
    assert "No edit of this page is known" in page
    assert BANK[:20] not in page


def test_what_is_not_there(get, article) -> None:
    assert get("/article/999999/changes").status_code == 404
    own = article(40300001, 1)
    assert get(f"/article/{own}/changes?new=9").status_code == 404
    assert get(f"/article/{own}/changes?new=zwei&old=1").status_code == 404
    assert get("/article/x/changes").status_code == 404


def test_urdu_is_written_from_the_right(get, article) -> None:
    page = get(f"/article/{article(40300005, 1)}/changes").text
    assert 'dir="auto"' in page
    assert ">+</span>105</ins>" in page


def test_very_long_texts_are_not_compared_on_a_page(get, article) -> None:
    page = get(f"/article/{article(40300006, 2)}/changes").text
    assert "too long to be compared" in page


def test_article_page_lists_versions_and_leads_to_the_changes(get, article) -> None:
    first = article(40300001, 1)
    page = get(f"/archive/articles/{first}").text
    assert f'href="/article/{first}/changes"' in page
    assert "body changed silently, +1 −1 words" in words(page)
    assert "this text" in page


def test_texts_of_another_extraction_say_which_version_they_are(get, db) -> None:
    conn = sqlite3.connect(db)
    article_id, version = conn.execute("select article_id, version from version_forms").fetchone()
    conn.close()
    page = words(get(f"/archive/articles/{article_id}").text)
    assert f"This text is version {version}, extracted differently or incompletely" in page


def test_search_finds_older_versions_one_hit_each(get) -> None:
    results = get("/search.json?q=Naseem").json()
    assert results["count"] == 2  # of five captures
    assert {row["title"] for row in results["results"]} == {FIRM}
    assert get("/search.json?q=12900").json()["count"] == 0
    assert get('/search.json?q="12,400+bales"').json()["count"] == 1
    assert get('/search.json?q="12,900+bales"').json()["count"] == 1
    assert get('/search.json?q="12,900"&sort=date').json()["count"] == 1


@pytest.fixture
def one_is_common(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make searches treat words in more than one article as common."""
    monkeypatch.setattr("loader.web.pages.search.CAP", 1)


def test_common_words_by_date_have_one_hit_a_version(get, one_is_common: None) -> None:
    found = get("/search.json?q=Naseem&sort=date").json()
    assert found["count_is_capped"]
    assert len(found["results"]) == 2  # of five captures
    rare = get("/search.json?q=12900&sort=date").json()
    assert rare["results"] == []


@pytest.mark.parametrize("query", ["", "q=the&sort=date", "q=the", "sort=date&author=web-desk"])
def test_lists_have_one_hit_a_version(get, db: Path, one_is_common: None, query: str) -> None:
    """Each page has as many hits as versions: no text twice, none missing."""
    results = get(f"/search.json?{query}").json()["results"]
    ids = {row["id"] for row in results}
    conn = sqlite3.connect(db)
    told = {row[0] for row in conn.execute("select article_id from article_versions")}
    forms = {row[0] for row in conn.execute("select article_id from version_forms")}
    conn.close()
    assert forms
    assert not ids & (forms - told)
    assert len(ids) == len(results)


def test_text_that_alone_meets_a_filter_stands_for_its_version(
    db: Path, tmp_path: Path, one_is_common: None
) -> None:
    """The text that represents the version is in another section."""
    copy = tmp_path / "archive.db"
    with closing(sqlite3.connect(db)) as conn, closing(sqlite3.connect(copy)) as out:
        conn.backup(out)
        with out:
            rows = out.execute("select article_id from version_forms order by 1").fetchall()
            form = rows[0][0]
            out.execute("update articles set section = 'Cotton' where id = ?", (form,))
    ask = client_of(make_datasette(copy))
    for query in ("section=Cotton", "section=Cotton&q=Naseem", "section=Cotton&q=Naseem&sort=date"):
        assert [row["id"] for row in ask(f"/search.json?{query}").json()["results"]] == [form]


def test_library_finds_one_text_of_a_version(db: Path) -> None:
    with Archive.open(db) as archive:
        found = [article.id for article in archive.search("Naseem")]
        assert len(found) == 2
        assert len(archive.search("Naseem", limit=1)) == 1
        (older,) = archive.search('"12,400 bales"')
    assert older.id in found


def test_who_leads_to_a_page_and_what_is_missing(tmp_path: Path) -> None:
    pages = tmp_path / "pages.jsonl"
    found = [markup(40300001, 40300009), markup(40300002, 40300009), markup(40300003, 40300001)]
    pages.write_text("".join(f"{json.dumps(each)}\n" for each in found))
    named = ["load", str(pages), "--db", str(tmp_path / "archive.db"), "-q"]
    assert CliRunner().invoke(main, named).exit_code == 0
    get = client_of(make_datasette(tmp_path / "archive.db"))
    answer = get("/wanted.txt")
    assert answer.text == "https://www.brecorder.com/news/40300009\n"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["content-type"].startswith("text/plain")
    assert "Story 40300003 has a headline" in words(get("/archive/articles/1").text)
    rows = get("/archive/most_wanted_pages.json?_shape=array").json()
    assert [row["link_count"] for row in rows] == [2]
    rows = get("/archive/links_to_page.json?_shape=array&news_id=40300001").json()
    assert [row["citing_headline"] for row in rows] == ["Story 40300003 has a headline"]
