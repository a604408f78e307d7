"""A clock set back between two loads changes no content."""

from __future__ import annotations

from pathlib import Path

from loader.archive.archive import Archive
from loader.ingest.load import load_sources
from loader.sources import ReadOptions
from tests.faults.commands import content, sample_files, verified
from tests.reliability import note


def test_clock_that_is_set_back_changes_no_content(tmp_path: Path, small: Path) -> None:
    db = tmp_path / "archive.db"
    pages = [str(path) for path in sample_files()]
    times = iter(("2030-01-01T00:00:00Z", "2029-01-01T00:00:00Z",
                  "1999-12-31T23:59:59Z", "1970-01-01T00:00:00Z"))  # fmt: skip
    for part in (pages[:20], pages[20:]):
        with Archive.open(db) as archive:
            load_sources(archive, part, ReadOptions(), clock=lambda: next(times))
    assert content(db) == content(small)
    verified(db)
    note("A clock set back changes no content", loads=2)
