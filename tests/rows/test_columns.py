"""Load, merge, comparison, copy, export and views of an archive carry every column.

A value is changed in one column of an archive that has a value in each; then every way must carry
the change, or say here why it does not. A new column fails these tests until it is carried.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from loader.archive.archive import Archive
from loader.archive.dating.times import cover
from loader.archive.schema import fresh_archive
from loader.archive.write.article_dates import ArticleDate
from loader.cli import main
from loader.maintain.dump import NOT_CONTENT, NOT_CONTENT_TABLES, row_lines
from loader.maintain.export import COLUMNS
from loader.maintain.merge import merge_into
from loader.maintain.reparse.compare import Scan
from loader.maintain.share.share import Parts, share
from loader.maintain.verify.verify import verify
from loader.rows.records import ClaimRow
from loader.rows.travels import TABLES, Travels
from tests.conftest import ROOT, SAMPLES

pytestmark = pytest.mark.usefixtures("one_fresh_archive")

Column = tuple[str, str]
_CARRIED: Final = (Travels.CAPTURES, Travels.BROUGHT)


def _stored_columns() -> list[Column]:
    with fresh_archive() as fresh:
        return [
            (table, name)
            for table, travels in TABLES.items()
            if travels in _CARRIED
            for (name,) in fresh.execute(
                "select name from pragma_table_xinfo(?) where hidden = 0", (table,)
            )
        ]


STORED: Final = _stored_columns()
CONTENT: Final = [column for column in STORED if column not in NOT_CONTENT]

_WORKED_OUT = "worked out from the captures that were merged"
_LIST = "of the loader's own list"
_DATING = "inferred again"
# Columns that a merge does not copy.
_SETTLED = "settled again from the claims"
NOT_MERGED: Final = {
    **{("articles", name): _SETTLED for name in (*ClaimRow._fields, *ArticleDate._fields)},
    ("instruments", "name"): _LIST,
    ("instruments", "sector"): _LIST,
    ("boards", "has_stale_shares"): _DATING,
    ("boards", "state"): _DATING,
    ("boards", "state_detail"): _DATING,
    ("quotes", "within_daily_limit"): _DATING,
    ("boards", "first_captured_at"): _WORKED_OUT,
    ("boards", "last_captured_at"): _WORKED_OUT,
    ("problems", "source_offset"): "the place of the snapshot",
    ("raw_dictionaries", "digest"): "made of its bytes",
    ("raw_dictionaries", "data"): "with the digest that they have now",
    ("boards", "is_pre_open"): "with the day that follows from it",
    ("mentions", "mention_count"): "counted from the places",
}
# Columns that make a row another row: changed alone they contradict what names them.
LINKS: Final = frozenset(
    column for column in STORED if column[1].endswith("_id") and column[1] != "news_id"
) | {("articles", "digest"), ("boards", "digest")}
# Columns of which `verify` does not see a change, for nothing else tells of them.
_ONLY_HERE = "nothing else in the archive tells of it"
NOT_COMPARED: Final = {
    **{
        column: _ONLY_HERE
        for column in STORED
        if column[0] in ("loads", "revisits") and column not in LINKS
    },
    ("sources", "kind"): _ONLY_HERE,
    ("snapshots", "captured_basis"): _ONLY_HERE,
    ("snapshots", "source_offset"): _ONLY_HERE,
    ("problems", "source_offset"): _ONLY_HERE,
    ("raw_captures", "charset"): _ONLY_HERE,
    ("closes", "close_hundredths"): _ONLY_HERE,
    ("closes", "source"): _ONLY_HERE,
    ("session_overrides", "source"): _ONLY_HERE,
}
_INTERNAL = "local numbers and links between rows"
# Columns that no export has.
NOT_EXPORTED: Final = {
    **{column: _INTERNAL for column in STORED if column[1] == "id" or column[1].endswith("_id")},
    **{column: "by their decimals" for column in STORED if column[1].endswith("_hundredths")},
    ("quotes", "direction_sign"): "by its word",
    ("articles", "caption"): "of the picture, which is not kept",
    ("articles", "tags_line"): "by the tags that are told apart",
    ("articles", "body"): "as text",
    ("article_tables", "header_count"): "by is_header of each row",
    ("boards", "digest"): "as board",
    ("boards", "quote_count"): "the rows themselves",
    ("boards", "advancer_count"): "the rows themselves",
    ("boards", "decliner_count"): "the rows themselves",
    ("boards", "unchanged_count"): "the rows themselves",
    ("boards", "is_pre_open"): "tells why there is no day; in the view undated_boards",
    ("boards", "is_single_quote"): "tells why there is no day; in the view undated_boards",
    ("boards", "has_stale_shares"): "tells why there is no day; in the view undated_boards",
    ("boards", "state"): "tells why there is no day; in the view undated_boards",
    ("boards", "state_detail"): "tells why there is no day; in the view undated_boards",
}
_EXPORTED_TABLES: Final = {
    "articles": "articles",
    "article_tables": "article_tables",
    "boards": "quotes",
    "quotes": "quotes",
}
# Columns that no view shows.
_ON_ITS_PAGE = "on the page of its row"
NOT_IN_VIEWS: Final = {
    **{column: "by their decimals" for column in STORED if column[1].endswith("_hundredths")},
    ("quotes", "direction_sign"): "by its word",
    **{
        ("articles", name): _ON_ITS_PAGE
        for name in ("digest", "print_date", "tags_line", "caption", "summary", "body")
    },
    ("article_tables", "paragraph_count"): _ON_ITS_PAGE,
    ("article_tables", "header_count"): "by is_header of each row",
    ("boards", "digest"): _ON_ITS_PAGE,
}
_VIEWED_TABLES: Final = ("articles", "article_tables", "boards", "quotes", "loads", "instruments")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An archive of few captures with a value in every column: to copy, not to write."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "closes.csv").write_text("symbol,date,close\nKSE100,2024-03-05,65603.12\n")
    (folder / "days.csv").write_text("date,open\n2024-03-25,no\n")
    (folder / "nothing.txt").write_bytes(b"")
    lines = (SAMPLES / "spring-2024.jsonl").read_text().splitlines()
    (folder / "spring.jsonl").write_text("\n".join(lines[:12]) + "\n{}\n")
    text = "LETTER: Cotton firmed.\n\nOGDC fell, traders said."
    for number, byline in enumerate(("Recorder Report", "Reuters")):
        board = "QQQQ 1.25 No Change ▼ 0.00 (0%)\nKSE100 71,234 Increased By 345.6 (0.49%)"
        page = f"{board}\nCotton firms up\n\n{byline} 03 Nov, 2023\n\n{text}"
        (folder / f"{number}.txt").write_text(page)
    named = [
        SAMPLES / "2021-06-covid-counter.txt",
        SAMPLES / "2024-seed-layout-teaser.txt",
        SAMPLES / "2024-caption-twice-and-tail.txt",
        SAMPLES / "2022-summary-bullets.txt",
        SAMPLES / "2025-section-print-date.txt",
        SAMPLES / "2018-listing-read-more.txt",
        SAMPLES / "2024-pre-open-board.txt",
        SAMPLES / "2023-corpus-prefix-headline-next-line.txt",
        ROOT / "tests" / "html_cases" / "2022-article.html",
        ROOT / "tests" / "html_cases" / "saved.mhtml",
        ROOT / "tests" / "archives" / "crawl.warc.gz",
        *sorted(folder.glob("*.txt")),
        folder / "spring.jsonl",
    ]
    db = folder / "archive.db"
    url = "https://www.brecorder.com/news/40301234"
    patch = pytest.MonkeyPatch()
    patch.setattr("loader.maintain.compact._MIN_CAPTURES", 10)
    for arguments in (
        ("load", *named, "--db", db, "-q"),
        ("load", named[2], "--db", db, "-q", "--url", url, "--captured-at", "2024-05-03"),
        ("date", "--closes", folder / "closes.csv", "--holidays", folder / "days.csv",
         "--db", db, "-q", "--force"),
        ("compact", "--db", db),
    ):  # fmt: skip
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exit_code == 0, result.output
    patch.undo()
    yield db


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of no captures with the sessions of all years, to merge into a copy of it."""
    path = tmp_path_factory.mktemp("empty") / "archive.db"
    with Archive.open(path) as archive:
        archive.in_transaction(lambda conn: cover(conn, ["2018-01-01", "2025-12-31"], reload=True))
    return path


