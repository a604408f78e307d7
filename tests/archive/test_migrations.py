"""Archives of every released schema open, migrate, verify and merge (tests/archives/README.md)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.archive import schema
from loader.archive.connection import open_writable
from loader.cli import main
from tests.archive.captures import content_of
from tests.archives import RELEASED, sources_of, unpack
from tests.conftest import ROOT, SAMPLES, Run
from tests.reliability import some

Connect = Callable[[Path], sqlite3.Connection]
Content = dict[str, list[str]]


@pytest.fixture(params=RELEASED)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def old(name: str, tmp_path: Path) -> Path:
    return unpack(name, tmp_path / "archive.db")


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[str, ...]], Content]:
    """Return a function for what sources give today."""

    @cache
    def load(sources: tuple[str, ...]) -> Content:
        db = tmp_path_factory.mktemp("today") / "archive.db"
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.chdir(ROOT)
            result = CliRunner().invoke(main, ["load", *sources, "--db", str(db), "-q"])
        assert result.exit_code == 1  # one of them is empty
        return content_of(db)

    return load


@pytest.fixture
def wanted(name: str, today: Callable[[tuple[str, ...]], Content]) -> Content:
    """What the same captures give today."""
    return today(sources_of(name))


# Tables of which an earlier loader made something else of the same captures: the first loader to
# read crawls knew no listings and named fewer conflicts. None kept the pages of authors, which
# crawls have.
READ_OTHERWISE = {
    "002_instruments": set(),
    "005_web": set(),
    "004_dating": set(),
    "006_crawls": {"pages", "listings", "problems", "article_authors"},
    "003_listings": {"article_authors"},
    "007_reliability": {"article_authors"},
    "008_faster_loads": {"article_authors"},
    "009_exact_rows": {"article_authors"},
    "013_names_and_values": set(),
    "015_article_links": set(),
    "016_credits": set(),
}  # fmt: skip


def _new_page(folder: Path) -> Path:
    page = folder / "new.txt"
    page.write_bytes((SAMPLES / "2024-pre-open-board.txt").read_bytes())
    return page


# Steps of branches that reached main together: no archive of theirs alone was ever kept.
LANDED_WITH_THE_NEXT = frozenset(
    {"010_article_parts", "011_board_states", "012_small_changes", "014_article_versions"}
)


def test_every_migration_has_an_archive() -> None:
    migrations = {migration.name for migration in schema.migrations._migrations}
    assert set(RELEASED) == migrations - {"001_tables"} - LANDED_WITH_THE_NEXT
    kept = {path.name for path in (ROOT / "tests" / "archives").glob("*.db.gz")}
    assert kept == {f"{name}.db.gz" for name in RELEASED}


@pytest.mark.parametrize("name", some(RELEASED, 4))
def test_archive_is_read_without_being_changed(old: Path, run: Run) -> None:
    before = old.read_bytes()
    assert "articles" in run("stats", "--db", old).output
    output = run("verify", "--all", "--db", old).output
    assert "no damage found" in output
    assert old.read_bytes() == before


def test_migrated_it_holds_what_its_loader_and_todays_both_say(
    name: str, old: Path, wanted: Content, run: Run
) -> None:
    run("load", "/dev/null", "--db", old, "-q", code=1)
    found = content_of(old)
    assert {table for table in wanted if found[table] != wanted[table]} == READ_OTHERWISE[name]


@pytest.mark.parametrize("name", some(RELEASED, 3))
def test_load_brings_it_up_to_date_and_leaves_it_sound(
    old: Path, run: Run, tmp_path: Path, connect: Connect
) -> None:
    run("load", _new_page(tmp_path), "--db", old, "-q")
    assert schema.is_current(connect(old))
    output = run("verify", "--all", "--db", old).output
    assert "schema" not in output
    assert "no damage found" in output


@pytest.mark.parametrize("name", some(RELEASED, 4))
def test_migrated_and_parsed_again_it_holds_what_a_load_gives_today(
    old: Path, wanted: Content, run: Run
) -> None:
    run("reparse", "--db", old)
    assert "no damage found" in run("verify", "--all", "--db", old).output
    found = content_of(old)
    for table in wanted:
        assert found[table] == wanted[table], table


@pytest.mark.parametrize("name", some(RELEASED, 2))
def test_merged_it_holds_what_a_load_gives_today(
    old: Path, wanted: Content, run: Run, tmp_path: Path
) -> None:
    run("merge", tmp_path / "merged.db", old)
    run("reparse", "--db", tmp_path / "merged.db")
    found = content_of(tmp_path / "merged.db")
    for table in wanted:
        assert found[table] == wanted[table], table


@pytest.mark.parametrize("name", some(RELEASED, 3))
def test_older_archive_can_be_shared(old: Path, run: Run, tmp_path: Path) -> None:
    before = old.read_bytes()
    run("share", tmp_path / "out.db", "--db", old)
    assert "no damage found" in run("verify", "--db", tmp_path / "out.db").output
    assert old.read_bytes() == before


@pytest.mark.parametrize("name", some(RELEASED[:-1], 4))
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
