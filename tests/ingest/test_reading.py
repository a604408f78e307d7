"""Captures are read in groups and prepared in batches, with the rows of one at a time."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from loader.errors import SourceError
from loader.ingest import reading
from loader.ingest.reading import parse_work
from loader.ingest.tasks import Work
from loader.model import Capture, Problem, Revisit, Snapshot
from loader.page import parse_capture
from loader.rows.codec import Zstd
from loader.rows.prepare import parsed, prepare, prepare_all
from loader.rows.records import SourceRow
from loader.sources import ReadOptions, Source

_BOARD = "OGDC 120.50 Increased By ▲ 1.50 (1.26%)\nPPL 90.00 No Change ▼ 0.00 (0%)"


def _capture(number: int, text: str) -> Capture:
    return Capture(
        data=text.encode(), media_type="text/plain", source="a.jsonl", offset=number,
        url=f"https://www.brecorder.com/news/{40_000_000 + number}",
    )  # fmt: skip


@pytest.mark.parametrize(
    "fault", [SourceError("a.jsonl", "ends early"), RuntimeError("a panic"), OSError("gone")]
)
@pytest.mark.parametrize("at_once", [1, 2, 3, 4, 100])
def test_captures_before_a_fault_are_kept(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, at_once: int
) -> None:
    def read(*_: object) -> Iterator[Capture]:
        yield from (_capture(number, f"{_BOARD}\n\nText {number}.") for number in range(3))
        raise fault

    monkeypatch.setattr(reading, "read_captures", read)
    work = Work(Source("a.jsonl", "jsonl"))
    found = []
    with pytest.raises(SourceError):
        for item in parse_work(work, ReadOptions(), at_once=at_once):
            assert isinstance(item, Snapshot)
            found.append(item.capture.offset)
    assert found == [0, 1, 2]


@pytest.mark.parametrize("at_once", [1, 100])
def test_captures_of_a_work_are_freed_without_the_garbage_collector(
    tmp_path: Path, at_once: int
) -> None:
    # It runs so seldom during a load that a cycle in each work took 400 bytes a page.
    source = tmp_path / "a.jsonl"
    source.write_text(
        "".join(json.dumps({"text": f"{_BOARD}\n\nText {n}."}) + "\n" for n in range(9))
    )
    work = Work(Source(str(source), "jsonl"))
    gc.collect()
    gc.disable()
    try:
        assert sum(1 for _ in parse_work(work, ReadOptions(), at_once=at_once)) == 9
        kept = [item for item in gc.get_objects() if isinstance(item, Capture)]
    finally:
        gc.enable()
    assert not [item for item in kept if item.source == str(source)]


def test_a_batch_has_the_rows_of_its_items() -> None:
    codec, source = Zstd(), SourceRow("a.jsonl", "jsonl")
    items = [
        parse_capture(_capture(1, f"{_BOARD}\n\nKARACHI: Hub Power Company gained on Monday.")),
        parse_capture(_capture(2, "\0\0")),  # refused
        Problem("bad-json", "is not JSON", "a.jsonl", 3),
        Revisit(
            source="a.jsonl", offset=4, captured_at=None,
            url="https://www.brecorder.com/news/40000001", refers_to_at=None, refers_to_url="https://www.brecorder.com/news/40000001",
        ),
        parse_capture(_capture(5, _BOARD)),
    ]  # fmt: skip
    rows = prepare_all([parsed(item, source) for item in items], codec)
    assert rows == [prepare(item, codec, source) for item in items]
    assert [bool(row.article) for row in rows] == [True, False, False, False, False]
    assert [bool(row.raw) for row in rows] == [True, False, False, False, True]
    assert [bool(row.revisit) for row in rows] == [False, False, False, True, False]
    assert [len(row.problems) for row in rows] == [0, 1, 1, 0, 0]
