"""`article_date` and its basis are independent of the order of loading (docs/design.md)."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from loader.archive.scripts import read_sql
from loader.maintain.dump import dump
from loader.page.address_date import address_date
from tests.conftest import Run
from tests.page.golden import CASES

Connect = Callable[[Path], sqlite3.Connection]
Dated = tuple[str | None, str | None]
SAMPLE = Path(__file__).parents[2] / "archive.db"
LISTING = CASES / "listing.html"
LISTED = "https://www.brecorder.com/news/40290003"
LISTED_AT = "2024-03-04T17:15:00+05:00"
FEED = """<rss version="2.0"><channel><title>News</title><link>https://www.brecorder.com</link>
<item><title>Rice exports rise</title><link>{url}/rice</link>
<description>&lt;p&gt;{text}&lt;/p&gt;</description>
<pubDate>Tue, 05 Mar 2024 19:31:00 +0500</pubDate></item></channel></rss>
"""
BODY = "LAHORE: A text that prints no date was read on the way.\n\nIt has two paragraphs in all."


@pytest.fixture
def dated(run: Run, connect: Connect, tmp_path: Path) -> Callable[..., Dated]:
    """The date of the one article (or of `headline`) after loading captures of a page."""
    made = itertools.count()

    def load(text: str, url: str | None = None, **columns: str) -> Dated:
        folder = tmp_path / str(next(made))
        folder.mkdir()
        record = {"text": text, **({"url": url} if url else {}), **columns}
        (folder / "pages.jsonl").write_text(json.dumps(record) + "\n")
        run("load", folder / "pages.jsonl", "--db", folder / "a.db", "-q")
        (row,) = connect(folder / "a.db").execute(
            "select article_date, article_date_basis from article_list"
        )
        return row[0], row[1]

    return load


@pytest.mark.parametrize(
    ("text", "url", "wanted"),
    [
        (f"Rice exports rise\n\nRecorder Report 03 Mar, 2024\n\n{BODY}", None,
         ("2024-03-03", "published")),
        (f"Rice exports rise\n\nBR Web Desk Published 03 Mar, 2024 01:23pm\n\n{BODY}",
         "https://www.brecorder.com/2017/04/27/345850/rice/",
         ("2024-03-03T13:23:00+05:00", "published")),
        (f"Markets Print 2024-03-02\n\nRice exports rise\n\n{BODY}", None, ("2024-03-02", "print")),
        (f" date 2024-03-01 \n{BODY}", None, ("2024-03-01", "corpus")),
        (f" date 2024-03-01 \n{BODY}", "https://www.brecorder.com/2017/04/27/345850/rice/",
         ("2024-03-01", "corpus")),
        (f" date 2024-03 \n{BODY}", None, (None, None)),
        (f" date 2024-03 \n{BODY}", "http://www.brecorder.com/2017/04/27/345850/rice/",
         ("2017-04-27", "address")),
        (f" date 2024-02-31 \n{BODY}", None, (None, None)),
        (BODY, "http://www.brecorder.com/2017/4/7/345850/rice", ("2017-04-07", "address")),
        (BODY, "https://web.archive.org/web/2019/http://www.brecorder.com/2017/04/27/345850/rice/",
         ("2017-04-27", "address")),
        (BODY, "https://www.brecorder.com/news/1221334/rice-201508261220593",
         ("2015-08-26", "address")),
        (BODY, "https://epaper.brecorder.com/2018/02/03/4-page/123456-news.html",
         ("2018-02-03", "address")),
        (BODY, "https://fp.brecorder.com/2017/08/20170822211339/", ("2017-08-22", "address")),
        (BODY, "https://www.brecorder.com/news/40123456/rice", (None, None)),
        (BODY, "https://www.example.com/2017/04/27/345850/rice/", (None, None)),
        (f"Rice exports rise\n\nUpdated 03 Mar, 2024\n\n{BODY}", None, ("2024-03-03", "updated")),
    ],
)  # fmt: skip
def test_one_capture_dates_its_text(
    dated: Callable[..., Dated], text: str, url: str | None, wanted: Dated
) -> None:
    assert dated(text, url) == wanted


def test_capture_time_is_no_date_of_a_text(dated: Callable[..., Dated]) -> None:
    assert dated(BODY, None, timestamp="2024-05-03T10:15:00Z") == (None, None)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://www.brecorder.com/2017/13/27/345850/", None),
        ("https://www.brecorder.com/2017/02/30/345850/", None),
        ("https://fp.brecorder.com/2017/08/20170922211339/", None),
        ("https://www.brecorder.com/news/4012/20150826122059", None),
        ("https://www.brecorder.com/news/4012/x-99990826122059", None),
        ("https://www.brecorder.com/news/4012/budget-20150826", None),
        ("www.brecorder.com/2017/04/27/345850", "2017-04-27"),
        ("https://www.brecorder.com/2017/04/27", "2017-04-27"),
        ("https://www.brecorder.com/?date=/2017/04/27/", None),
        ("http://[", None),
        (None, None),
    ],
)
def test_address_names_a_day_or_none(url: str | None, wanted: str | None) -> None:
    assert address_date(url) == wanted


def _sources(folder: Path) -> dict[str, Path]:
    """Captures of one page: a text without a date, a listing and a feed that name it, another
    text with a corpus date, and one that prints its date."""
    folder.mkdir()
    texts = {
        "text": BODY,
        "corpus": " date 2024-03-06 \nKARACHI: Another form of the story went out later on.",
        "page": "Rice exports rise\n\nRecorder Report 04 Mar, 2024\n\nKARACHI: A third form of it.",
    }
    found = {"listing": LISTING, "feed": folder / "feed.xml"}
    (folder / "feed.xml").write_text(FEED.format(url=LISTED, text=BODY.replace("\n\n", " ")))
    for name, text in texts.items():
        found[name] = folder / f"{name}.jsonl"
        found[name].write_text(json.dumps({"url": LISTED, "text": text}) + "\n")
    return found


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("text",), (None, None)),
        (("text", "corpus"), ("2024-03-06", "corpus")),
        (("text", "feed", "corpus"), ("2024-03-05T19:31:00+05:00", "feed")),
        (("text", "listing", "feed", "corpus"), (LISTED_AT, "listing")),
        (("text", "listing", "feed", "corpus", "page"), ("2024-03-04", "published")),
    ],
)
def test_what_else_says_of_the_page_dates_the_text_in_any_order(
    run: Run, connect: Connect, tmp_path: Path, names: tuple[str, ...], wanted: Dated
) -> None:
    sources = _sources(tmp_path / "sources")
    contents = []
    orders = list(itertools.permutations(names))
    for number, order in enumerate(orders[:: max(1, len(orders) // 3)]):
        db = tmp_path / f"{number}.db"
        for name in order:
            run("load", sources[name], "--db", db, "-q")
        conn = connect(db)
        rows = conn.execute(
            "select article_date, article_date_basis from articles where dateline = 'LAHORE'"
        )
        assert {tuple(row) for row in rows} == {wanted}
        conn.row_factory = None
        contents.append(dump(conn))
    assert all(content == contents[0] for content in contents)
    # Merged, an archive for each.
    parts = []
    for name in names:
        parts.append(tmp_path / f"{name}.db")
        run("load", sources[name], "--db", parts[-1], "-q")
    run("merge", tmp_path / "merged.db", *reversed(parts))
    merged = connect(tmp_path / "merged.db")
    merged.row_factory = None
    assert dump(merged) == contents[0]
    assert "no damage found" in run("verify", "--all", "--db", tmp_path / "merged.db").output


def test_feed_alone_dates_its_own_text_as_a_feed(
    run: Run, connect: Connect, tmp_path: Path
) -> None:
    (tmp_path / "feed.xml").write_text(FEED.format(url=LISTED, text=BODY))
    run("load", tmp_path / "feed.xml", "--db", tmp_path / "a.db", "-q")
    (row,) = connect(tmp_path / "a.db").execute(
        "select article_date, article_date_basis, published_at from articles"
    )
    assert tuple(row) == ("2024-03-05T19:31:00+05:00", "feed", "2024-03-05T19:31:00+05:00")


def test_address_at_a_smaller_place_dates_the_text_again(
    run: Run, connect: Connect, tmp_path: Path
) -> None:
    """One capture in two files, whose addresses are one page: that of the smaller place holds."""
    for name, url in (("a", "http://www.brecorder.com/2017/04/27/345850/rice/"),
                      ("b", "https://www.brecorder.com/news/345850")):  # fmt: skip
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"url": url, "text": BODY}) + "\n")
    contents = []
    for order in ("ab", "ba"):
        db = tmp_path / f"{order}.db"
        for name in order:
            run("load", tmp_path / f"{name}.jsonl", "--db", db, "-q")
        conn = connect(db)
        row = conn.execute("select article_date, article_date_basis from articles").fetchone()
        assert tuple(row) == ("2017-04-27", "address")
        conn.row_factory = None
        contents.append(dump(conn))
    assert contents[0] == contents[1]


def test_copy_of_a_span_has_no_date_that_was_left_out(
    run: Run, connect: Connect, tmp_path: Path
) -> None:
    db = tmp_path / "a.db"
    (tmp_path / "text.jsonl").write_text(
        json.dumps({"url": LISTED, "text": BODY, "timestamp": "2024-05-03T10:15:00Z"}) + "\n"
    )
    run("load", LISTING, "--db", db, "--captured-at", "2024-03-04T16:00:00Z", "-q")
    run("load", tmp_path / "text.jsonl", "--db", db, "-q")
    assert connect(db).execute("select article_date from articles").fetchone()[0] == LISTED_AT
    run("share", tmp_path / "copy.db", "--db", db, "--since", "2024-05-01")
    row = connect(tmp_path / "copy.db").execute("select article_date from articles").fetchone()
    assert row[0] is None
    assert "no damage found" in run("verify", "--db", tmp_path / "copy.db").output


def test_changed_date_is_found_and_mended(run: Run, connect: Connect, tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    run("load", *_sources(tmp_path / "sources").values(), "--db", db, "-q")
    dates = "select article_date from articles order by 1"
    with closing(sqlite3.connect(db)) as conn, conn:
        wanted = conn.execute(dates).fetchall()
        conn.execute("update articles set article_date = '1999-01-01' where dateline = 'LAHORE'")
    assert "whose date differs" in run("verify", "--db", db, code=1).output
    run("verify", "--repair", "--db", db)
    with closing(sqlite3.connect(db)) as conn:
        assert conn.execute(dates).fetchall() == wanted


def test_dating_an_article_reads_no_other_pages() -> None:
    # With statistics, SQLite's Bloom filters for joins read a whole table first.
    asked: list[str] = []

    def count(url: str) -> str | None:
        asked.append(url)
        return address_date(url)

    with closing(sqlite3.connect(f"file:{SAMPLE}?mode=ro", uri=True)) as conn:
        conn.create_function("address_date", 1, count, deterministic=True)
        sql, ids = read_sql("article_dates.sql"), {"ids": "[1]"}
        plan = [row[3] for row in conn.execute(f"explain query plan {sql}", ids)]
        assert not [step for step in plan if "BLOOM" in step]
        assert conn.execute(sql, ids).fetchall()
    assert len(set(asked)) <= 2
