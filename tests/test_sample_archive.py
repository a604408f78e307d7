"""The committed archive.db agrees with the samples."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from loader.maintain.dump import dump
from tests.conftest import ROOT
from tests.make_archive import contents, make_archive, update_archive

ARCHIVE = ROOT / "archive.db"
Connect = Callable[[Path], sqlite3.Connection]


def test_committed_archive_has_the_content_of_its_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connect: Connect
) -> None:
    monkeypatch.chdir(ROOT)
    fresh = tmp_path / "archive.db"
    make_archive(fresh)
    committed, rebuilt = dump(connect(ARCHIVE)), dump(connect(fresh))
    for table, rows in rebuilt.items():
        assert committed[table] == rows, f"{table} differs: run `make sample`"


def test_archive_is_written_anew_only_when_more_than_times_would_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connect: Connect
) -> None:
    monkeypatch.chdir(ROOT)
    path = tmp_path / "archive.db"
    update_archive(path)
    made, wanted = path.read_bytes(), contents(path)
    update_archive(path)
    assert path.read_bytes() == made
    with connect(path) as conn:
        conn.execute("update read_sources set parser_version = 0")
    update_archive(path)
    assert contents(path) == wanted


def test_committed_archive_is_one_small_sound_file(connect: Connect) -> None:
    assert ARCHIVE.stat().st_size < 1280 * 1024
    conn = connect(ARCHIVE)
    assert conn.execute("pragma journal_mode").fetchone()[0] == "delete"
    assert conn.execute("pragma integrity_check").fetchone()[0] == "ok"
    assert conn.execute("pragma foreign_key_check").fetchall() == []


def test_text_of_the_real_page_is_not_in_the_archive(connect: Connect) -> None:
    found = connect(ARCHIVE).execute(
        "select count(*) from articles_fts where articles_fts match 'fentanyl'"
    )
    assert found.fetchone()[0] == 0


def test_loading_the_samples_again_leaves_the_committed_archive_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., object]
) -> None:
    """`make serve` in a new clone must leave `git status` clean."""
    monkeypatch.chdir(ROOT)
    copy = tmp_path / "archive.db"
    copy.write_bytes(ARCHIVE.read_bytes())
    run("load", "tests/samples", "--db", copy)
    assert copy.read_bytes() == ARCHIVE.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["archive.db"]
