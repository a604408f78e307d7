"""Fuzz targets: every parser and every reader, as functions of bytes.

Each may raise only documented exceptions, and an archive must be able to store its results: they
are written to one in memory, and rolled back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from loader.archive.schema import migrate
from loader.archive.write.batch import write_batch
from loader.archive.write.boards import Instruments
from loader.errors import LoaderError
from loader.market.closes_file import read_changes_file, read_closes_file
from loader.model import Capture, MediaType, Problem, Revisit, Snapshot
from loader.page import parse_capture
from loader.page.address import canonical_address
from loader.page.record import to_json
from loader.sources import parse_instant, read_captures
from loader.sources.source import PassedOver, Source, SourceKind
from tests.preparing import prepared

Target = Callable[[bytes], None]

_PAGE: Final = "https://www.brecorder.com/news/40123456/slug"


class _Store:
    """An archive in memory, in which writes are rolled back, so that it never grows."""

    def __init__(self) -> None:
        self._conn = sqlite3.connect(":memory:", isolation_level=None)
        migrate(self._conn)
        self._conn.execute(
            "insert into loads (id, started_at, loader_version, parser_version)"
            " values (1, '2026-01-01', '0', 0)"
        )

    def take(self, items: Iterable[Snapshot | Problem | Revisit]) -> None:
        batch = [prepared(item) for item in items]
        self._conn.execute("begin")
        write_batch(self._conn, batch, Instruments(self._conn), 1, None)
        self._conn.execute("rollback")


_STORES: list[_Store] = []


def _store() -> _Store:
    if not _STORES:
        _STORES.append(_Store())
    return _STORES[0]


def _page(media_type: MediaType) -> Target:
    def parse(data: bytes) -> None:
        snapshot = parse_capture(
            Capture(data, media_type, "page", None, _PAGE, "2024-05-03T10:15:00Z", "option")
        )
        to_json(snapshot)
        _store().take([snapshot])

    return parse


def _source(folder: Path, kind: SourceKind, suffix: str) -> Target:
    path = folder / kind / f"input{suffix}"
    path.parent.mkdir(exist_ok=True)

    def read(data: bytes) -> None:
        path.write_bytes(data)
        items: list[Snapshot | Problem | Revisit] = []
        try:
            for item in read_captures(Source(str(path), kind)):
                if not isinstance(item, PassedOver):
                    items.append(parse_capture(item) if isinstance(item, Capture) else item)
        except LoaderError:
            pass
        _store().take(items)
        # Whatever names stand in an input, nothing is written because of them.
        assert [entry.name for entry in path.parent.iterdir()] == [path.name]
        path.unlink()

    return read


def _words(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    canonical_address(text)
    parse_instant(text)
    for read in (read_closes_file, read_changes_file):
        try:
            read(text, "file")
        except LoaderError:
            continue


def targets(folder: Path) -> dict[str, Target]:
    """Return all targets by name; inputs of readers are written below the folder."""
    return {
        "text": _page("text/plain"),
        "html": _page("text/html"),
        "mhtml": _page("multipart/related"),
        "feed-item": _page("application/rss+xml"),
        "feed": _source(folder, "feed", ".xml"),
        "csv": _source(folder, "csv", ".csv"),
        "zip": _source(folder, "zip", ".zip"),
        "jsonl": _source(folder, "jsonl", ".jsonl"),
        "jsonl-gz": _source(folder, "jsonl", ".jsonl.gz"),
        "jsonl-zst": _source(folder, "jsonl", ".jsonl.zst"),
        "warc": _source(folder, "warc", ".warc"),
        "warc-gz": _source(folder, "warc", ".warc.gz"),
        "wet": _source(folder, "wet", ".wet"),
        "parquet": _source(folder, "parquet", ".parquet"),
        "words": _words,
    }


def seeds(name: str) -> list[bytes]:
    """Return the seeds of a target."""
    from tests.fuzz.seeds import SEEDS

    return SEEDS[name]()
