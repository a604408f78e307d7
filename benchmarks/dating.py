"""Measure the time to date a whole archive, and 100 more captures.

    python -m benchmarks.dating [--boards 25000 50000 100000] [--folder /tmp/dating]

Builds simulated archives of about these numbers of boards over ten years (tests/market/
simulator.py), each by a real load without dating. Measures `date_all`, once more without anything
new, and `date_new` after 100 further captures, in a process of its own with the calendar unloaded.
Then it prints the quality of each kind of evidence on 5,000 captures over 400 trading days.
Targets: under a minute, linear, and under a second.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from loader.archive.archive import Archive
from loader.archive.dating import count_dated, date_all, date_new
from loader.market.sessions import Sessions
from tests.market.archives import load, sessions_of
from tests.market.measures import MEASURES, measure
from tests.market.simulator import Market, Seen, crawl_sessions

DAYS = 2400
MORE = 100


def build(path: Path, boards: int, sessions: Sessions) -> list[Seen]:
    """Build an undated archive of captures during market hours, and 100 more captures."""
    market = Market(1, sessions, sessions.before("2014-01-10") or 0, DAYS)
    captures = crawl_sessions(market, boards + MORE)
    load(path, captures[:-MORE], date=False)
    return captures[-MORE:]


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall time and processor time, which differ on a shared machine."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:6.2f} ({self.cpu:5.2f})"


def timed(work: Callable[[], object]) -> Seconds:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Seconds(time.perf_counter() - wall, time.process_time() - cpu)


def timed_full(path: Path) -> Seconds:
    """Time one `date_all`, commit included."""
    with Archive.open(path) as archive:
        return timed(lambda: archive.in_transaction(date_all))


def timed_new(path: Path) -> Seconds:
    """Time `date_new` in a new process, after the imports of every load."""
    command = [sys.executable, "-m", "benchmarks.dating", "--new-only", str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Seconds(*map(float, output.split()))


def _new_only(path: Path) -> None:
    with Archive.open(path) as archive:
        archive.begin_writing()
        seconds = timed(lambda: archive.in_transaction(date_new))
    print(seconds.wall, seconds.cpu)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--boards", type=int, nargs="*", default=[25_000, 50_000, 100_000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--new-only", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seeds", type=int, default=3, help="simulated markets a measure")
    options = parser.parse_args()
    if options.new_only:
        _new_only(options.new_only)
        return
    folder = options.folder or Path(tempfile.mkdtemp(prefix="dating-"))
    folder.mkdir(parents=True, exist_ok=True)
    sessions = sessions_of(2013, 2024)
    print("seconds of wall time (and of processor time)")
    print(f"{'captures':>9} {'boards':>8} {'full':>14} {'again':>14} {'+100':>14}  dated")
    for boards in options.boards:
        path = folder / f"{boards}.db"
        path.unlink(missing_ok=True)
        more = build(path, boards, sessions)
        full, again = timed_full(path), timed_full(path)
        load(path, more, date=False)
        new = timed_new(path)
        with Archive.open(path) as archive:
            counts = count_dated(archive.conn)
        dated = counts.dated + counts.index_only
        print(f"{boards:9,} {counts.boards:8,} {full} {again} {new}  {dated:,}", flush=True)
    for name in MEASURES:
        for seed in range(1, options.seeds + 1):
            print(f"{name:<34} seed {seed}: {measure(name, seed, folder / 'measure.db')}")
    if options.folder is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
