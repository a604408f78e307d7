"""What the raw captures of an archive give today, beside what its rows say.

Streams: one article with its captures at a time. `loader reparse` and `loader verify`
both start here; what differs is a new parser to the one and damage to the other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from loader.archive.raw import Compressor, RawReader
from loader.archive.schema import read_sql
from loader.errors import ArchiveError
from loader.maintain.reparse.differences import (
    ArticleCheck,
    BoardCheck,
    Difference,
    snapshot_differences,
)
from loader.model import Capture
from loader.page import parse_capture
from loader.page.digest import capture_digest
from loader.rows.prepare import Prepared, prepare

_ORDER: Final = " order by snapshots.article_id, snapshots.id"


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot's row and its raw capture as stored; `raw` is None where none was kept."""

    id: int
    digest: str
    load_id: int
    loader_version: str | None
    article_id: int | None
    board_id: int | None
    page: str | None
    board: str | None
    article: str | None
    claim_id: int | None
    captured_at: str | None
    captured_basis: str | None
    masthead_date: str | None
    corpus_date: str | None
    layout: str | None
    url: str | None
    location: str | None
    offset: int | None
    media_type: str | None
    charset: str | None
    size: int | None
    dictionary_id: int | None
    raw: bytes | None


class _AsStored(Compressor):
    """Gives back the compressed bytes that the archive has."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def compress(self, data: bytes) -> bytes:
        return self._data


def kept_captures(
    conn: sqlite3.Connection, where: str = "", values: tuple[int, ...] = ()
) -> Iterator[Kept]:
    """All snapshots, or those that a condition of ours selects."""
    for row in conn.execute(read_sql("kept_captures.sql") + where + _ORDER, values):
        yield Kept(*row)


def read_capture(kept: Kept, reader: RawReader) -> Capture:
    """The capture of a snapshot. Raises ArchiveError when its bytes are damaged."""
    if kept.raw is None or kept.size is None:
        raise ArchiveError(f"snapshot {kept.id}", "has no raw capture")
    data = reader.decompress(kept.raw, kept.dictionary_id, kept.size)
    if capture_digest(data, kept.page, kept.captured_at) != kept.digest:
        raise ArchiveError(f"snapshot {kept.id}", "its raw capture does not have its digest")
    return Capture(
        data,
        kept.media_type,  # type: ignore[arg-type] # parsers refuse other media types
        kept.location or "",
        kept.offset,
        kept.url,
        kept.captured_at,
        kept.captured_basis,
        kept.charset,
    )


def parse_again(kept: Kept, reader: RawReader) -> Prepared:
    """The rows that today's parser makes of a snapshot's capture, compressed as it is."""
    return _rows_of(kept, read_capture(kept, reader))


def _rows_of(kept: Kept, capture: Capture) -> Prepared:
    return prepare(parse_capture(capture), _AsStored(kept.raw or b""))


@dataclass(frozen=True, slots=True)
class Found:
    """What is different about one snapshot, or about the article or board it stands for."""

    snapshot_id: int
    loader_version: str | None
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class Scan:
    """How far a comparison has come: captures read, parsed, and without raw bytes."""

    read: int = 0
    parsed: int = 0
    without_raw: int = 0


def compare(
    conn: sqlite3.Connection, scan: Scan, sample: tuple[int, int] = (1, 0)
) -> Iterator[Found]:
    """Every snapshot whose rows are not what its raw capture gives.

    With a `sample` (step, start) only each step-th article is parsed; every raw capture is
    decoded, and found where it is damaged. Reads only.
    """
    step, start = sample
    boards, reader = BoardCheck(conn), RawReader(conn)
    for article_id, group in groupby(kept_captures(conn), key=lambda kept: kept.article_id):
        article = ArticleCheck(conn, article_id) if article_id is not None else None
        version = None
        for kept in group:
            version = kept.loader_version
            is_asked = (article_id or kept.id) % step == start
            item, differences = _parsed_if(kept, reader, scan, is_asked=is_asked)
            if item is not None:
                differences += snapshot_differences(conn, kept, item)
                differences += boards.differences(item)
            if article is not None:
                article.add(kept.id, item) if item else article.miss()
            if differences:
                yield Found(kept.id, version, tuple(differences))
        if article is not None and (remaining := article.differences()):
            yield Found(article.first_snapshot, version, tuple(remaining))


def _parsed_if(
    kept: Kept, reader: RawReader, scan: Scan, *, is_asked: bool
) -> tuple[Prepared | None, list[Difference]]:
    scan.read += 1
    if kept.raw is None:
        scan.without_raw += 1
        return None, []
    try:
        capture = read_capture(kept, reader)
    except ArchiveError as error:
        return None, [Difference("raw capture", None, error.fault)]
    if not is_asked:
        return None, []
    scan.parsed += 1
    return _rows_of(kept, capture), []
