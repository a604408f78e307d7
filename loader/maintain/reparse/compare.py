"""Compare stored rows with those of the present parser.

Articles are streamed, each with its captures. Both `loader reparse` and `loader verify` start here:
to the former a difference means an older parser, to the latter damage.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple, cast

from loader.archive.connection import at_one_moment
from loader.archive.ids import in_chunks
from loader.archive.raw import RawReader
from loader.archive.stored import StoredCapture, read_stored
from loader.errors import ArchiveError
from loader.maintain.reparse.differences import (
    RAW_CAPTURE,
    ArticleCheck,
    Difference,
    board_differences,
    snapshot_differences,
)
from loader.model import Capture, MediaType
from loader.page import parse_capture
from loader.page.digest import capture_digest
from loader.rows.codec import PLAIN
from loader.rows.memory import Seen
from loader.rows.prepare import prepare
from loader.rows.records import Prepared

_MAX_BOARDS: Final = 100_000
_READ_AT_ONCE: Final = 500


def read_capture(stored: StoredCapture, reader: RawReader) -> Capture:
    """Return the capture of a snapshot. Raises ArchiveError if its bytes are damaged."""
    rows = stored.rows
    if rows.raw is None or rows.snapshot is None:
        raise ArchiveError(f"snapshot {stored.snapshot_id}", "has no raw capture")
    data = reader.decompress(rows.raw.data, stored.dictionary_id, rows.raw.size)
    url = rows.page.url if rows.page else None
    if capture_digest(data, url, rows.captured_at) != rows.digest:
        fault = "its raw capture does not have its digest"
        raise ArchiveError(f"snapshot {stored.snapshot_id}", fault)
    return Capture(
        data=data,
        media_type=cast("MediaType", rows.raw.media_type),  # parsers reject others
        source=rows.source.location,
        offset=rows.offset,
        url=rows.snapshot.reported_url,
        captured_at=rows.captured_at,
        captured_basis=rows.snapshot.captured_basis,
        charset=rows.raw.charset,
    )


def parse_again(stored: StoredCapture, reader: RawReader) -> Prepared:
    """Return the rows of a stored capture by the present parser.

    Its compressed bytes are reused. Raises ArchiveError if they are damaged.
    """
    return _rows_of(stored, read_capture(stored, reader))


def _rows_of(stored: StoredCapture, capture: Capture) -> Prepared:
    rows = prepare(parse_capture(capture), PLAIN, stored.rows.source)
    return rows._replace(raw=stored.rows.raw) if rows.raw else rows


@dataclass(frozen=True, slots=True)
class Found:
    """Differences of one snapshot, or of its article or board."""

    snapshot_id: int
    parser_version: int | None
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class Scan:
    """The progress of a comparison: counts of captures read, parsed, and without raw bytes."""

    read: int = 0
    parsed: int = 0
    without_raw: int = 0


class Sample(NamedTuple):
    """The articles to parse: every `step`-th, from `start` on."""

    step: int = 1
    start: int = 0

    def has(self, key: int) -> bool:
        return key % self.step == self.start


_EVERY_ARTICLE: Final = Sample()


def compare(
    conn: sqlite3.Connection, scan: Scan, sample: Sample = _EVERY_ARTICLE
) -> Iterator[Found]:
    """Yield every snapshot whose rows differ from those of its raw capture.

    Raw captures of articles outside the sample are only decoded, which detects damage. The archive
    is not changed.
    """
    reader, boards = RawReader(conn), Seen(_MAX_BOARDS)
    for article_id, group in groupby(
        _all_stored(conn, reader), key=lambda stored: stored.article_id
    ):
        article = ArticleCheck(conn) if article_id is not None else None
        version = None
        for stored in group:
            version = stored.parser_version
            is_wanted = sample.has(article_id or stored.snapshot_id)
            rows, differences = _parsed_if(stored, reader, scan, is_wanted=is_wanted)
            if rows is not None:
                differences += snapshot_differences(stored.rows, rows)
                if rows.board and boards.add(rows.board.digest):
                    differences += board_differences(conn, stored, rows.board)
            if article is not None:
                article.add(stored, rows)
            if differences:
                yield Found(stored.snapshot_id, version, tuple(differences))
        if article is not None and (remaining := article.differences()):
            yield Found(article.first_snapshot, version, tuple(remaining))


def _all_stored(conn: sqlite3.Connection, reader: RawReader) -> Iterator[StoredCapture]:
    ids = [row[0] for row in conn.execute("select id from snapshots order by article_id, id")]
    for chunk in in_chunks(ids, _READ_AT_ONCE):
        with at_one_moment(conn):
            found = list(read_stored(conn, chunk))
            with suppress(ArchiveError):  # damage is reported for each capture later
                reader.keep(stored.dictionary_id for stored in found)
        yield from found


def _parsed_if(
    stored: StoredCapture, reader: RawReader, scan: Scan, *, is_wanted: bool
) -> tuple[Prepared | None, list[Difference]]:
    scan.read += 1
    if stored.rows.raw is None:
        scan.without_raw += 1
        return None, []
    try:
        capture = read_capture(stored, reader)
    except ArchiveError as error:
        return None, [Difference(RAW_CAPTURE, None, error.fault)]
    if not is_wanted:
        return None, []
    scan.parsed += 1
    return _rows_of(stored, capture), []
