"""Copies, comparisons and repairs of an archive include every table.

Each table has a row in the archive of these tests. Where nothing is said of a table here, a
row that goes missing must be found by `verify`, brought back by `reparse`, and left out of a
copy of no captures: so a new table fails these tests until they, and the code, know it.
"""

from __future__ import annotations

import gzip
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.archive.scripts import read_sql
from loader.cli import main
from loader.maintain.dump import dump
from loader.rows.travels import TABLES, Travels
from tests.archive.captures import content_of
from tests.articles.pages import write_pages
from tests.conftest import ROOT, SAMPLES, Run
from tests.reliability import some

pytestmark = pytest.mark.usefixtures("one_fresh_archive")

Connect = Callable[[Path], sqlite3.Connection]
_ARE = {kind: {name for name, travels in TABLES.items() if travels is kind} for kind in Travels}

# Tables of which a missing row is not found, or not by its being missing.
NOT_FOUND = {
    "articles_fts": "the index of another table: SQLite's own check",
    "dating_state": "the next load dates again",
    "provenance": "only in copies",
    "raw_captures": "a snapshot may be kept without",
    "read_sources": "what need not be read again; is read again then",
    "revisits": "nothing else tells of them",
}
# Tables of captures of which `reparse` brings no row back, for no raw capture has it.
NOT_PARSED = {
    "instruments": "of the loader's own list",
    "loads": "when",
    "pages": "part of what names a capture",
    "raw_captures": "what is parsed",
    "raw_dictionaries": "what they are compressed with",
    "revisits": "have none",
    "snapshots": "what raw captures belong to",
    "sources": "from where",
}
# Tables that have rows in a copy without captures.
NOT_OF_CAPTURES = _ARE[Travels.FACTS] | _ARE[Travels.BOOKKEEPING] | {
    "dating_state",  # says that there is nothing to date
    "instruments",  # of the loader's own list
    "session_overrides",  # on which days the exchange was open
    "sessions",  # of the years of those
}  # fmt: skip

# Samples that together fill the tables which captures fill, besides pages of two weeks.
VARIED = ("2018-listing-read-more.txt", "2021-03-covid-level-alone.txt")
_PAGES = 12
_ALIKE = 3

_FRAME = "The rates are those that brokers told the desk by the evening, and may differ by place."


