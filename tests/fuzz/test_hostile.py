"""Page content stays text: in SQL, in a terminal, in file names."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from loader.archive.raw import RawReader
from loader.errors import ArchiveError
from tests.conftest import Run
from tests.reliability import note

Connect = Callable[[Path], sqlite3.Connection]

ESCAPES = "\x1b[2J\x1b]0;owned\x07\x1b[31m\x9b31m\u202e"
SQL = "'); drop table articles; --"
HTML = "<script>alert(1)</script><img src=x onerror=alert(1)>"
HOSTILE = f"{ESCAPES} {SQL} {HTML} \x00 %s {{0}} $HOME `id`"
# What no terminal should be sent: control characters, but for the end of a line.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def _page(word: str) -> str:
    return (
        f"ABCD 12.34 Increased By ▲ 0.56 (9.99%)\nXX{word} 1.00 Increased By ▲ 0.56 (4.75%)\n"
        f"Headline {word}\n\n  • Summary {word}\n\n{word} Report Published 03 Nov, 2023 01:23pm\n\n"
        f"KARACHI: Body {word} goes on.\n\nA teaser {word} here\n\nMore of it, they said.\n\n"
        f"{word} tags\n\nCopyright Business Recorder, 2023\n"
    )


@pytest.fixture
def hostile(tmp_path: Path, run: Run) -> Path:
    """An archive of pages with hostile words in every field that a page has."""
    lines = [
        json.dumps({"text": _page(word), "url": f"https://www.brecorder.com/news/4012345{n}/{word}",
                    "timestamp": time})
        for n, word in enumerate((ESCAPES, SQL, HTML, HOSTILE))
        for time in ("2023-11-03T10:00:00Z", ESCAPES)
    ]  # fmt: skip
    source = tmp_path / "pages.jsonl"
    source.write_text("\n".join([*lines, f'{{"text": {ESCAPES}', "[]"]), encoding="utf-8")
    db = tmp_path / "archive.db"
    run("load", source, "--db", db)
    return db


def test_sql_in_any_field_stays_text(hostile: Path, run: Run, connect: Connect) -> None:
    conn = connect(hostile)
    # Pages with control characters are no text, and are kept as problems.
    assert conn.execute("select count(*) from articles").fetchone()[0] == 2
    stored = "\n".join(row[0] for row in conn.execute("select body from articles"))
    assert SQL in stored
    assert "no damage found" in run("verify", "--all", "--db", hostile).output
    for name in ("share", "merge"):
        arguments = {"share": ("share", hostile.with_name("s.db"), "--db", hostile),
                     "merge": ("merge", hostile.with_name("m.db"), hostile)}[name]  # fmt: skip
        run(*arguments)
        found = connect(hostile.with_name(f"{name[0]}.db")).execute("select count(*) from articles")
        assert found.fetchone()[0] == 2


def test_no_command_sends_escapes_to_the_terminal(hostile: Path, run: Run) -> None:
    with closing(sqlite3.connect(hostile)) as conn, conn:
        conn.execute("update articles set headline = 'changed' || headline")
        conn.execute("update snapshots set layout = ?", (ESCAPES,))
    commands = (
        ("stats",), ("reparse", "--dry-run", "--diff"), ("share", hostile.with_name("out.db")),
        ("date", "--explain", "1"),
    )  # fmt: skip
    for command in commands:
        output = run(*command, "--db", hostile).output
        assert not _CONTROL.search(output), command
    output = run("verify", "--all", "--db", hostile, code=1).output
    assert not _CONTROL.search(output)
    note("No command sends control characters to the terminal", commands=len(commands) + 1)


def test_names_of_files_are_told_without_their_escapes(tmp_path: Path, run: Run) -> None:
    for name in (f"a{ESCAPES}.txt", "b\nc.jsonl"):
        path = tmp_path / name.replace("\x00", "")
        path.write_bytes(b"\x1f\x8b broken")
        result = run("load", path, tmp_path / f"none{ESCAPES}", "--db", tmp_path / "a.db", code=1)
        told = result.output + (result.stderr if result.stderr_bytes else "")
        assert not _CONTROL.search(told), told


def test_parse_prints_escapes_as_json_does(tmp_path: Path, run: Run) -> None:
    page = tmp_path / "page.txt"
    page.write_text(_page(ESCAPES), encoding="utf-8")
    for line in run("parse", page).output.splitlines():
        assert not re.search(r"[\x00-\x1f\x7f]", line)
        json.loads(line)


def test_reading_writes_nothing_where_names_in_a_source_point(tmp_path: Path, run: Run) -> None:
    """Addresses and names in a source are words, never paths."""
    work = tmp_path / "work"
    work.mkdir()
    names = ("../../evil.txt", "/tmp/evil-loader.txt", "file:///tmp/evil-loader.txt")
    lines = [json.dumps({"text": _page(name), "url": name}) for name in names]
    (work / "pages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    run("load", work / "pages.jsonl", "--db", work / "archive.db")
    assert {path.name for path in work.iterdir()} == {"pages.jsonl", "archive.db"}
    assert {path.name for path in tmp_path.iterdir()} == {"work"}
    assert not Path("/tmp/evil-loader.txt").exists()


@pytest.mark.parametrize("claimed", [1 << 20, 1 << 40])
def test_raw_capture_that_would_swell_is_refused_unread(
    claimed: int, tmp_path: Path, run: Run, hostile: Path
) -> None:
    """A shared archive may lie about sizes; no room is made on its word."""
    bomb = zstandard.ZstdCompressor(write_content_size=True).compress(b"\0" * (1 << 26))
    with closing(sqlite3.connect(hostile)) as conn, conn:
        conn.execute(
            "update raw_captures set data = ?, size = ?, dictionary_id = null"
            " where snapshot_id = 1", (bomb, claimed),
        )  # fmt: skip
    with closing(sqlite3.connect(hostile)) as conn, pytest.raises(ArchiveError):
        RawReader(conn).read(1)
    assert "raw captures: 1" in run("verify", "--db", hostile, code=1).output
