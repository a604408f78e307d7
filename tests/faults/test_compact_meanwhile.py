"""During a load, `compact` keeps the load's captures readable."""

from __future__ import annotations

import importlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks.synthetic import pages
from loader.archive.archive import Archive, Load
from loader.archive.connection import open_readonly
from loader.ingest.load import LoadPlan, load_sources
from loader.maintain.compact import compact
from loader.maintain.merge import merge_into
from loader.maintain.reparse.compare import Scan, compare
from loader.maintain.verify.verify import reading
from loader.sources import ReadOptions
from tests.faults.commands import verified
from tests.reliability import some


def test_load_goes_on_with_its_dictionary_when_compact_removed_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "archive.db"
    lines = [json.dumps(page) for page in pages(650, new_boards=0.05)]
    monkeypatch.setattr("loader.ingest.write.BATCH_CAPTURES", 100)
    first, rest = tmp_path / "first.jsonl", tmp_path / "rest.jsonl"
    first.write_text("\n".join(lines[:400]), encoding="utf-8")
    rest.write_text("\n".join(lines[400:]), encoding="utf-8")
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
        assert conn.execute("select count(*) from raw_captures").fetchone()[0] == 650


def _dictionaries(db: Path) -> set[str]:
    with closing(sqlite3.connect(db)) as conn:
        return {row[0] for row in conn.execute("select digest from raw_dictionaries")}


@pytest.fixture(scope="module")
def compressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of 520 pages with a dictionary, to copy."""
    folder = tmp_path_factory.mktemp("compressed")
    lines = [json.dumps(page) for page in pages(520, new_boards=0.05)]
    for part in (lines[:400], lines[400:]):
        (corpus := folder / "pages.jsonl").write_text("\n".join(part), encoding="utf-8")
        with Archive.open(folder / "archive.db") as archive:
            load_sources(archive, [str(corpus)], ReadOptions())
    return folder / "archive.db"


@pytest.mark.parametrize("what", some(["reparse", "merge", "verify"], 2))
def test_raw_captures_are_read_while_compact_replaces_their_dictionary(
    what: str, compressed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read of an archive goes with the dictionary that it was read with."""
    db, other = tmp_path / "archive.db", tmp_path / "other.db"
    shutil.copy(compressed, db)
    before = _dictionaries(db)
    # What each of them calls first when it has read captures.
    _compact_before("loader.maintain.reparse.compare.read_capture", db, monkeypatch)
    _compact_before("loader.maintain.merge.has_news", db, monkeypatch)
    if what == "merge":
        with Archive.open(other) as archive:
            merge_into(archive, db, 5.0)
    else:
        with reading(db, 5.0) if what == "verify" else closing(open_readonly(db)) as conn:
            scan = Scan()
            found = list(compare(conn, scan))
            assert (scan.parsed, found) == (520, [])
    assert _dictionaries(db).isdisjoint(before)
    for path in (db, other) if what == "merge" else (db,):
        verified(path)


def _compact_before(name: str, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compact the archive when the function of that name is called for the first time."""
    module, _, function = name.rpartition(".")
    called = getattr(importlib.import_module(module), function)
    waiting = [compact]

    def compact_and_call(*arguments: Any) -> Any:
        while waiting:
            with Archive.open(db) as archive:
                waiting.pop()(archive)
        return called(*arguments)

    monkeypatch.setattr(name, compact_and_call)
