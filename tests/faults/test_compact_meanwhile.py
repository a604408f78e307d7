"""A `compact` while a load is under way: the load's captures stay readable."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks.synthetic import pages
from loader.archive.archive import Archive, Load
from loader.ingest.load import LoadPlan, load_sources
from loader.maintain.compact import compact
from loader.sources import ReadOptions
from tests.faults.commands import verified


def test_load_goes_on_with_its_dictionary_when_compact_removed_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "archive.db"
    lines = [json.dumps(page) for page in pages(2600, new_boards=0.05)]
    first, rest = tmp_path / "first.jsonl", tmp_path / "rest.jsonl"
    first.write_text("\n".join(lines[:600]), encoding="utf-8")
    rest.write_text("\n".join(lines[600:]), encoding="utf-8")
    with Archive.open(db) as archive:
        load_sources(archive, [str(first)], ReadOptions())
    before = _dictionaries(db)
    assert len(before) == 1
    append, meanwhile = Load.append, []

    def append_after_compact(load: Load, *arguments: Any) -> Any:
        if load.load_id is not None and not meanwhile:
            with Archive.open(db) as other:
                compact(other)
            meanwhile.append(_dictionaries(db))
        return append(load, *arguments)

    monkeypatch.setattr(Load, "append", append_after_compact)
    with Archive.open(db) as archive:
        load_sources(archive, [str(rest)], ReadOptions(), plan=LoadPlan(workers=1))
    assert meanwhile[0].isdisjoint(before)
    verified(db)
    with closing(sqlite3.connect(db)) as conn:
        assert conn.execute("select count(*) from raw_captures").fetchone()[0] > 2000


def _dictionaries(db: Path) -> set[str]:
    with closing(sqlite3.connect(db)) as conn:
        return {row[0] for row in conn.execute("select digest from raw_dictionaries")}