@pytest.fixture(scope="module")
def few_are_enough() -> Iterator[None]:
    """Let few pages be enough for a dictionary, and to be crowded by the same boilerplate."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("loader.archive.write.likenesses.MOST_ALIKE", _ALIKE)
        patch.setattr("loader.maintain.compact._MIN_CAPTURES", 10)
        yield


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, few_are_enough: None) -> Path:
    """An archive with rows in every table but `provenance`: to copy, not to write."""
    folder = tmp_path_factory.mktemp("full")
    closes, holidays, nothing = folder / "closes.csv", folder / "days.csv", folder / "nothing.txt"
    closes.write_text("symbol,date,close\nKSE100,2024-04-04,57317.00\n")
    holidays.write_text("date,open\n2024-03-25,no\n")
    nothing.write_bytes(b"")
    # Boilerplate on more pages than find copies by it.
    for number in range(_ALIKE + 1):
        text = f"KARACHI: Sold were {number} bales. {_FRAME}"
        (folder / f"bales-{number}.txt").write_text(text)
    db = folder / "archive.db"
    crawl = ROOT / "tests" / "archives" / "crawl.warc.gz"
    pictures = ROOT / "tests" / "html_cases" / "2025-urdu-link.html"
    changing = write_pages(folder / "changing.jsonl")
    with gzip.open(SAMPLES / "spring-2024-part2.jsonl.gz") as file:
        (folder / "spring.jsonl").write_bytes(b"".join(islice(file, _PAGES)))
    samples = [folder / "spring.jsonl", *(SAMPLES / name for name in VARIED)]
    bales = folder.glob("bales-*")
    for arguments in (
        ("load", *samples, crawl, pictures, changing, nothing, *bales, "--db", db, "-q"),
        ("date", "--closes", closes, "--holidays", holidays, "--db", db, "-q"),
        ("compact", "--db", db),
    ):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exit_code == 0, result.output
    return db


@pytest.fixture(scope="module")
def full_content(full: Path) -> dict[str, list[str]]:
    return content_of(full)


def _row_gone(full: Path, folder: Path, table: str) -> Path:
    """A copy of the archive without the first row of a table."""
    db = Path(shutil.copy(full, folder / "archive.db"))
    with closing(sqlite3.connect(db)) as conn, conn:
        keys = ", ".join(
            row[0]
            for row in conn.execute(
                "select name from pragma_table_info(?) where pk order by pk", (table,)
            )
        )
        first = f"select {keys} from {table} order by {keys} limit 1"
        assert conn.execute(f"delete from {table} where ({keys}) = ({first})").rowcount == 1
    return db


def test_every_table_is_known(full: Path, connect: Connect) -> None:
    conn = connect(full)
    stored = {
        row[0]
        for row in conn.execute("select name from sqlite_master where type = 'table'")
        if not row[0].startswith(("sqlite_stat", "articles_fts_"))
    }
    assert stored == set(TABLES)
    empty = {t for t in TABLES if not conn.execute(f"select 1 from {t} limit 1").fetchone()}
    assert empty == {"provenance"}


def test_dump_shows_every_table_that_is_content(full: Path, connect: Connect) -> None:
    """Loads, dictionaries and the state of dating say how the file came about."""
    conn = connect(full)
    conn.row_factory = None
    shown = set(dump(conn))
    content = _ARE[Travels.CAPTURES] | _ARE[Travels.BROUGHT] | _ARE[Travels.INFERRED]
    indexes = {"articles_fts", "article_sketches"}
    assert shown == content - indexes - {"loads", "raw_dictionaries", "dating_state"}


# What `link_all` and `credit_all` make anew.
_LINKS = {"article_likenesses", "article_sketches", "crowded_sketches", "credits", "article_counts"}


def test_dating_can_forget_every_table_that_it_fills() -> None:
    forgotten = set(re.findall(r"delete from (\w+)", read_sql("forget_dating.sql")))
    assert forgotten == _ARE[Travels.INFERRED] - {"articles_fts"} - _LINKS


@pytest.mark.parametrize("table", sorted(TABLES.keys() - NOT_FOUND.keys()))
def test_verify_finds_a_row_that_is_missing(
    table: str, full: Path, tmp_path: Path, run: Run
) -> None:
    db = _row_gone(full, tmp_path, table)
    assert "fault" in run("verify", "--all", "--db", db, code=1).output


@pytest.mark.parametrize("table", sorted(_ARE[Travels.CAPTURES] - NOT_PARSED.keys()))
def test_reparse_brings_back_a_row_that_is_missing(
    table: str, full: Path, full_content: dict[str, list[str]], tmp_path: Path, run: Run
) -> None:
    db = _row_gone(full, tmp_path, table)
    run("reparse", "--db", db)
    assert content_of(db) == full_content


@pytest.mark.parametrize("table", some(sorted(NOT_PARSED.keys() - {"instruments"}), 3))
def test_salvage_saves_all_but_what_a_missing_row_named(
    table: str, full: Path, full_content: dict[str, list[str]], tmp_path: Path, run: Run
) -> None:
    """One load or dictionary is of all captures here, the other rows of a capture or two."""
    db = _row_gone(full, tmp_path, table)
    code = 0 if table in NOT_FOUND else 1
    run("verify", "--db", db, code=code)
    run("verify", "--repair", "--db", db)
    saved = tmp_path / "archive.salvaged.db"
    assert saved.exists() is (code == 1)
    found, wanted = content_of(saved if code else db), full_content
    missing = len(wanted["raw_captures"]) - len(found["raw_captures"])
    most = len(wanted["raw_captures"]) if table == "raw_dictionaries" else 1
    assert 0 <= missing <= most
    if table not in ("revisits", "sources"):
        assert found["revisits"] == wanted["revisits"]


def test_copy_of_no_captures_has_rows_of_no_table_of_captures(
    full: Path, tmp_path: Path, run: Run, connect: Connect
) -> None:
    """Of a time in which nothing was captured: whatever is left was forgotten by `share`."""
    out = tmp_path / "out.db"
    run("share", out, "--since", "2100-01-01", "--db", full)
    conn = connect(out)
    left = {t for t in TABLES if conn.execute(f"select 1 from {t} limit 1").fetchone()}
    assert left <= NOT_OF_CAPTURES | {"_sqlite_migrations"}
    assert "no damage found" in run("verify", "--db", out).output


def test_copy_of_some_symbols_names_no_page_of_others(
    full: Path, tmp_path: Path, run: Run, connect: Connect
) -> None:
    out = tmp_path / "out.db"
    run("share", out, "--symbols", "OGDC", "--db", full)
    conn = connect(out)
    assert conn.execute("select count(*) from revisits").fetchone()[0] == 0
    assert (
        conn.execute("select count(*) from problems where snapshot_id is null").fetchone()[0] == 0
    )
    assert "no damage found" in run("verify", "--db", out).output
