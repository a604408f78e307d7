"""Verify finds flipped bits and truncated files, or they change no content."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path

from loader.archive.connection import open_readonly
from loader.archive.raw import RawReader
from loader.errors import ArchiveError
from loader.maintain.dump import dump
from loader.maintain.reparse.compare import Scan
from loader.maintain.verify.verify import check_is_archive, reading, verify
from tests.reliability import note, setting

FLIPS = setting("LOADER_FLIPS", 24)
CUTS = setting("LOADER_CUTS", 8)


def _finds(path: Path) -> bool:
    """Whether `loader verify --all` would exit with 1."""
    try:
        check_is_archive(path)
        with reading(path, 1) as conn:
            return any(f.is_damage for f in verify(conn, path, Scan(), everything=True))
    except (ArchiveError, sqlite3.Error, UnicodeDecodeError):
        return True


def _says_nothing_wrong(path: Path, wanted: dict[str, list[str]]) -> bool:
    try:
        conn = open_readonly(path)
        try:
            return dump(conn) == wanted
        finally:
            conn.close()
    except (ArchiveError, sqlite3.Error, UnicodeDecodeError):
        return False


def _raw_captures(path: Path) -> dict[int, bytes]:
    """What can be read of the raw captures: each the exact bytes, or an error."""
    found: dict[int, bytes] = {}
    try:
        conn = open_readonly(path)
    except (ArchiveError, sqlite3.Error, UnicodeDecodeError):
        return found
    for snapshot_id in range(1, 20):
        try:
            found[snapshot_id] = RawReader(conn).read(snapshot_id)
        except (ArchiveError, sqlite3.Error, UnicodeDecodeError, KeyError):
            continue
    conn.close()
    return found


def _flip(job: tuple[Path, int, dict[str, list[str]], dict[int, bytes]]) -> tuple[str, int]:
    archive, bit, wanted, raw = job
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        data = bytearray(archive.read_bytes())
        data[bit // 8] ^= 1 << bit % 8
        path.write_bytes(data)
        read = _raw_captures(path)
        if any(raw[key] != value for key, value in read.items()):
            return "raw capture silently wrong", bit
        if _finds(path):
            return "found", bit
        return ("harmless" if _says_nothing_wrong(path, wanted) else "missed"), bit


def test_flipped_bits_are_found_or_harmless(tiny: Path) -> None:
    chance = random.Random(7)
    conn = open_readonly(tiny)
    wanted = dump(conn)
    conn.close()
    raw = _raw_captures(tiny)
    assert len(raw) == 6
    bits = tiny.stat().st_size * 8
    jobs = [(tiny, chance.randrange(bits), wanted, raw) for _ in range(FLIPS)]
    outcomes = _in_two_processes(jobs)
    bad = [outcome for outcome in outcomes if outcome[0] not in ("found", "harmless")]
    assert not bad
    found = sum(outcome == "found" for outcome, _ in outcomes)
    note("A flipped bit is found, or changes nothing that is held",
         flips=FLIPS, found=found, harmless=FLIPS - found)  # fmt: skip


def _in_two_processes(jobs: Sequence[object]) -> list[tuple[str, int]]:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return pool.map(_flip, jobs, chunksize=8)  # type: ignore[arg-type]


def test_truncated_files_are_found(tiny: Path, tmp_path: Path) -> None:
    chance = random.Random(8)
    data = tiny.read_bytes()
    for number in range(CUTS):
        path = tmp_path / f"{number}.db"
        path.write_bytes(data[: chance.randrange(1, len(data))])
        assert _finds(path)
    note("A file cut off at any byte is found", cuts=CUTS)
