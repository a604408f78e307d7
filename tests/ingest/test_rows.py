"""Rows on their way: between processes, and through Parquet parts."""

from __future__ import annotations

import io

import pyarrow.parquet as pq
import pytest

from loader.archive.raw import Uncompressed
from loader.ingest.load import LoadResult, parse_sources
from loader.ingest.packing import Packer, from_bytes, to_bytes, unpack
from loader.ingest.parts import PartWriter, part_facts, read_rows
from loader.model import Capture, Listing, Revisit, Snapshot
from loader.rows.prepare import Prepared, prepare
from loader.sources import ReadOptions
from tests.conftest import SAMPLES


@pytest.fixture(scope="module")
def rows() -> list[Prepared]:
    """The rows of every sample, and of a revisit."""
    revisit = Revisit("a", 7, "https://www.brecorder.com/news/40301234", None, "x", "2024-05-03")
    listing = Snapshot(
        Capture(b"A list of stories.", "text/html", "b"),
        listings=(
            Listing(1, "A story", "https://www.brecorder.com/news/40301235", "What it says."),
            Listing(2, "Another", None, None, "2024-05-03"),
        ),
    )
    items = [*parse_sources([str(SAMPLES)], ReadOptions(), LoadResult(), {}), revisit, listing]
    return [prepare(item, Uncompressed()) for item in items]


def test_samples_use_every_field_of_prepared_rows(rows: list[Prepared]) -> None:
    """Else the tests below would not see a field that is forgotten on the way."""
    for field in Prepared._fields:
        assert any(getattr(row, field) for row in rows), field


def test_rows_between_processes_come_out_as_they_went_in(rows: list[Prepared]) -> None:
    for row in rows:
        came_out = unpack(from_bytes(to_bytes(Packer().pack([row]))))
        # Not only equal, as any tuples are: of the same kinds.
        assert repr(came_out) == repr([row])


def test_quotes_of_a_board_are_sent_once(rows: list[Prepared]) -> None:
    row = next(row for row in rows if row.board)
    first, second = unpack(Packer().pack([row, row]))
    assert first == row
    assert second == row._replace(board=row.board.without_quotes)


def test_rows_in_a_part_come_out_as_they_went_in(rows: list[Prepared]) -> None:
    file = io.BytesIO()
    writer = PartWriter(file, {"sources": ["a"]})
    writer.write(rows, "text")
    writer.close()
    part = pq.ParquetFile(file)
    assert part_facts(part) == {"version": 1, "sources": ["a"]}
    sent: set[str] = set()
    found = [pair for batch in read_rows(part, 7) for pair in batch]
    assert len(found) == len(rows)
    for (row, kind), wanted in zip(found, rows, strict=True):
        if wanted.board and wanted.board.digest in sent:
            wanted = wanted._replace(board=wanted.board.without_quotes)
        elif wanted.board:
            sent.add(wanted.board.digest)
        assert kind == "text"
        assert repr(row) == repr(wanted)


def test_part_without_rows_is_a_part() -> None:
    file = io.BytesIO()
    writer = PartWriter(file, {})
    writer.close()
    assert list(read_rows(pq.ParquetFile(file))) == []
