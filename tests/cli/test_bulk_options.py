"""Options for many captures."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from loader.cli.progress import ByteProgress, progress_line
from tests.conftest import ROOT, SAMPLES, Run, count_in
from tests.ingest.conftest import count
from tests.sources.warc_files import conversion, members

URL = "https://www.brecorder.com/news/40301234"


@pytest.fixture
def wet(tmp_path: Path) -> Path:
    """Two records of the site and one of another host, each a member of its own."""
    urls = [URL, "https://example.com/a", f"{URL}5"]
    records = [conversion(f"KARACHI: Text {url}.".encode(), url) for url in urls]
    path = tmp_path / "a.warc.wet.gz"
    path.write_bytes(b"".join(members(records)))
    return path


def _snapshots(db: Path) -> int:
    return count(db, "select count(*) from snapshots")


def test_host_adds_to_the_hosts_that_are_wanted(tmp_path: Path, wet: Path, run: Run) -> None:
    db = tmp_path / "a.db"
    run("load", wet, "--db", db)
    assert _snapshots(db) == 2
    run("load", wet, "--db", db, "--host", "example.com")
    assert _snapshots(db) == 3


def test_list_names_sources_and_missing_ones_are_told(tmp_path: Path, wet: Path, run: Run) -> None:
    (tmp_path / "wet.paths.gz").write_bytes(gzip.compress(f"{wet.name}\nnone.wet.gz\n".encode()))
    db = tmp_path / "a.db"
    arguments = ["--list", tmp_path / "wet.paths.gz", "--base", tmp_path]
    output = run("load", *arguments, "--db", db, code=1).output
    assert _snapshots(db) == 2
    assert f"not read: {tmp_path}/none.wet.gz: no such file" in output
    assert count(db, "select count(*) from problems where kind = 'unreadable'") == 1


def test_missing_list_is_told(tmp_path: Path, run: Run) -> None:
    output = run("load", "--list", tmp_path / "none", "--db", tmp_path / "a.db", code=1).output
    assert "a list that cannot be read" in output


def test_index_reads_single_records(tmp_path: Path, wet: Path, run: Run) -> None:
    row = {"filename": str(wet), "offset": 0, "length": wet.stat().st_size // 3}
    data = wet.read_bytes()
    row["length"] = data.index(b"\x1f\x8b\x08", 3)
    (tmp_path / "index.jsonl").write_text(json.dumps(row) + "\n")
    db = tmp_path / "a.db"
    run("load", "--index", tmp_path / "index.jsonl", "--db", db)
    assert _snapshots(db) == 1
    sql = "select count(*) from sources where location = ? and kind = 'wet'"
    assert count(db, sql, [str(wet)]) == 1


def test_nothing_to_read_is_wrong_usage(run: Run) -> None:
    assert "--list" in run("load", code=2).output
    assert "--list" in run("parse", code=2).output


@pytest.mark.parametrize(
    ("done", "total", "seconds", "wanted"),
    [
        (0, 1000, 1.0, "Loading  0 %  0 bytes of 1.0 kB  0 bytes/s"),
        (450_000_000, 900_000_000, 10.0,
         "Loading  50 %  450.0 MB of 900.0 MB  45.0 MB/s  0:10 left"),
        (10**9, 10**12, 10.0, "Loading  0 %  1.0 GB of 1.0 TB  100.0 MB/s  2:46:30 left"),
        (2_000_000, 0, 4.0, "Loading  2.0 MB  500.0 kB/s"),
        (1_200, 1_000, 1.0, "Loading  100 %  1.2 kB of 1.0 kB  1.2 kB/s  0:00 left"),
    ],
)  # fmt: skip
def test_progress_tells_rate_and_time_left(
    done: int, total: int, seconds: float, wanted: str
) -> None:
    assert progress_line(done, total, seconds) == wanted


def test_progress_draws_nothing_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    times = iter(range(100))
    with ByteProgress(1000, enabled=True, clock=lambda: float(next(times))) as bar:
        for _ in range(10):
            bar(100)
    assert capsys.readouterr().err == ""


def test_load_does_without_standard_error(tmp_path: Path) -> None:
    db, page = tmp_path / "archive.db", SAMPLES / "2024-seed-layout-teaser.txt"
    command = f'"{sys.executable}" -m loader load "{page}" --db "{db}" 2>&-'
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0
    assert "captures" in result.stdout
    assert count_in(db, "snapshots") == 1
