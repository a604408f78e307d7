"""Load with workers at any size, and inspect the result."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import loader.ingest.load
import loader.ingest.tasks
from loader.archive.archive import Archive
from loader.ingest.load import LoadPlan, LoadResult, load_sources
from loader.maintain.dump import dump
from loader.sources import ReadOptions

Load = Callable[..., LoadResult]


@pytest.fixture
def always_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make small loads use workers as well, with small tasks and spans of a few lines."""
    monkeypatch.setattr(loader.ingest.load, "_WORTH_A_POOL_BYTES", 0)
    monkeypatch.setattr(loader.ingest.tasks, "GROUP_SOURCES", 3)
    monkeypatch.setattr(loader.ingest.tasks, "SPAN_BYTES", 20_000)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load sources into an archive under tmp_path."""

    def load_into(
        name: str, *locations: Path | str, workers: int = 1, reread: bool = False, **options: Any
    ) -> LoadResult:
        with Archive.open(tmp_path / name) as archive:
            return load_sources(
                archive,
                [str(location) for location in locations],
                ReadOptions(**options),
                plan=LoadPlan(workers=workers, reread=reread),
            )

    return load_into


@pytest.fixture
def content(tmp_path: Path) -> Callable[[str], dict[str, list[str]]]:
    """Return the dump of an archive under tmp_path."""

    def content_of(name: str) -> dict[str, list[str]]:
        with closing(sqlite3.connect(tmp_path / name)) as conn:
            return dump(conn)

    return content_of


def differing(first: dict[str, list[str]], second: dict[str, list[str]]) -> list[str]:
    """Return the tables in which two dumps differ, in place of an endless diff."""
    return [name for name in first if first[name] != second[name]]


def count(path: Path, sql: str, values: Iterable[Any] = ()) -> int:
    with closing(sqlite3.connect(path)) as conn:
        return int(conn.execute(sql, tuple(values)).fetchone()[0])
