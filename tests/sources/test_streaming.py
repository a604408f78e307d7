"""Memory, laziness and cleanup."""

from __future__ import annotations

import gc
import gzip
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from loader.model import Capture
from loader.sources import MAX_CAPTURE_BYTES, READERS, Source, read_captures

Write = Callable[[str, bytes], str]
MEBIBYTE = 1024 * 1024


def peak_while_reading(source: Source) -> tuple[int, int]:
    """The items of a source and the most memory that reading them took, in bytes."""
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_captures(source))
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_memory_does_not_grow_with_the_file(write: Write, name: str) -> None:
    lines = (b'{"text": "%s"}\n' % os.urandom(5_000).hex().encode() for _ in range(1_500))
    location = write(name, b"".join(lines))  # 15 MB
    count, peak = peak_while_reading(Source(location, "jsonl"))
    assert count == 1_500
    assert peak < 8 * MEBIBYTE


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_a_very_long_line_takes_no_more_than_a_capture(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    opener = gzip.open if name.endswith("gz") else zstandard.open
    with opener(path, "wb") as file:
        for _ in range(60):
            file.write(os.urandom(MEBIBYTE // 64).hex().encode() * 32)
    count, peak = peak_while_reading(Source(str(path), "jsonl"))
    assert count == 1
    assert peak < 4 * MAX_CAPTURE_BYTES


def test_captures_come_before_the_file_is_read_to_its_end(write: Write) -> None:
    location = write("a.jsonl", b'{"text": "%s"}\n' % (b"x" * 10_000) * 1_000)
    told: list[int] = []
    items = read_captures(Source(location, "jsonl"), progress=told.append)
    assert told == []
    assert isinstance(next(items), Capture)
    assert 0 < sum(told) < 1_000_000
    items.close()  # type: ignore[attr-defined]


def test_a_reader_that_is_given_up_closes_its_file(write: Write) -> None:
    location = write("a.jsonl.gz", b'{"text": "a"}\n' * 1_000)
    items = read_captures(Source(location, "jsonl"))
    next(items)
    del items
    gc.collect()  # an open file would give a ResourceWarning, which is an error here
    open_files = {str(link.resolve()) for link in Path("/proc/self/fd").iterdir()}
    assert location not in open_files


def test_the_same_source_reads_the_same_twice(write: Write) -> None:
    source = Source(write("a.jsonl", b'{"text": "a"}\nbad\n{"text": "b", "date": 1}'), "jsonl")
    assert list(read_captures(source)) == list(read_captures(source))


def test_the_registry_cannot_be_changed_by_accident() -> None:
    with pytest.raises(TypeError):
        READERS["text"] = READERS["jsonl"]  # type: ignore[index]
