"""JSON lines read in spans: each line once, and no span reads far beyond its end."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

import loader.sources.readers.jsonl
from loader.model import Capture, Problem, Revisit
from loader.sources import MAX_CAPTURE_BYTES, ReadOptions, Source, read_captures, read_span

Write = Callable[[str, bytes], str]
Items = list[Capture | Problem | Revisit]

LINES = b'{"text": "one"}\n\n \r\n{"text": "a longer one"}\n[1]\n\n{"text": "\xc3\xa9"}\r\n{"text'


def _in_spans(location: str, size: int, length: int) -> Items:
    starts = [*range(0, length, size)]
    source = Source(location, "jsonl")
    spans = itertools.zip_longest(starts, starts[1:])
    return [item for span in spans for item in read_span(source, ReadOptions(), *span)]


@pytest.mark.parametrize("end", [b"", b"\n", b'": "x"}', b'": "x"}\n', b'": "x"}\n{}'])
def test_spans_of_any_size_give_what_the_whole_does(write: Write, end: bytes) -> None:
    data = LINES + end
    location = write("a.jsonl", data)
    whole = list(read_captures(Source(location, "jsonl")))
    for size in range(1, len(data) + 1):
        assert _in_spans(location, size, len(data)) == whole, size


def test_a_line_over_many_spans_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    length = 4 * MAX_CAPTURE_BYTES
    with path.open("wb") as file:
        file.write(b'{"text": "')
        file.seek(length)
        file.write(b'"}\n{"text": "next"}\n')
    source = Source(str(path), "jsonl")
    told: list[int] = []
    items: Items = []
    size = length // 32
    for number in range(33):
        end = (number + 1) * size if number < 32 else None
        items += read_span(source, ReadOptions(), number * size, end, told.append)
    problem, capture = items
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.offset) == ("too-large", 0)
    assert f"Line 1 has {length + 3:,} bytes" in problem.detail
    assert isinstance(capture, Capture)
    assert capture.data == b"next"
    # Once for the line, once for the line feeds looked for, and a buffer for each span.
    assert sum(told) < 3 * length


def test_line_feeds_before_a_span_are_counted_once(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = write("a.jsonl", b"[1]\n\n" * 1_000)
    counted: list[int] = []
    count = loader.sources.readers.jsonl._line_feeds_before

    def counting(location: str, offset: int) -> int:
        counted.append(offset)
        return count(location, offset)

    monkeypatch.setattr(loader.sources.readers.jsonl, "_line_feeds_before", counting)
    items = _in_spans(location, 1_000, 5_000)
    assert items == list(read_captures(Source(location, "jsonl")))
    assert len(items) == 1_000
    assert counted == [1_000, 2_000, 3_000, 4_000]
