"""Transfer of rows between processes."""

from __future__ import annotations

import pytest

from loader.ingest.reading import parse_sources
from loader.model import Capture, Listing, Problem, Revisit, Snapshot
from loader.rows.codec import PLAIN
from loader.rows.packing import from_bytes, pack, to_bytes, unpack
from loader.rows.records import BoardRows, Prepared
from loader.sources import ReadOptions
from tests.conftest import SAMPLES
from tests.preparing import prepared


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
    found = parse_sources([str(SAMPLES)], ReadOptions())
    items = [item for item in found if isinstance(item, Snapshot | Problem)]
    return [prepared(item, codec=PLAIN) for item in [*items, revisit, listing]]


def test_samples_use_every_field_of_prepared_rows(rows: list[Prepared]) -> None:
    """Else the tests below would not see a field that is forgotten on the way."""
    for field in Prepared._fields:
        assert any(getattr(row, field) for row in rows), field


def test_rows_between_processes_come_out_as_they_went_in(rows: list[Prepared]) -> None:
    for row in rows:
        came_out = unpack(from_bytes(to_bytes(pack([row]))))
        # Not only equal, as any tuples are: of the same kinds.
        assert repr(came_out) == repr([row])


def test_of_a_board_that_was_read_before_only_the_digest_is_sent(rows: list[Prepared]) -> None:
    row = next(row for row in rows if row.board)
    known = row._replace(board=BoardRows(row.board.digest))
    assert pack([known])[0][6] == (row.board.digest,)
    assert unpack(pack([known])) == [known]
