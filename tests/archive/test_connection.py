"""Open an archive that others open, switch or lock at the same moment."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from loader.archive.connection import use_wal
from tests.conftest import Run


@contextmanager
def _held_for(seconds: float, path: Path, mode: str) -> Iterator[None]:
    """Keep a lock on the file, and let go of it after a while in another thread."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as holder:
        holder.execute(mode)
        holder.execute("select count(*) from sqlite_master").fetchone()
        timer = threading.Timer(seconds, holder.execute, ["rollback"])
        timer.start()
        yield
        timer.join()


@pytest.mark.parametrize("mode", ("begin", "begin immediate", "begin exclusive"))
def test_switch_to_wal_waits_for_others(mode: str, tmp_path: Path) -> None:
    """SQLite itself gives up at once where another connection reads or writes."""
    path = tmp_path / "archive.db"
    with (
        closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as conn,
        _held_for(0.3, path, mode),
    ):
        use_wal(conn)
        assert conn.execute("pragma journal_mode").fetchone() == ("wal",)


def test_switch_to_wal_waits_no_longer_than_asked(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with (
        closing(sqlite3.connect(path, timeout=0.1, isolation_level=None)) as conn,
        _held_for(1.0, path, "begin exclusive"),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        use_wal(conn)


@pytest.mark.parametrize("command", ("stats", "load", "verify"))
def test_a_pipe_is_no_archive(command: str, tmp_path: Path, run: Run) -> None:
    """SQLite would wait for another program to write into it, and not end on a signal."""
    path = tmp_path / "archive.db"
    os.mkfifo(path)
    (tmp_path / "page.txt").write_text("A text.", encoding="utf-8")
    sources = [tmp_path / "page.txt"] if command == "load" else []
    result = run(command, *sources, "--db", path, code=1)
    assert "archive.db: is no regular file (name a file with --db)" in result.output