# Rows that are changed sooner than others: what users cannot know by heart, and what no rule of
# the archive makes again.
_FIRST: Final = {
    "problems": "snapshot_id is null",
    "instruments": "name is not null",
    "sources": "location not like '%spring.jsonl'",
}


def _changed(tiny: Path, folder: Path, column: Column) -> Path:
    """A copy of the archive with another value in the first row that has one there."""
    db = Path(shutil.copy(tiny, folder / "changed.db"))
    _change(db, column)
    return db


def _change(db: Path, column: Column) -> None:
    table, name = column
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute("pragma ignore_check_constraints = on")
        keys = [
            key
            for (key,) in conn.execute(
                "select name from pragma_table_info(?) where pk order by pk", (table,)
            )
        ]
        found = conn.execute(
            f"select {name}, {', '.join(keys)} from {table} where {name} is not null"
            f" order by {_FIRST.get(table, 'true')}, {', '.join(keys)} desc limit 1"
        ).fetchone()
        value, *key = found
        where = " and ".join(f"{part} = ?" for part in keys)
        conn.execute(
            f"update {table} set {name} = ? where {where}",
            (_other(column, value), *key),
        )


def _other(column: Column, value: object) -> object:
    """Another value of the same type; of a link, a row that is not there."""
    table, name = column
    if column in LINKS and isinstance(value, int):
        return value + 1_000_000
    if name in ("is_open", "is_pre_open", "is_single_quote", "has_stale_shares"):
        return 1 - int(str(value))
    if isinstance(value, int):
        return value + 1
    if column == ("boards", "state"):
        return "frozen" if value != "frozen" else "whole"
    if re.match(r"\d{4}-\d\d-\d\d", str(value)):
        return f"2001-01-01{str(value)[10:]}"
    if isinstance(value, bytes):
        return value + b"x"
    if name == "kind" and table == "instruments":
        return "index" if value == "share" else "share"
    return f"{value}x"


