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

from loader.archive.prepare import Prepared, prepare
from loader.archive.raw import Compressor, RawReader
from loader.archive.reparse_compare import (
    ArticleCheck,
    BoardCheck,
    Difference,
    snapshot_differences,
)
from loader.archive.schema import read_sql
from loader.errors import ArchiveError
from loader.model import Capture
from loader.page import parse_capture
from loader.page.digest import capture_digest

_ORDER: Final = " order by snapshots.article_id, snapshots.id"
_SAMPLE: Final = " where coalesce(snapshots.article_id, snapshots.id) % ?1 = ?2"


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot's row and its raw capture as stored; `raw` is None where none was kept."""

    id: int
    digest: str
    load_id: int
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
    return prepare(parse_capture(read_capture(kept, reader)), _AsStored(kept.raw or b""))


@dataclass(frozen=True, slots=True)
class Found:
    """What is different about one snapshot, or about the article or board it stands for."""

    snapshot_id: int
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class Scan:
    """How far a comparison has come: captures read, parsed, and without raw bytes."""

    read: int = 0
    parsed: int = 0
    without_raw: int = 0


def compare(
    conn: sqlite3.Connection, scan: Scan, sample: tuple[int, int] | None = None
) -> Iterator[Found]:
    """Every snapshot whose rows are not what its raw capture gives.

    With a `sample` (step, start) only each step-th article. Raw captures that are damaged
    are found as such. Reads only.
    """
    boards, reader = BoardCheck(conn), RawReader(conn)
    where, values = (_SAMPLE, sample) if sample else ("", ())
    for article_id, group in groupby(
        kept_captures(conn, where, values), key=lambda kept: kept.article_id
    ):
        article = ArticleCheck(conn, article_id) if article_id is not None else None
        for kept in group:
            yield from _compare_one(conn, kept, scan, reader, boards, article)
        if article is not None and (differences := article.differences()):
            yield Found(article.first_snapshot, tuple(differences))


def _compare_one(
    conn: sqlite3.Connection,
    kept: Kept,
    scan: Scan,
    reader: RawReader,
    boards: BoardCheck,
    article: ArticleCheck | None,
) -> Iterator[Found]:
    scan.read += 1
    if kept.raw is None:
        scan.without_raw += 1
        if article is not None:
            article.miss()
        return
    try:
        item = parse_again(kept, reader)
    except ArchiveError as error:
        if article is not None:
            article.miss()
        yield Found(kept.id, (Difference("raw capture", None, error.fault),))
        return
    scan.parsed += 1
    differences = [*snapshot_differences(conn, kept, item), *boards.differences(item)]
    if article is not None:
        article.add(kept.id, item)
    if differences:
        yield Found(kept.id, tuple(differences))
