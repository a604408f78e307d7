"""Authors, desks and agencies as rows: what an archive says of who signed its articles."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from loader.archive.scripts import run_sql
from loader.web.data.archive_db import sql
from tests.archive.captures import content_of
from tests.conftest import Run

Connect = Callable[[Path], sqlite3.Connection]

_BODY = "The mill at Hub will open in May.\n\nIts owners have hired forty people in story {}."
SIGNED = (
    "Recorder Report",
    "RECORDER REPORT",
    "Recorder Report",
    "By A. Writer",
    "A WRITER and Zehra Noor",
    "Reuters",
    "Press Release",
    "",
    "امر برچ",
    "\u202bامر برچ\u202c",
    "<b>Amar</b> & Zehra Noor",
)


# Queries of pages that count the articles of names.
COUNTING = ("credit_counts", "credit_names")


def page(number: int, byline: str, *, body: str = _BODY, headline: str = "") -> dict[str, str]:
    """A capture of the article of a number, as a line of JSON has it."""
    headline = headline or f"Mill number {number} to open"
    signature = f"{byline} Published 0{1 + number % 9} May, 2024 05:40pm"
    return {
        "url": f"https://www.brecorder.com/news/4030{number:04}",
        "text": f"{headline}\n\n{signature.strip()}\n\n{body.format(number)}",
        "captured_at": f"2024-05-1{number % 10}T00:00:00Z",
    }


def load(run: Run, db: Path, pages: list[dict[str, str]]) -> None:
    source = db.with_suffix(".jsonl")
    source.write_text("".join(f"{json.dumps(each)}\n" for each in pages))
    run("load", source, "--db", db, "-q")


@pytest.fixture
def db(tmp_path: Path, run: Run) -> Path:
    pages = [page(number, byline) for number, byline in enumerate(SIGNED)]
    mark = _BODY.replace("{}.", "{}.-PR")
    pages += [page(50, "Recorder Report", body=mark), page(51, "Press Release", body=mark)]
    load(run, tmp_path / "archive.db", pages)
    return tmp_path / "archive.db"


def test_authors_and_agencies_are_rows_under_their_usual_spelling(
    db: Path, connect: Connect
) -> None:
    authors = {
        row["slug"]: (row["name"], row["kind"], row["article_count"], row["spelling_count"])
        for row in connect(db).execute("select * from authors")
    }
    assert authors["recorder-report"] == ("Recorder Report", "desk", 4, 2)
    assert authors["a-writer"] == ("A. Writer", "author", 2, 2)
    assert authors["zehra-noor"][2] == 2
    assert authors["امر-برچ"][1:3] == ("author", 2)
    # In the byline of two, in the mark of two: once of the article that has both.
    assert authors["press-release"] == ("Press Release", "desk", 3, 2)
    (agency,) = connect(db).execute("select * from agencies")
    assert (agency["slug"], agency["article_count"]) == ("reuters", 1)


def test_articles_of_a_name_and_names_of_an_article(db: Path, connect: Connect) -> None:
    conn = connect(db)
    of_name = conn.execute(
        "select headline, name from article_credits where slug = 'a-writer' order by article_id"
    ).fetchall()
    assert [tuple(row) for row in of_name] == [
        ("Mill number 3 to open", "A. Writer"),
        ("Mill number 4 to open", "A WRITER"),
    ]
    of_article = conn.execute(
        "select slug from article_credits where headline = 'Mill number 4 to open'"
    ).fetchall()
    assert {row["slug"] for row in of_article} == {"a-writer", "zehra-noor"}
    counted = conn.execute("select sum(article_count) from credited_names").fetchone()[0]
    assert counted == conn.execute("select count(*) from article_credits").fetchone()[0]


def test_byline_without_a_name_is_kept_and_names_nobody(
    tmp_path: Path, run: Run, connect: Connect
) -> None:
    load(run, tmp_path / "archive.db", [page(1, "")])
    conn = connect(tmp_path / "archive.db")
    assert conn.execute("select count(*) from credits").fetchone()[0] == 0
    assert conn.execute("select count(*) from authors").fetchone()[0] == 0


# One text under two bylines; the rule for what captures dispute picks one.
DISPUTED = [
    page(1, "Amar Birch"),
    {**page(1, "Zehra Noor"), "captured_at": "2024-05-20T00:00:00Z"},
    page(2, "Omar Elm, AFP"),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_order_of_captures_does_not_matter(
    order: tuple[int, ...], tmp_path: Path, run: Run
) -> None:
    load(run, tmp_path / "at-once.db", DISPUTED)
    for place in order:
        load(run, tmp_path / "one-by-one.db", [DISPUTED[place]])
    one_by_one = content_of(tmp_path / "one-by-one.db")
    assert one_by_one["credits"] == content_of(tmp_path / "at-once.db")["credits"]
    assert len(one_by_one["credits"]) == 3


def test_headline_of_one_text_in_another_form_gives_the_mentions(
    tmp_path: Path, run: Run, connect: Connect
) -> None:
    """Two captures of a text in one load, of which the second has the better form."""
    run_on = _BODY.replace("\n\n", " ")
    pages = [
        page(1, "Amar Birch", body=run_on, headline="OGDC opens a mill"),
        page(1, "Amar Birch"),
    ]
    pages[1]["captured_at"] = "2024-05-01T00:00:00Z"
    found = []
    for name, captures in (("one.db", pages), ("two.db", pages[::-1])):
        load(run, tmp_path / name, captures)
        conn = connect(tmp_path / name)
        found.append(conn.execute("select count(*) from mentions").fetchone()[0])
        assert conn.execute("select count(*) from articles").fetchone()[0] == 1
    assert found[0] == found[1]


def test_merged_shared_and_verified(db: Path, tmp_path: Path, run: Run, connect: Connect) -> None:
    other = tmp_path / "other.db"
    load(run, other, [page(60, "Omar Elm | AFP"), page(61, "Recorder Report")])
    merged = tmp_path / "merged.db"
    run("merge", merged, db, other)
    names = {row[0] for row in connect(merged).execute("select slug from credited_names")}
    assert {"omar-elm", "afp", "recorder-report", "a-writer"} <= names
    assert "no damage found" in run("verify", "--all", "--db", merged).output
    run("share", tmp_path / "out.db", "--until", "2024-05-10", "--db", merged)
    shared = connect(tmp_path / "out.db")
    printed = {row[0] for row in shared.execute("select distinct printed from credits")}
    said = {
        row[0]
        for row in shared.execute(
            "select byline from articles where byline is not null"
            " union select agency from articles where agency is not null"
        )
    }
    assert printed == said
    assert said


def test_verify_finds_a_name_that_no_byline_has(db: Path, run: Run) -> None:
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("update credits set name = 'Somebody' where slug = 'reuters'")
    conn.close()
    assert "credits: differs from the texts" in run("verify", "--all", "--db", db, code=1).output
    run("verify", "--repair", "--db", db)
    assert "no damage found" in run("verify", "--all", "--db", db).output


_COUNTS = """
select byline, agency, year, section, article_count from article_counts
union all
select place, printed, slug, null, article_count from credits
"""


@pytest.mark.parametrize(
    "change",
    [
        "update articles set byline = 'Omar Elm', section = 'Markets' where byline is not null",
        "update articles set article_date = null where agency is not null",
        "update articles set article_date = '2019-03-01' || substr(article_date, 11)",
        "update articles set agency = byline, byline = null where id % 2",
        "update articles set article_date = substr(article_date, 1, 4) || '-12-31', body = 'x'",
        "delete from articles where id % 3",
        "delete from articles",
    ],
)
def test_counts_follow_every_change_of_articles(change: str, db: Path) -> None:
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute(change)
        kept = sorted(map(repr, conn.execute(_COUNTS)))
        run_sql(conn, "article_counts.sql")
        assert kept == sorted(map(repr, conn.execute(_COUNTS)))
        counted = conn.execute("select sum(article_count) from article_counts").fetchone()[0]
        assert (counted or 0) == conn.execute("select count(*) from articles").fetchone()[0]


def test_counts_are_made_again_with_lost_triggers(db: Path, run: Run, connect: Connect) -> None:
    """Other tools that recreate a table drop its triggers."""
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("drop trigger article_counts_update")
        conn.execute("update articles set section = 'Markets'")
    run("date", "--db", db)
    (counted,) = connect(db).execute(
        "select sum(article_count) from article_counts where section = 'Markets'"
    )
    (stored,) = connect(db).execute("select count(*) from articles")
    assert tuple(counted) == tuple(stored)


@pytest.mark.parametrize(
    "query", ["select * from authors", "select * from agencies", *map(sql, COUNTING)]
)
def test_names_are_counted_without_reading_articles(query: str, db: Path) -> None:
    with closing(sqlite3.connect(db)) as conn:
        plan = [row[3] for row in conn.execute(f"explain query plan {query}", defaultdict(int))]
    assert any(re.search(r"\barticle_counts\b|INDEX credits_slug", step) for step in plan)
    assert not [step for step in plan if re.search(r"\barticles\b", step)]


def test_list_of_names_is_read_in_order_of_an_index(db: Path) -> None:
    """The first rows of the list, and a capped count, do not wait for all names."""
    with closing(sqlite3.connect(db)) as conn:
        plan = [row[3] for row in conn.execute("explain query plan select * from authors")]
    assert "SCAN credits USING COVERING INDEX credits_slug" in plan
    # Only the spellings of one name are sorted.
    assert [step for step in plan if "TEMP B-TREE" in step] == [
        "USE TEMP B-TREE FOR json_group_array(DISTINCT)"
    ]
