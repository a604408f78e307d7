"""`loader load` against what a user would do otherwise, on the same lines, alternating.

The other side is `sqlite-utils insert` of flat rows with a full-text index kept by
triggers: it parses nothing. Run: python -m benchmarks.load [--pages 20000] [--new 0.2]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.synthetic import write_pages

BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Run:
    """One timed run: seconds of wall time, peak memory in MB, bytes of the file made."""

    seconds: float
    peak_mb: float
    size: int


def timed(commands: list[list[str]], db: Path) -> Run:
    """Run commands one after the other; peak memory is that of the largest process."""
    db.unlink(missing_ok=True)
    started = time.perf_counter()
    peak = 0
    for command in commands:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"failed: {' '.join(command)}")
        peak = max(peak, usage.ru_maxrss)
    return Run(time.perf_counter() - started, peak / 1024, db.stat().st_size)


def ours(lines: Path, db: Path) -> list[list[str]]:
    return [[str(BIN / "loader"), "load", str(lines), "--db", str(db), "--quiet"]]


def flat(lines: Path, db: Path) -> list[list[str]]:
    """Table first, so that the index is kept by triggers while the rows come in."""
    tool = str(BIN / "sqlite-utils")
    columns = ["text", "text", "url", "text", "timestamp", "text"]
    return [
        [tool, "create-table", str(db), "pages", *columns],
        [tool, "enable-fts", str(db), "pages", "text", "--create-triggers", "--tokenize", "porter"],
        [tool, "insert", str(db), "pages", str(lines), "--nl"],
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=int, default=20_000)
    arguments.add_argument("--new", type=float, default=0.2, help="share of pages with a new board")
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="recorder-bench-"))
    try:
        lines = folder / "pages.jsonl"
        write_pages(lines, options.pages, options.new)
        sides = {"loader load": ours, "sqlite-utils insert": flat}
        runs: dict[str, list[Run]] = {name: [] for name in sides}
        for _ in range(options.rounds):
            for name, side in sides.items():
                db = folder / "bench.db"
                runs[name].append(timed(side(lines, db), db))
        report(runs, options.pages, lines.stat().st_size)
    finally:
        shutil.rmtree(folder)


def report(runs: dict[str, list[Run]], pages: int, size: int) -> None:
    """Medians of each side, and ours over theirs."""
    print(f"{pages:,} pages, {size / 1e6:.0f} MB of JSON lines")
    print(f"{'':22} {'seconds':>8} {'pages/s':>8} {'peak MB':>8} {'bytes a page':>13}")
    medians = {}
    for name, side in runs.items():
        seconds = statistics.median(run.seconds for run in side)
        peak = max(run.peak_mb for run in side)
        bytes_a_page = side[0].size / pages
        medians[name] = (seconds, peak, bytes_a_page)
        print(f"{name:22} {seconds:8.2f} {pages / seconds:8.0f} {peak:8.0f} {bytes_a_page:13.0f}")
    ours_, theirs = medians.values()
    print(
        f"ratio: time {ours_[0] / theirs[0]:.2f}, memory {ours_[1] / theirs[1]:.2f},"
        f" file {ours_[2] / theirs[2]:.2f}"
    )


if __name__ == "__main__":
    main()
