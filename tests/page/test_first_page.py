"""A page in the layout of the first real capture gives its visible content."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from loader.archive.raw import RawReader
from loader.model import Capture, Snapshot
from loader.page import parse_capture
from tests.conftest import SAMPLES, Run

Connect = Callable[[Path], sqlite3.Connection]

PAGE = SAMPLES / "2024-seed-layout-teaser.txt"


@pytest.fixture
def snapshot() -> Snapshot:
    return parse_capture(Capture(PAGE.read_bytes(), "text/plain", str(PAGE)))


def test_thirty_shares_then_four_indices_in_order(snapshot: Snapshot) -> None:
    board = snapshot.board
    assert len(board.quotes) == 34
    assert [quote.symbol for quote in board.indices] == ["BR100", "BR30", "KSE100", "KSE30"]
    assert [quote.symbol for quote in board.quotes[:2]] == ["AIRLINK", "BOP"]
    assert board.quotes[-4:] == board.indices
    directions = [share.direction for share in board.shares]
    assert (directions.count("up"), directions.count("down"), directions.count("flat")) == (
        27, 2, 1,
    )  # fmt: skip


def test_quotes_have_the_numbers_of_the_page(snapshot: Snapshot) -> None:
    quotes = {quote.symbol: quote for quote in snapshot.board.quotes}
    ppl, kse100 = quotes["PPL"], quotes["KSE100"]
    assert (ppl.price, ppl.change, ppl.percent) == (9682, -118, -120)
    assert quotes["KEL"].direction == "flat"
    assert (kse100.price, kse100.change, kse100.percent) == (6284900, 94260, 152)
    assert all(quote.percent_error == 0 and quote.sign_ok for quote in quotes.values())


def test_article_has_dateline_and_teaser_but_no_headline_or_date(snapshot: Snapshot) -> None:
    article = snapshot.article
    assert article.headline is None
    assert article.dateline == "LIMA"
    assert article.published_at is None
    assert article.updated_at is None
    (teaser,) = article.teasers
    assert teaser.headline.startswith("Avocado packers")
    assert "Avocado packers" not in article.body
    assert "Comments" not in article.body
    assert "200 characters" not in article.body
    assert snapshot.problems == ()


@pytest.mark.parametrize(
    "words", ["blueberries", "pickers OR caravan", '"fixed prices"', "reservo*"]
)
def test_search_finds_the_article(tmp_path: Path, run: Run, connect: Connect, words: str) -> None:
    db = tmp_path / "archive.db"
    run("load", PAGE, "--db", db)
    found = connect(db).execute(
        "select count(*) from articles_fts where articles_fts match ?", (words,)
    )
    assert found.fetchone()[0] == 1


def test_loaded_twice_and_under_another_name_it_is_one_snapshot(
    tmp_path: Path, run: Run, connect: Connect
) -> None:
    db, copy = tmp_path / "archive.db", tmp_path / "copy.txt"
    copy.write_bytes(PAGE.read_bytes())
    for source in (PAGE, PAGE, copy):
        run("load", source, "--db", db)
    conn = connect(db)
    assert conn.execute("select count(*) from snapshots").fetchone()[0] == 1
    assert conn.execute("select count(*) from boards").fetchone()[0] == 1
    assert RawReader(conn).read(1) == PAGE.read_bytes()


def test_archive_counts_its_advancers(tmp_path: Path, run: Run, connect: Connect) -> None:
    db = tmp_path / "archive.db"
    run("load", PAGE, "--db", db)
    row = connect(db).execute("select * from boards").fetchone()
    names = ("quote_count", "advancer_count", "decliner_count", "unchanged_count")
    assert tuple(row[name] for name in names) == (34, 27, 2, 1)
    price = connect(db).execute(
        "select price, change, percent, previous_price from quote_history where symbol = 'PPL'"
    )
    assert tuple(price.fetchone()) == (96.82, -1.18, -1.2, 98.0)
