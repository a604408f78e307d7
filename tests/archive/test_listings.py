"""Listed stories in the archive, which supply headlines and dates that articles lack."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from loader.maintain.dump import dump
from tests.conftest import Run
from tests.page.golden import CASES

LISTING = CASES / "listing.html"
Connect = Callable[[Path], sqlite3.Connection]


def test_a_listing_page_gives_a_row_a_story_with_its_page(
    run: Run, connect: Connect, tmp_path: Path
) -> None:
    db = tmp_path / "archive.db"
    run("load", LISTING, "--db", db, "--captured-at", "2024-03-04T16:00:00Z")
    rows = connect(db).execute(
        "select position, headline, summary, listed_at, pages.url, layout, board_id"
        " from listings join snapshots on snapshots.id = snapshot_id"
        " join pages on pages.id = listings.page_id order by position"
    ).fetchall()  # fmt: skip
    assert len(rows) == 12
    position, headline, summary, listed_at, url, layout, board_id = rows[0]
    assert (position, headline) == (1, "Story number 1 of the latest news & views")
    assert summary == "What story 1 is about, in a sentence."
    assert listed_at == "2024-03-04T19:15:00+05:00"
    assert url == "https://www.brecorder.com/news/40290001"
    assert layout == "html-listing" and board_id is not None


def test_loading_a_listing_again_changes_nothing(
    run: Run, connect: Connect, tmp_path: Path
) -> None:
    db = tmp_path / "archive.db"
    run("load", LISTING, "--db", db)
    before = db.read_bytes()
    run("load", LISTING, "--db", db)
    assert db.read_bytes() == before


def test_the_view_shows_listed_and_own_headline_side_by_side_in_any_order(
    run: Run, connect: Connect, tmp_path: Path
) -> None:
    article = tmp_path / "40290003.txt"
    article.write_text("LAHORE: A text without a headline.\n\nIt has two paragraphs.\n")
    dumps = []
    for number, sources in enumerate(([LISTING, article], [article, LISTING])):
        db = tmp_path / f"{number}.db"
        for source in sources:
            url = "https://www.brecorder.com/news/40290003" if source == article else None
            run("load", source, "--db", db, *(["--url", url] if url else []))
        conn = connect(db)
        row = conn.execute("select * from listed_articles where news_id = 40290003").fetchone()
        assert row["article_id"] is not None
        assert row["article_headline"] is None
        assert row["headline"] == row["listed_headline"]
        assert row["published_at"] == row["listed_at"] == "2024-03-04T17:15:00+05:00"
        conn.row_factory = None
        dumps.append(dump(conn))
    assert dumps[0] == dumps[1]
    assert len(dumps[0]["listings"]) == 12


def test_a_visible_time_and_the_exact_one_are_no_conflict(
    run: Run, connect: Connect, tmp_path: Path
) -> None:
    exact = (CASES / "2025-urdu-link.html").read_text(encoding="utf-8")
    visible = exact.replace("NewsArticle", "WebSite").replace("article:published_time", "x")
    visible = visible.replace("article:modified_time", "y").replace('name="author"', 'name="z"')
    for name, html in (("exact.html", exact), ("visible.html", visible)):
        (tmp_path / name).write_text(html, encoding="utf-8")
    run("load", tmp_path, "--db", tmp_path / "archive.db")
    conn = connect(tmp_path / "archive.db")
    (row,) = conn.execute("select published_at, updated_at from articles").fetchall()
    assert tuple(row) == ("2025-01-29T22:34:17+05:00", "2025-01-30T09:02:41+05:00")
    assert conn.execute("select count(*) from problems").fetchone()[0] == 0


def test_a_folder_of_html_gives_tags_teasers_and_refusals(
    run: Run, connect: Connect, tmp_path: Path
) -> None:
    db = tmp_path / "archive.db"
    run("load", CASES, "--db", db)
    conn = connect(db)
    tags = {row[0] for row in conn.execute("select name from tags")}
    assert {"corals", "Astola island", "weavers"} <= tags
    (url,) = conn.execute(
        "select distinct url from teasers join pages on pages.id = page_id"
    ).fetchone()
    assert url == "https://www.brecorder.com/news/40344002"
    kinds = dict(conn.execute("select kind, count(*) from problems group by kind").fetchall())
    assert kinds["not-a-page"] == 3
    assert kinds["future-date"] == kinds["cut-off"] == 1
