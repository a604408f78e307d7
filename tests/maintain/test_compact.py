"""A compacted archive is smaller and has the same content."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from benchmarks.synthetic import pages
from tests.archive.captures import content_of
from tests.conftest import Run

Connect = Callable[[Path], sqlite3.Connection]


def test_captures_are_compressed_anew_and_stay_what_they_are(
    tmp_path: Path, run: Run, connect: Connect
) -> None:
    """Small loads found too little to train on; together they are enough."""
    db = tmp_path / "archive.db"
    texts = list(pages(600, new_boards=0.05))
    for start in range(0, 600, 200):
        part = tmp_path / f"{start}.jsonl"
        part.write_text("\n".join(map(json.dumps, texts[start : start + 200])))
        run("load", part, "--db", db, "-q")
    before, size = content_of(db), db.stat().st_size
    sizes = "select sum(length(data)), count(dictionary_id) from raw_captures"
    raw, with_dictionary = connect(db).execute(sizes).fetchone()
    assert with_dictionary == 0
    run("compact", "--db", db)
    assert content_of(db) == before
    assert db.stat().st_size < size
    assert connect(db).execute(sizes).fetchone()[0] < 0.8 * raw
    assert connect(db).execute(sizes).fetchone()[1] == 600
    assert "no damage found" in run("verify", "--db", db).output
    run("compact", "--db", db)
    assert connect(db).execute("select count(*) from raw_dictionaries").fetchone()[0] == 1


def test_missing_archive_is_not_made(tmp_path: Path, run: Run) -> None:
    assert "no such file" in run("compact", "--db", tmp_path / "none.db", code=1).output
    assert list(tmp_path.iterdir()) == []
