"""Archives of every released schema open, migrate, verify and merge (tests/archives/README.md)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from loader.archive import schema
from loader.archive.connection import open_writable
from tests.archive.captures import content_of
from tests.conftest import ROOT, Run

ARCHIVES = sorted((ROOT / "tests" / "archives").glob("*.db"))
PAGES = (
    "2024-seed-layout-teaser", "2021-06-covid-counter", "2022-summary-bullets",
    "2024-index-change-over-1000", "2023-doubled-board", "2018-epaper-capitals-byline",
)  # fmt: skip
Connect = Callable[[Path], sqlite3.Connection]


@pytest.fixture(params=ARCHIVES, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copy(request.param, tmp_path / "archive.db"))


@pytest.fixture
def wanted(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What the same pages give today."""
    monkeypatch.chdir(ROOT)
    db = tmp_path / "today.db"
    pages = [f"tests/samples/{page}.txt" for page in PAGES]
    run("load", *pages, "/dev/null", "--db", db, "-q", code=1)
    return content_of(db)


def test_there_is_an_archive_of_an_older_schema() -> None:
    assert ARCHIVES


def test_archive_is_read_without_being_changed(old: Path, run: Run) -> None:
    before = old.read_bytes()
    output = run("verify", "--all", "--db", old).output
    assert "6 parsed again" in output
    assert "no damage found" in output
    assert old.read_bytes() == before


def test_migrated_and_parsed_again_it_holds_what_a_load_gives_today(
    old: Path, wanted: dict[str, list[str]], run: Run
) -> None:
    run("reparse", "--db", old)
    run("load", old.parent / "today.db.none", "--db", old, "-q", code=1)
    assert "no damage found" in run("verify", "--all", "--db", old).output
    found = content_of(old)
    for table in wanted.keys() - {"sources", "problems"}:
        assert found[table] == wanted[table], table


def test_merged_it_holds_what_a_load_gives_today(
    old: Path, wanted: dict[str, list[str]], run: Run, tmp_path: Path
) -> None:
    run("merge", tmp_path / "merged.db", old)
    run("reparse", "--db", tmp_path / "merged.db")
    found = content_of(tmp_path / "merged.db")
    for table in wanted.keys() - {"problems"}:
        assert found[table] == wanted[table], table


def test_older_archive_can_be_shared(old: Path, run: Run, tmp_path: Path) -> None:
    before = old.read_bytes()
    run("share", tmp_path / "out.db", "--db", old)
    assert "no damage found" in run("verify", "--db", tmp_path / "out.db").output
    assert old.read_bytes() == before


def test_migration_that_fails_half_way_leaves_the_old_version(
    old: Path, monkeypatch: pytest.MonkeyPatch, connect: Connect
) -> None:
    last = schema.migrations._migrations[-1]

    def fail(_: object) -> None:
        raise RuntimeError("half way")

    before = connect(old).execute("select type, name, sql from sqlite_master").fetchall()
    monkeypatch.setattr(last, "fn", fail)
    with pytest.raises(RuntimeError):
        open_writable(old)
    conn = connect(old)
    after = conn.execute("select type, name, sql from sqlite_master").fetchall()
    assert [tuple(row) for row in after] == [tuple(row) for row in before]
    assert conn.execute("pragma integrity_check").fetchone()[0] == "ok"
