"""Damaged WARC files: intact records are read, damage is reported with its place."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
import zstandard

from loader.errors import SourceError
from loader.model import Capture, Problem
from loader.sources import Source, read_captures
from loader.sources.source import MAX_CAPTURE_BYTES
from tests.sources.warc_files import (
    HTML,
    URL,
    conversion,
    members,
    raw_record,
    response,
    warc_bytes,
    write,
    zstd_warc,
)

RECORDS = [response(HTML + str(number).encode(), f"{URL}-{number}") for number in range(6)]
URLS = [record[1] for record in RECORDS]


def _urls(items) -> list[str | None]:
    return [item.url for item in items if isinstance(item, Capture)]


def _gaps(items) -> list[tuple[str, int | None]]:
    return [(item.kind, item.offset) for item in items if isinstance(item, Problem)]


def test_member_cut_off_at_the_end_is_told_with_its_offset_and_the_rest_kept(
    tmp_path: Path, read_to_fault
) -> None:
    parts = members(RECORDS)
    data = b"".join(parts)[:-20]
    items, fault = read_to_fault(write(tmp_path / "a.warc.gz", data))
    assert _urls(items) == URLS[:-1]
    assert fault.offset == sum(map(len, parts[:-1]))
    assert "ends in the middle of a record" in fault.fault


@pytest.mark.parametrize("kept", [1, 5, 30])
def test_file_cut_off_anywhere_in_its_last_record_is_told(
    tmp_path: Path, read_to_fault, kept: int
) -> None:
    parts = members(RECORDS)
    items, _ = read_to_fault(write(tmp_path / "a.warc.gz", b"".join(parts[:-1]) + parts[-1][:kept]))
    assert _urls(items) == URLS[:-1]


def test_file_without_compression_that_is_cut_off_is_told(tmp_path: Path, read_to_fault) -> None:
    items, fault = read_to_fault(write(tmp_path / "a.warc", warc_bytes(RECORDS)[:-30]))
    assert _urls(items) == URLS[:-1]
    assert fault.offset


def test_zstd_file_that_is_cut_off_is_told(tmp_path: Path, read_to_fault) -> None:
    items, _ = read_to_fault(write(tmp_path / "a.warc.zst", zstd_warc(RECORDS)[:-9]))
    assert _urls(items) == URLS[:-1]


@pytest.mark.parametrize("where", [12, 40, 150, -6], ids=["start", "header", "body", "checksum"])
def test_damaged_member_in_the_middle_costs_that_record_alone(
    tmp_path: Path, read, where: int
) -> None:
    parts = members(RECORDS)
    damaged = bytearray(parts[2])
    damaged[where] ^= 0xFF
    data = b"".join([*parts[:2], bytes(damaged), *parts[3:]])
    items = read(write(tmp_path / "a.warc.gz", data))
    assert _urls(items) == [*URLS[:2], *URLS[3:]]
    assert _gaps(items) == [("damaged-record", len(parts[0]) + len(parts[1]))]


@pytest.mark.parametrize("rubbish", [b"\0" * 700, b"rubbish", b"\x1f\x8b\x08rubbish" * 50])
def test_rubbish_between_members_costs_no_record(tmp_path: Path, read, rubbish: bytes) -> None:
    parts = members(RECORDS)
    items = read(write(tmp_path / "a.warc.gz", b"".join([*parts[:3], rubbish, *parts[3:]])))
    assert _urls(items) == URLS
    assert len(_gaps(items)) == 1


def test_damage_in_several_places_is_told_for_each(tmp_path: Path, read) -> None:
    parts = members(RECORDS)
    parts[1] = parts[1][:60] + b"\xff\xff" + parts[1][62:]
    parts[4] = parts[4][:-8] + bytes(8)
    items = read(write(tmp_path / "a.warc.gz", b"".join(parts)))
    assert _urls(items) == [URLS[0], URLS[2], URLS[3], URLS[5]]
    assert len(_gaps(items)) == 2


def test_damaged_zstd_frame_costs_that_record_alone(tmp_path: Path, read) -> None:
    pack = zstandard.ZstdCompressor(write_checksum=True).compress
    parts = members(RECORDS, pack)
    damaged = bytearray(parts[2])
    damaged[len(damaged) // 2] ^= 0xFF
    items = read(write(tmp_path / "a.warc.zst", b"".join([*parts[:2], damaged, *parts[3:]])))
    assert _urls(items) == [*URLS[:2], *URLS[3:]]


def test_rubbish_in_a_file_without_compression_costs_no_record(tmp_path: Path, read) -> None:
    parts = members(RECORDS, bytes)
    items = read(write(tmp_path / "a.warc", b"".join([*parts[:3], b"rubbish", *parts[3:]])))
    assert _urls(items) == URLS


@pytest.mark.parametrize(
    "length", ["abc", "-5", None, "10000000", "99999999999", "9" * 40, "50", "0"]
)
@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_wrong_content_length_costs_that_record_alone(
    tmp_path: Path, read, length: str | None, name: str
) -> None:
    pack = gzip.compress if name.endswith("gz") else bytes
    parts = members(RECORDS, pack)
    data = b"".join([*parts[:3], pack(raw_record(length)), *parts[3:]])
    items = read(write(tmp_path / name, data))
    assert [url for url in _urls(items) if url in URLS] == URLS
    assert any(kind == "damaged-record" for kind, _ in _gaps(items))
    assert "https://www.brecorder.com/news/40309999" not in _urls(items)


def test_header_line_without_a_colon_is_passed_over(tmp_path: Path, read) -> None:
    data = gzip.compress(raw_record("100", extra=b"no colon here\r\n"))
    (capture,) = read(write(tmp_path / "a.warc.gz", data))
    assert capture.data == b"x" * 100


def test_padding_at_the_end_is_no_fault(tmp_path: Path, read) -> None:
    data = b"".join(members(RECORDS)) + bytes(512)
    items = read(write(tmp_path / "a.warc.gz", data))
    assert (_urls(items), _gaps(items)) == (URLS, [])


def test_whole_file_in_one_gzip_member_is_read(tmp_path: Path, read) -> None:
    items = read(write(tmp_path / "a.warc.gz", gzip.compress(warc_bytes(RECORDS))))
    assert (_urls(items), _gaps(items)) == (URLS, [])


def test_record_of_500_mb_is_refused_unread_and_the_next_one_read(tmp_path: Path, read) -> None:
    big = 500 * 1024 * 1024
    path = tmp_path / "a.warc"
    with path.open("wb") as file:
        head, _, rest = raw_record(str(big), b"").partition(b"\r\n\r\n")
        file.write(head + b"\r\n\r\n")
        file.seek(big, 1)
        file.write(rest + warc_bytes(RECORDS[:1]))
    problem, capture = read(str(path))
    assert (problem.kind, problem.offset) == ("too-large", 0)
    assert f"{MAX_CAPTURE_BYTES:,}" in problem.detail
    assert capture.url == URLS[0]


def test_member_that_expands_without_measure_is_passed_over(tmp_path: Path, read) -> None:
    """100 MB of zeros in 100 KB: more than BOMB_RATIO times what is left of the file."""
    size = 100 * 1024 * 1024
    bomb = gzip.compress(raw_record(str(size), bytes(size)))
    parts = members(RECORDS)
    items = read(write(tmp_path / "a.warc.gz", b"".join([*parts[:2], bomb, *parts[2:]])))
    assert _urls(items) == URLS
    (problem,) = [item for item in items if isinstance(item, Problem)]
    start = sum(map(len, parts[:2]))
    assert (problem.kind, problem.offset) == ("damaged-record", start)
    assert f"Bytes {start:,} to {start + len(bomb):,} give no record" in problem.detail


@pytest.mark.parametrize("data", [b"<html>", gzip.compress(b"<html>no WARC</html>"), b"\0" * 99])
def test_file_that_is_no_warc_is_an_error(tmp_path: Path, read_to_fault, data: bytes) -> None:
    name = "a.warc.gz" if data[:1] == b"\x1f" else "a.warc"
    items, fault = read_to_fault(write(tmp_path / name, data))
    assert items == []
    assert "no WARC records" in fault.fault


def test_empty_file_is_a_problem(tmp_path: Path, read) -> None:
    (problem,) = read(write(tmp_path / "a.warc.gz", b""))
    assert problem.kind == "empty"


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        list(read_captures(Source(str(tmp_path / "none.warc.gz"), "warc")))


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
def test_mutated_files_end_normally_or_with_a_source_error(tmp_path: Path, name: str) -> None:
    """Random damage: never another exception, never a capture with bytes that no record had."""
    pack = {"a.warc": bytes, "a.warc.gz": gzip.compress}.get(
        name, zstandard.ZstdCompressor(write_checksum=True).compress
    )
    records = [conversion(str(number).encode() * 50, f"{URL}-{number}") for number in range(5)]
    data = b"".join(members(records, pack))
    bodies = {record[2] for record in records}
    chance = random.Random(name)
    path = tmp_path / name
    for _ in range(300):
        mutated = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            action = chance.randrange(3)
            at = chance.randrange(len(mutated))
            if action == 0:
                mutated[at] ^= 1 << chance.randrange(8)
            elif action == 1:
                del mutated[at : at + chance.randint(1, 80)]
            else:
                mutated[at:at] = chance.randbytes(chance.randint(1, 80))
        path.write_bytes(mutated)
        captures = []
        try:
            for item in read_captures(Source(str(path), "warc")):
                captures += [item] if isinstance(item, Capture) else []
        except SourceError:
            pass
        if pack is not bytes:
            assert {capture.data for capture in captures} <= bodies


def _with_lf(record: bytes) -> bytes:
    """The same record with header lines that end in LF alone, and so its end."""
    header, _, body = record.partition(b"\r\n\r\n")
    return header.replace(b"\r\n", b"\n") + b"\n\n" + body.removesuffix(b"\r\n\r\n") + b"\n\n"


LF_PARTS = [_with_lf(warc_bytes([record])) for record in RECORDS]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_header_lines_that_end_in_lf_alone_are_read(tmp_path: Path, read, pack) -> None:
    parts = [pack(part) for part in LF_PARTS]
    suffix = {bytes: "", gzip.compress: ".gz"}.get(pack, ".zst")
    items = read(write(tmp_path / f"a.warc{suffix}", b"".join(parts)))
    assert (_urls(items), _gaps(items)) == (URLS, [])
    places = [sum(map(len, parts[:number])) for number in range(6)]
    assert [item.offset for item in items] == places


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_files_that_mix_both_line_ends_lose_nothing(tmp_path: Path, read, pack) -> None:
    whole = [warc_bytes([record]) for record in RECORDS]
    suffix = "" if pack is bytes else ".gz"
    for number in range(1, 6):
        parts = [*whole[:number], *LF_PARTS[number:]]
        items = read(write(tmp_path / f"a.warc{suffix}", b"".join(map(pack, parts))))
        assert _urls(items) == URLS
        parts = [*LF_PARTS[:number], *whole[number:]]
        items = read(write(tmp_path / f"a.warc{suffix}", b"".join(map(pack, parts))))
        assert _urls(items) == URLS


def test_damage_among_lf_records_costs_that_record_alone(tmp_path: Path, read) -> None:
    parts = [gzip.compress(part) for part in LF_PARTS]
    parts[2] = parts[2][:40] + bytes(8) + parts[2][48:]
    items = read(write(tmp_path / "a.warc.gz", b"".join(parts)))
    assert _urls(items) == [*URLS[:2], *URLS[3:]]
    assert _gaps(items) == [("damaged-record", sum(map(len, parts[:2])))]


def test_lf_records_that_are_cut_off_are_told(tmp_path: Path, read_to_fault) -> None:
    for name, parts in (("a.warc", LF_PARTS), ("a.warc.gz", [*map(gzip.compress, LF_PARTS)])):
        items, fault = read_to_fault(write(tmp_path / name, b"".join(parts)[:-30]))
        assert _urls(items) == URLS[:-1]
        assert "ends in the middle of a record" in fault.fault
