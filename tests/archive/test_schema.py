"""The archive in other tools, and what they may remove from it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from loader.archive.schema import fresh_archive, is_current
from tests.archive.captures import content_of
from tests.conftest import SAMPLES, Run

Connect = Callable[[Path], sqlite3.Connection]


def _reloaded(sample_archive: Path, folder: Path) -> Path:
    """A reload of `.dump`, which has tables and rows but not the application id."""
    shell = shutil.which("sqlite3")
    if shell is None:
        pytest.skip("the sqlite3 shell is not installed")
    path = folder / "reloaded.db"
    dumped = subprocess.run([shell, sample_archive, ".dump"], capture_output=True, check=True)
    subprocess.run([shell, path], input=dumped.stdout, check=True)
    return path


def _counts(output: str) -> list[str]:
    """The counts of `loader stats`, which come before the dates and sizes."""
    return output.partition("\n\n")[0].splitlines()


def test_reload_of_a_dump_is_recognised_and_mended_by_the_next_load(
    sample_archive: Path, tmp_path: Path, run: Run
) -> None:
    path = _reloaded(sample_archive, tmp_path)
    assert _counts(run("stats", "--db", path).output) == _counts(
        run("stats", "--db", sample_archive).output
    )
    output = run("verify", "--all", "--db", path).output
    assert "lost its application id" in output
    assert "no damage found" in output
    run("load", SAMPLES / "2024-date-line-alone.txt", "--db", path, "-q")
    with closing(sqlite3.connect(path)) as conn:
        assert is_current(conn)
    assert "application id" not in run("verify", "--db", path).output
    assert content_of(path) == content_of(sample_archive)


def test_reload_of_a_dump_can_be_merged_and_shared(
    sample_archive: Path, tmp_path: Path, run: Run
) -> None:
    path = _reloaded(sample_archive, tmp_path)
    run("merge", tmp_path / "merged.db", path)
    run("share", tmp_path / "shared.db", "--db", path)
    assert content_of(tmp_path / "merged.db") == content_of(sample_archive)
    assert content_of(tmp_path / "shared.db") == content_of(sample_archive)


def test_database_of_others_is_refused(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("create table snapshots (id integer primary key)")
    assert "not an archive of this loader" in run("stats", "--db", path, code=1).output
    assert "not an archive of this loader" in run("load", SAMPLES, "--db", path, code=1).output


def test_sqlite_utils_finds_the_text_index(sample_archive: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "sqlite_utils", "search", sample_archive, "articles", "cotton"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Cotton" in found.stdout


def test_datasette_finds_the_text_index_without_being_told(sample_archive: Path) -> None:
    from datasette.utils import detect_fts

    with closing(sqlite3.connect(sample_archive)) as conn:
        assert detect_fts(conn, "articles") == "articles_fts"


def test_reader_may_copy_the_file_with_sqlite_alone(sample_archive: Path, tmp_path: Path) -> None:
    """SQLite 3.40 fails at checks beside generated columns, from a connection that only reads."""
    with closing(sqlite3.connect(f"file:{sample_archive}?mode=ro", uri=True)) as conn:
        conn.execute("vacuum into ?", (str(tmp_path / "copy.db"),))
    assert content_of(tmp_path / "copy.db") == content_of(sample_archive)


def test_decimals_are_those_of_the_hundredths(sample_archive: Path, connect: Connect) -> None:
    rows = connect(sample_archive).execute("select * from quotes").fetchall()
    assert len(rows) > 3000
    for row in rows:
        assert f"{row['price']:.2f}" == f"{row['price_hundredths'] / 100:.2f}"
        assert isinstance(row["price"], float)
        assert row["previous_price"] == (row["price_hundredths"] - row["change_hundredths"]) / 100
        assert row["direction"] == {1: "up", -1: "down", 0: "flat"}[row["direction_sign"]]
    assert {row["percent_ok"] for row in rows} == {0, 1}
    assert all(
        row["percent_ok"] == (abs(row["percent_error_hundredths"] or 0) <= 1)
        for row in rows
        if row["percent_error_hundredths"] is not None
    )


def test_claim_of_another_article_and_problem_of_nothing_are_refused() -> None:
    with fresh_archive() as fresh:
        fresh.execute("pragma foreign_keys = on")
        with pytest.raises(sqlite3.IntegrityError):
            fresh.execute("insert into problems (digest, kind, detail) values ('x', 'y', 'z')")
        fresh.execute("insert into articles (id, digest, word_count, body) values (1, 'a', 0, '')")
        fresh.execute("insert into articles (id, digest, word_count, body) values (2, 'b', 0, '')")
        fresh.execute("insert into article_claims (id, digest, article_id) values (7, 'c', 1)")
        fresh.execute("insert into sources (id, location, kind) values (1, 'a', 'text')")
        fresh.execute(
            "insert into loads (id, started_at, loader_version, parser_version)"
            " values (1, '', '', 1)"
        )
        snapshot = (
            "insert into snapshots (digest, source_id, load_id, article_id, claim_id)"
            " values (?, 1, 1, ?, ?)"
        )
        fresh.execute(snapshot, ("right", 1, 7))
        for article_id, claim_id in ((2, 7), (1, None), (None, 7)):
            with pytest.raises(sqlite3.IntegrityError):
                fresh.execute(snapshot, ("wrong", article_id, claim_id))
