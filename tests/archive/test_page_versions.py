"""Versions of pages in an archive, as read with SQL."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.archive.captures import content_of
from tests.articles.pages import (
    BYLINE,
    CHANGING,
    EDITED,
    FIRM,
    RISE,
    UPDATED,
    Captured,
    write_pages,
)
from tests.articles.texts import COTTON, LETTER, URDU, cut, straight, with_line
from tests.conftest import Run

Connect = Callable[[Path], sqlite3.Connection]
Ask = Callable[..., list[Any]]
PAGE = 40300001


@pytest.fixture
def load(tmp_path: Path, run: Run) -> Callable[[Sequence[Captured]], Path]:
    """Load captures in one file each time it is called, into one archive."""
    numbers = iter(range(100))

    def load_captures(captures: Sequence[Captured], name: str = "archive.db") -> Path:
        pages = write_pages(tmp_path / f"{next(numbers)}.jsonl", captures)
        run("load", pages, "--db", tmp_path / name, "-q")
        return tmp_path / name

    return load_captures


def versions(db: Path, connect: Connect, number: int = PAGE) -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for row in connect(db).execute(
            "select version, headline, changed, words_added, words_removed, is_silent"
            " from article_versions where news_id = ? order by version",
            (number,),
        )
    ]


def test_only_edits_make_versions(load, connect) -> None:
    db = load(CHANGING)
    assert versions(db, connect) == [
        (1, FIRM, None, 0, 0, None),
        (2, FIRM, "body", 1, 1, 1),
        (3, RISE, "headline, dates", 0, 0, 0),
    ]
    assert versions(db, connect, 40300002) == [
        (1, "Growth target cut again by ministry", None, 0, 0, None)
    ]
    assert len(versions(db, connect, 40300003)) == 1


def test_times_are_those_of_all_captures_that_tell_the_version(load, connect) -> None:
    db = load(CHANGING)
    assert [
        tuple(row)
        for row in connect(db).execute(
            "select first_seen_at, last_seen_at from article_versions where news_id = ?"
            " order by version",
            (PAGE,),
        )
    ] == [
        ("2024-03-05T09:00:00Z", "2024-03-05T10:00:00Z"),
        ("2024-03-05T11:00:00Z", "2024-03-05T11:00:00Z"),
        ("2024-03-05T12:00:00Z", "2024-03-06T12:00:00Z"),
    ]


def test_changed_pages_and_silent_changes(load, connect) -> None:
    conn = connect(load(CHANGING))
    assert [
        tuple(row)
        for row in conn.execute(
            "select news_id, headline, version_count, words_added, words_removed,"
            " headline_changes, silent_changes from changed_pages"
        )
    ] == [(PAGE, RISE, 3, 1, 1, 1, 1)]
    assert [
        tuple(row)
        for row in conn.execute(
            "select news_id, version, words_added, before_seen_until, first_seen_at"
            " from silent_changes"
        )
    ] == [(PAGE, 2, 1, "2024-03-05T10:00:00Z", "2024-03-05T11:00:00Z")]


def test_a_text_that_was_cut_off_is_told_by_the_whole_one(load, connect) -> None:
    db = load([CHANGING[0]._replace(body=cut(COTTON, 0.5)), CHANGING[1]])
    (body,) = (
        connect(db)
        .execute("select body from article_versions join articles on articles.id = article_id")
        .fetchone()
    )
    assert body.endswith("end of the season.")


def test_a_paragraph_added_with_another_time_of_update(load, connect) -> None:
    more = f"{COTTON}\n\nArrivals reached 6.1 million bales by Sunday, the association added."
    first, late = CHANGING[0], CHANGING[0]._replace(at="2024-03-05T13:00:00Z", body=more)
    assert len(versions(load([first, late], "same.db"), connect)) == 1
    updated = load([first, late._replace(byline=UPDATED)], "updated.db")
    assert versions(updated, connect)[1][2:] == ("body, dates", 10, 0, 0)


def test_a_text_that_came_back_is_the_version_it_was(load, connect) -> None:
    again = CHANGING[0]._replace(at="2024-03-07T10:00:00Z")
    db = load([CHANGING[0], CHANGING[2], again])
    assert len(versions(db, connect)) == 2
    last = "select last_seen_at from article_versions where version = 1"
    assert connect(db).execute(last).fetchone()[0] == again.at


def test_two_pages_with_each_others_texts(load, connect) -> None:
    other = CHANGING[0]._replace(number=40300009)
    db = load(
        [CHANGING[0], CHANGING[2], other._replace(body=EDITED), other._replace(at="2024-03-08")]
    )
    assert [row[2] for row in versions(db, connect)] == [None, "body"]
    assert [row[2] for row in versions(db, connect, 40300009)] == [None, "body"]


def test_bodies_of_one_word_and_of_another_script(load, connect) -> None:
    word = CHANGING[0]._replace(body="Rain.")
    urdu = Captured(40300005, "2024-03-05T09:00:00Z", "کپاس", URDU)
    db = load(
        [
            word, word._replace(at="2024-03-05T10:00:00Z", body="Snow."),
            urdu, urdu._replace(at="2024-03-05T10:00:00Z", body=URDU.replace("150", "105")),
        ]
    )  # fmt: skip
    assert len(versions(db, connect)) == 2
    assert versions(db, connect, 40300005)[1][3:5] == (1, 1)


@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_and_in_several_loads(load, connect, seed: int) -> None:
    captures = [*CHANGING, *_more()]
    wanted = content_of(load(captures, "wanted.db"))
    random.Random(seed).shuffle(captures)
    half = len(captures) // 2
    load(captures[:half], "halves.db")
    found = content_of(load(captures[half:], "halves.db"))
    for table in ("text_versions", "version_forms"):
        assert found[table] == wanted[table]
        assert wanted[table]


def _more() -> list[Captured]:
    page = Captured(40300007, "2024-04-01", "A crossing without lights", LETTER)
    return [
        page._replace(at=f"2024-04-{day:02}T00:00:00Z", body=body, byline=byline)
        for day, (body, byline) in enumerate(
            (
                (LETTER, BYLINE),
                (cut(LETTER, 0.4), UPDATED),
                (LETTER.replace("July 9", "July 19"), UPDATED),
                (straight(LETTER), BYLINE),
                (with_line(LETTER, "Photo: AFP", 1), BYLINE),
                (cut(LETTER.replace("400", "40"), 0.8), BYLINE),
            ),
            1,
        )
    ]


def _told(db: Path) -> list[list[str]]:
    found = content_of(db)
    return [found["text_versions"], found["version_forms"]]


def test_merged_shared_and_parsed_again(load, run, tmp_path, connect) -> None:
    wanted = _told(load(CHANGING, "all.db"))
    load(CHANGING[::2], "a.db")
    load(CHANGING[1::2], "b.db")
    run("merge", tmp_path / "ab.db", tmp_path / "a.db", tmp_path / "b.db")
    assert _told(tmp_path / "ab.db") == wanted
    run("reparse", "--db", tmp_path / "ab.db")
    assert _told(tmp_path / "ab.db") == wanted
    run("share", tmp_path / "shared.db", "--db", tmp_path / "all.db")
    assert versions(tmp_path / "shared.db", connect) == versions(tmp_path / "all.db", connect)
    run(
        "share",
        tmp_path / "early.db",
        "--db",
        tmp_path / "all.db",
        "--until",
        "2024-03-05T11:30:00Z",
    )
    assert len(versions(tmp_path / "early.db", connect)) == 2
    bare = tmp_path / "bare.db"
    run("share", bare, "--db", tmp_path / "all.db", "--without", "text")
    assert versions(bare, connect) == versions(tmp_path / "all.db", connect)
    run("verify", "--all", "--db", tmp_path / "all.db")


def test_a_damaged_version_is_found_and_rebuilt(load, run, connect) -> None:
    db = load(CHANGING)
    wanted = versions(db, connect)
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("update text_versions set words_added = 7 where version = 2")
    conn.close()
    assert "text_versions" in run("verify", "--all", "--db", db, code=1).output
    run("verify", "--all", "--repair", "--db", db)
    assert versions(db, connect) == wanted


def test_loading_again_changes_no_byte(tmp_path, run) -> None:
    pages, db = write_pages(tmp_path / "pages.jsonl"), tmp_path / "archive.db"
    run("load", pages, "--db", db, "-q")
    before = db.read_bytes()
    run("load", pages, "--db", db, "-q", "--reread")
    assert db.read_bytes() == before
