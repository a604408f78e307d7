"""Read-only commands leave every byte of an archive unchanged, in any state."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.cli import main
from tests.archives import RELEASED, unpack
from tests.conftest import SAMPLES, Run
from tests.reliability import some

PAGES = ("2024-seed-layout-teaser", "2022-summary-bullets")

READING: dict[str, tuple[object, ...]] = {
    "stats": ("stats",),
    "stats --json": ("stats", "--json"),
    "export": ("export", "out", "--format", "jsonl"),
    "share": ("share", "copy.db"),
    "share --without": ("share", "copy.db", "--without", "text", "--since", "2020-01-01"),
    "verify": ("verify",),
    "verify --all": ("verify", "--all"),
    "changes": ("changes", "--silent"),
    "date --explain": ("date", "--explain", "1"),
    "reparse --dry-run": ("reparse", "--dry-run", "--diff"),
    "serve": ("serve", "--port", "0"),
    "merge from it": ("merge", "other.db"),
    "parse": ("parse", SAMPLES / f"{PAGES[0]}.txt"),
}
# tests/archive/test_migrations.py runs these on each older archive.
ALSO_BY_TEST_MIGRATIONS = frozenset(
    {"stats", "stats --json", "verify", "verify --all", "share", "merge from it"}
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "archive.db"
    pages = [str(SAMPLES / f"{name}.txt") for name in PAGES]
    assert CliRunner().invoke(main, ["load", *pages, "--db", str(path)]).exit_code == 0
    return path


def _as_it_is(small: Path, db: Path) -> None:
    shutil.copy(small, db)


def _in_wal_mode(small: Path, db: Path) -> None:
    """As a load leaves it that was killed: the last commits are in the `-wal` file."""
    live = db.with_name("live.db")
    shutil.copy(small, live)
    conn = sqlite3.connect(live)
    conn.execute("pragma journal_mode = wal").fetchone()
    conn.execute("update loads set finished_at = null")
    conn.commit()
    for ending in ("", "-wal"):
        shutil.copy(f"{live}{ending}", f"{db}{ending}")
    conn.close()
    assert db.with_name(f"{db.name}-wal").stat().st_size


def _read_only(small: Path, db: Path) -> None:
    shutil.copy(small, db)
    db.chmod(0o444)


def _with_users_tables(small: Path, db: Path) -> None:
    shutil.copy(small, db)
    conn = sqlite3.connect(db)
    conn.execute("create table notes (id integer primary key, body text)")
    conn.execute("create view my_view as select symbol, price from quote_history")
    conn.commit()
    conn.close()


def _without_id(small: Path, db: Path) -> None:
    shutil.copy(small, db)
    conn = sqlite3.connect(db)
    conn.execute("pragma application_id = 0")
    conn.close()


STATES: dict[str, Callable[[Path, Path], None]] = {
    "as a load leaves it": _as_it_is,
    "as a killed load leaves it": _in_wal_mode,
    "read-only": _read_only,
    "with tables of users": _with_users_tables,
    "without its id": _without_id,
    **{
        name: lambda _, db, name=name: unpack(name, db)  # type: ignore[misc]
        for name in some(RELEASED[:-1], 2)
    },
}


def _digests(db: Path) -> dict[str, str]:
    """Of the archive and its log; what readers share among themselves (-shm) is no content."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (db, db.with_name(f"{db.name}-wal"))
        if path.exists() and path.stat().st_size
    }


@pytest.mark.parametrize("state", STATES)
def test_reading_commands_leave_the_file_as_it_is(
    state: str, small: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # Serving itself is held by tests/web.
    monkeypatch.setattr("loader.web.server.uvicorn.run", lambda *_, **__: None)
    db = tmp_path / "archive.db"
    STATES[state](small, db)
    before = _digests(db)
    for name, arguments in READING.items():
        if state in RELEASED and name in ALSO_BY_TEST_MIGRATIONS:
            continue
        for made in ("out", "copy.db", "other.db"):
            shutil.rmtree(made, ignore_errors=True)
            Path(made).unlink(missing_ok=True)
        at = ("--db", db) if arguments[0] not in ("parse", "merge") else ()
        run(*arguments, *at, *((db,) if arguments[0] == "merge" else ()))
        assert _digests(db) == before, name