def _rows(path: Path, table: str) -> list[str]:
    """The content of a table; of loads and dictionaries, which no dump has, all but the id."""
    with closing(sqlite3.connect(path)) as conn:
        if table not in NOT_CONTENT_TABLES:
            return sorted(row_lines(conn, table))
        columns = ", ".join(name for owner, name in CONTENT if owner == table)
        return sorted(map(repr, conn.execute(f"select {columns} from {table}")))


def _named(column: Column) -> str:
    return ".".join(column)


def test_load_fills_every_column(tiny: Path) -> None:
    with closing(sqlite3.connect(tiny)) as conn:
        empty = [
            (table, name)
            for table, name in STORED
            if not conn.execute(f"select count({name}) from {table}").fetchone()[0]
        ]
    assert empty == []


@pytest.mark.parametrize("column", CONTENT, ids=_named)
def test_comparison_and_merge_carry_a_column_or_say_why_not(
    column: Column, tiny: Path, empty: Path, tmp_path: Path
) -> None:
    changed = _changed(tiny, tmp_path, column)
    table = column[0]
    if table == "raw_captures":
        # Bytes are checked by the digest of their snapshot, so that a dump needs them whole.
        assert _finds(changed) is (column not in NOT_COMPARED)
        return
    wanted = _rows(changed, table)
    assert wanted != _rows(tiny, table), "the dump does not show it"
    assert _finds(changed) is (column not in NOT_COMPARED), "comparison"
    if column in LINKS:
        return
    with Archive.open(Path(shutil.copy(empty, tmp_path / "merged.db"))) as archive:
        merge_into(archive, changed, timeout=1.0)
    is_merged = _rows(tmp_path / "merged.db", table) == wanted
    assert is_merged is (column not in NOT_MERGED), "merge"


# Bytes of raw captures are checked by the digest of their snapshot.
@pytest.mark.parametrize("table", sorted({table for table, _ in CONTENT} - {"raw_captures"}))
def test_copy_carries_every_column_of_a_table(table: str, tiny: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copy(tiny, tmp_path / "changed.db"))
    for column in CONTENT:
        if column[0] == table:
            _change(changed, column)
    share(changed, tmp_path / "shared.db", Parts(closes=True), timeout=1.0)
    assert _rows(tmp_path / "shared.db", table) == _rows(changed, table)


def _finds(db: Path) -> bool:
    """Whether `verify --all` sees the change, in the file or in what it says."""
    with closing(sqlite3.connect(db)) as conn:
        return any(finding.is_damage for finding in verify(conn, db, Scan(), everything=True))


def test_every_column_is_exported_or_says_why_not() -> None:
    for table, exported in _EXPORTED_TABLES.items():
        for column in STORED:
            if column[0] == table:
                is_there = column[1] in COLUMNS[exported]  # type: ignore[index]
                assert is_there is (column not in NOT_EXPORTED), column


def test_every_column_is_in_a_view_or_says_why_not() -> None:
    with fresh_archive() as fresh:
        shown = {
            name
            for (view,) in fresh.execute("select name from sqlite_master where type = 'view'")
            for (name,) in fresh.execute("select name from pragma_table_xinfo(?)", (view,))
        }
    for column in STORED:
        # Numbers of rows stand in views as links, under the name of what they link to.
        if column[0] in _VIEWED_TABLES and column[1] != "id" and not column[1].endswith("_id"):
            assert (column[1] in shown) is (column not in NOT_IN_VIEWS), column


def test_reasons_are_of_columns_that_are_there() -> None:
    reasons: tuple[Mapping[Column, str], ...] = (
        NOT_MERGED, NOT_COMPARED, NOT_EXPORTED, NOT_IN_VIEWS
    )  # fmt: skip
    for table in reasons:
        assert set(table) <= set(STORED)
