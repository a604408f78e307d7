"""Compressed sources: several members, truncation, damage, bombs."""

from __future__ import annotations

import gzip
import json
import os
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from loader.errors import SourceError
from loader.model import Capture, Problem
from loader.sources import Source, read_captures

Write = Callable[[str, bytes], str]
Read = Callable[..., list[Capture | Problem]]
ReadToFault = Callable[[str], tuple[list[Capture | Problem], SourceError]]

COMPRESS: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "zst": zstandard.compress}
NAMES = {"gz": "gzip", "zst": "zstd"}
SKIPPABLE_FRAME = b"\x50\x2a\x4d\x18\x05\0\0\0hello"
both = pytest.mark.parametrize("suffix", ["gz", "zst"])


def raw(tmp_path: Path, name: str, data: bytes) -> str:
    path = tmp_path / name
    path.write_bytes(data)
    return str(path)


def random_lines(count: int) -> bytes:
    """JSON lines of 1,000 characters that hardly compress."""
    return b"".join(b'{"text": "%s"}\n' % os.urandom(500).hex().encode() for _ in range(count))


@both
def test_several_members_or_frames_are_one_stream(tmp_path: Path, read: Read, suffix: str) -> None:
    parts = [b'{"text": "one"}\n{"te', b'xt": "two"}\n', b"", b'{"text": "three"}\n']
    whole = b"".join(COMPRESS[suffix](part) for part in parts)
    items = read(raw(tmp_path, f"a.jsonl.{suffix}", whole))
    assert [item.data for item in items if isinstance(item, Capture)] == [b"one", b"two", b"three"]


@both
def test_many_small_members_or_frames_are_read(tmp_path: Path, read: Read, suffix: str) -> None:
    whole = b"".join(COMPRESS[suffix](b'{"text": "%d"}\n' % number) for number in range(20_000))
    items = read(raw(tmp_path, f"a.jsonl.{suffix}", whole))
    numbers = [int(item.data) for item in items if isinstance(item, Capture)]
    assert numbers == list(range(20_000))


@both
def test_large_data_come_out_exact(write: Write, read: Read, suffix: str) -> None:
    data = os.urandom(3_000_000) + bytes(5_000_000) + os.urandom(100_001)
    (capture,) = read(write(f"page.txt.{suffix}", data))
    assert isinstance(capture, Capture)
    assert capture.data == data


def test_zeros_after_a_gzip_member_are_padding(tmp_path: Path, read: Read) -> None:
    padded = gzip.compress(b"one ") + bytes(700_000) + gzip.compress(b"two") + bytes(512)
    (capture,) = read(raw(tmp_path, "page.txt.gz", padded))
    assert isinstance(capture, Capture)
    assert capture.data == b"one two"


def test_skippable_zstd_frames_are_skipped(tmp_path: Path, read: Read) -> None:
    whole = SKIPPABLE_FRAME + zstandard.compress(b"one ") + SKIPPABLE_FRAME
    (capture,) = read(raw(tmp_path, "page.txt.zst", whole + zstandard.compress(b"two")))
    assert isinstance(capture, Capture)
    assert capture.data == b"one two"


@both
def test_a_compressed_file_with_a_plain_name_is_decompressed(
    tmp_path: Path, read: Read, suffix: str
) -> None:
    (capture,) = read(raw(tmp_path, "page.html", COMPRESS[suffix](b"<html>x")))
    assert isinstance(capture, Capture)
    assert capture.data == b"<html>x"


