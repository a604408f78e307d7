"""Unusable database files give one line with the fault and a remedy."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import SAMPLES, Run

PAGE = SAMPLES / "2024-seed-layout-teaser.txt"
Connect = Callable[[Path], sqlite3.Connection]


def test_file_that_is_no_database(tmp_path: Path, run: Run) -> None:
    db = tmp_path / "letter.db"
    db.write_text("Dear Sir or Madam, this is a letter and not a database. " * 40)
    output = run("load", PAGE, "--db", db, code=1).output
    assert output == f"Error: {db}: is not an SQLite file (name another file with --db)\n"
    assert db.read_text().startswith("Dear Sir")


def test_verbose_prints_the_traceback_before_the_error(tmp_path: Path, run: Run) -> None:
    db = tmp_path / "none\x1b[31m.db"
    quiet = run("stats", "--db", db, code=1).output
    output = run("--verbose", "stats", "--db", db, code=1).output
    assert output.startswith("Traceback (most recent call last):\n")
    assert output.endswith(f"\n{quiet}") and quiet.startswith("Error: ")
    assert "ArchiveError" in output and "\x1b" not in output
    assert "Traceback" not in quiet


def test_database_of_somebody_else_is_left_alone(tmp_path: Path, run: Run) -> None:
    db = tmp_path / "other.db"
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("create table diary (entry text)")
    before = db.read_bytes()
    for command in (["load", PAGE], ["stats"], ["serve"]):
        assert "not an archive of this loader" in run(*command, "--db", db, code=1).output
    assert db.read_bytes() == before


def test_newer_schema_is_refused(tmp_path: Path, run: Run) -> None:
    db = tmp_path / "archive.db"
    run("load", PAGE, "--db", db)
    with closing(sqlite3.connect(db)) as conn, conn:
        conn.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('loader', '999_from_the_future', '2030-01-01')"
        )
    for command in (["load", PAGE], ["stats"], ["serve"]):
        output = run(*command, "--db", db, code=1).output
        assert "has a newer schema (999_from_the_future) (update this loader)" in output


def test_lock_held_for_longer_than_the_time_out_is_told(tmp_path: Path, run: Run) -> None:
    db = tmp_path / "archive.db"
    run("load", PAGE, "--db", db)
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        other.execute("begin exclusive")
        output = run(
            "load", SAMPLES / "2018-epaper-capitals-byline.txt",
            "--db", db, "--timeout", 0.2, code=1,
        ).output  # fmt: skip
    assert "is locked by another writer" in output
    assert "--timeout" in output


def test_missing_archive_is_not_made_by_looking(tmp_path: Path, run: Run) -> None:
    db = tmp_path / "none.db"
    for command in ("stats", "serve"):
        output = run(command, "--db", db, code=1).output
        assert output == f"Error: {db}: no such file (make an archive with `loader load`)\n"
    assert not db.exists()


def test_folder_that_does_not_exist(tmp_path: Path, run: Run) -> None:
    output = run("load", PAGE, "--db", tmp_path / "no" / "archive.db", code=1).output
    assert "cannot be opened (check its folder and permissions)" in output


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anything")
def test_read_only_archive(tmp_path: Path, run: Run) -> None:
    db = tmp_path / "archive.db"
    run("load", PAGE, "--db", db)
    db.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        output = run("load", SAMPLES, "--db", db, code=1).output
    finally:
        tmp_path.chmod(0o755)
    assert "is read-only" in output


def test_disk_that_fills_up_keeps_what_was_committed(
    tmp_path: Path, run: Run, connect: Connect
) -> None:
    """A limit on file size stands in for the full disk: SQLite meets both as a failed write."""
    db = tmp_path / "archive.db"
    run("load", PAGE, "--db", db)
    limit = db.stat().st_size + 50_000

    def limit_file_size() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    result = subprocess.run(
        [sys.executable, "-m", "loader", "load", str(SAMPLES), "--db", str(db)],
        preexec_fn=limit_file_size,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.startswith(f"Error: {db}: ")
    assert "disk" in result.stderr
    conn = connect(db)
    assert conn.execute("pragma integrity_check").fetchone()[0] == "ok"
    assert conn.execute("select count(*) from snapshots").fetchone()[0] == 1
    run("load", SAMPLES, "--db", db)
    assert conn.execute("select count(*) from snapshots").fetchone()[0] > 100