@both
def test_all_before_a_cut_end_comes_first(
    tmp_path: Path, read_to_fault: ReadToFault, suffix: str
) -> None:
    stream = random_lines(2000)
    compressed = COMPRESS[suffix](stream)
    location = raw(tmp_path, f"a.jsonl.{suffix}", compressed[: len(compressed) // 2])
    items, fault = read_to_fault(location)
    captures = [item for item in items if isinstance(item, Capture)]
    assert len(captures) > 800
    expected = [json.loads(line)["text"].encode() for line in stream.splitlines()]
    assert [item.data for item in captures] == expected[: len(captures)]
    assert fault.fault == (
        f"ends in the middle of the {NAMES[suffix]} data; "
        f"{len(captures)} captures were read before that"
    )
    assert fault.remedy == "download or copy it again"
    # The line that was cut in two is told as well.
    assert [item.kind for item in items[len(captures) :] if isinstance(item, Problem)] in (
        ["bad-json"],
        [],
    )


@both
def test_a_part_of_a_page_is_no_capture(
    tmp_path: Path, read_to_fault: ReadToFault, suffix: str
) -> None:
    compressed = COMPRESS[suffix](os.urandom(100_000))
    items, fault = read_to_fault(raw(tmp_path, f"page.txt.{suffix}", compressed[:-2]))
    assert items == []
    assert "ends in the middle" in fault.fault
    assert "0 captures were read" in fault.fault


@both
def test_a_cut_at_every_byte_is_seen(tmp_path: Path, suffix: str) -> None:
    compressed = COMPRESS[suffix](b'{"text": "a"}\n')
    for length in range(1, len(compressed)):
        location = raw(tmp_path, f"a.jsonl.{suffix}", compressed[:length])
        with pytest.raises(SourceError):
            list(read_captures(Source(location, "jsonl")))


@both
def test_a_cut_in_a_second_part_is_seen(
    tmp_path: Path, read_to_fault: ReadToFault, suffix: str
) -> None:
    part = COMPRESS[suffix](b'{"text": "a"}\n')
    items, fault = read_to_fault(raw(tmp_path, f"a.jsonl.{suffix}", part + part[:6]))
    assert len(items) == 1
    assert "1 capture was read before that" in fault.fault


def test_a_wrong_checksum_is_damage(tmp_path: Path, read_to_fault: ReadToFault) -> None:
    compressed = bytearray(gzip.compress(b'{"text": "a"}\n'))
    compressed[-8] ^= 1
    items, fault = read_to_fault(raw(tmp_path, "a.jsonl.gz", bytes(compressed)))
    assert fault.fault.startswith("holds damaged gzip data: ")
    assert all(isinstance(item, Capture) for item in items)


@both
def test_damage_in_the_middle_ends_the_source(
    tmp_path: Path, read_to_fault: ReadToFault, suffix: str
) -> None:
    compressed = bytearray(COMPRESS[suffix](random_lines(2000)))
    middle = len(compressed) // 2
    compressed[middle : middle + 2000] = b"\xff" * 2000
    items, fault = read_to_fault(raw(tmp_path, f"a.jsonl.{suffix}", bytes(compressed)))
    assert len([item for item in items if isinstance(item, Capture)]) > 500
    assert f"holds damaged {NAMES[suffix]} data" in fault.fault


@both
def test_bytes_after_the_end_are_damage(
    tmp_path: Path, read_to_fault: ReadToFault, suffix: str
) -> None:
    whole = COMPRESS[suffix](b'{"text": "a"}\n') + b"trailing rubbish"
    items, fault = read_to_fault(raw(tmp_path, f"a.jsonl.{suffix}", whole))
    assert len(items) == 1
    assert f"holds damaged {NAMES[suffix]} data" in fault.fault


@both
def test_a_plain_file_with_a_compressed_name_is_a_fault(
    tmp_path: Path, read_to_fault: ReadToFault, suffix: str
) -> None:
    items, fault = read_to_fault(raw(tmp_path, f"a.jsonl.{suffix}", b'{"text": "a"}\n'))
    assert items == []
    assert fault.fault == f"not {NAMES[suffix]} data in spite of its name"
    _, fault = read_to_fault(raw(tmp_path, f"b.jsonl.{suffix}", b""))
    assert fault.fault == f"an empty file, not {NAMES[suffix]} data"


@both
def test_the_wrong_compression_is_a_fault(
    tmp_path: Path, read_to_fault: ReadToFault, suffix: str
) -> None:
    other = COMPRESS["zst" if suffix == "gz" else "gz"](b"x")
    _, fault = read_to_fault(raw(tmp_path, f"a.txt.{suffix}", other))
    assert "in spite of its name" in fault.fault


def zeros(suffix: str, mebibytes: int) -> bytes:
    block = bytes(1024 * 1024)
    if suffix == "gz":
        gzipper = zlib.compressobj(9, wbits=31)
        return b"".join(gzipper.compress(block) for _ in range(mebibytes)) + gzipper.flush()
    zstder = zstandard.ZstdCompressor().compressobj()
    return b"".join(zstder.compress(block) for _ in range(mebibytes)) + zstder.flush()


@both
@pytest.mark.parametrize("name", ["a.jsonl", "page.txt"])
def test_a_bomb_is_refused_after_its_grace(
    tmp_path: Path, read_to_fault: ReadToFault, suffix: str, name: str
) -> None:
    items, fault = read_to_fault(raw(tmp_path, f"{name}.{suffix}", zeros(suffix, 80)))
    assert fault.fault.startswith("expands to more than 1000 times its size after the first 64 MiB")
    assert [item.kind for item in items if isinstance(item, Problem)] == ["too-large"]
    assert len(items) == 1


@both
def test_repetitive_data_within_the_grace_are_read(tmp_path: Path, read: Read, suffix: str) -> None:
    (capture,) = read(raw(tmp_path, f"page.txt.{suffix}", COMPRESS[suffix](b"x" * 10_000_000)))
    assert isinstance(capture, Capture)
    assert len(capture.data) == 10_000_000


class FailingStdin:
    """Standard input whose disk fails after some reads."""

    def __init__(self, chunks: list[bytes]) -> None:
        self.buffer = self
        self._chunks = iter(chunks)

    def read(self, _limit: int) -> bytes:
        try:
            return next(self._chunks)
        except StopIteration:
            raise OSError(5, "Input/output error") from None


def test_a_disk_error_comes_after_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = b'{"text": "a"}\n' * 10
    monkeypatch.setattr(sys, "stdin", FailingStdin([lines, lines + b'{"text": "cut']))
    items: list[Capture | Problem] = []
    with pytest.raises(SourceError) as caught:
        for item in read_captures(Source("-", "stdin")):
            items.append(item)
    assert [type(item) for item in items] == [Capture] * 20 + [Problem]
    assert caught.value.fault == (
        "cannot be read: Input/output error; 20 captures were read before that"
    )
