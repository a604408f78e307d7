"""Measure the cost of 100 new captures in archives of different sizes: time and bytes written.

The captures are from days after all others (`--where end`), or were left out of every part of the
archive (`anywhere`). Bytes are those that the process writes, WAL and file together.
Run: python -m benchmarks.small_changes [--sizes 10000 100000] [--where end|anywhere]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.synthetic import pages

_NEW = 100


class Change(NamedTuple):
    """One load of the new captures."""

    seconds: float
    processor: float
    megabytes: float


def write_sources(folder: Path, size: int, where: str) -> tuple[Path, Path]:
    """Write the pages of an archive, and those of the later captures."""
    old, new = folder / f"{size}.jsonl", folder / f"{size}-new.jsonl"
    step = size // _NEW
    with old.open("w", encoding="utf-8") as first, new.open("w", encoding="utf-8") as second:
        for number, page in enumerate(pages(size + _NEW, 0.2)):
            is_new = number >= size if where == "end" else number % (step + 1) == step
            (second if is_new else first).write(json.dumps(page, ensure_ascii=False) + "\n")
    return old, new


def load(db: Path, lines: Path, workers: int) -> Change:
    """Load in a process of its own, and return its time and bytes written."""
    command = [sys.executable, "-m", "benchmarks.small_changes", "--load", str(db), str(lines)]
    started = time.perf_counter()
    done = subprocess.run(
        [*command, str(workers)], check=True, capture_output=True, text=True
    ).stdout.split()
    return Change(time.perf_counter() - started, float(done[0]), int(done[1]) / 1e6)


def load_here(db: str, lines: str, workers: str) -> None:
    """Load in this process, then print processor seconds and bytes written."""
    from loader.cli import main as loader

    arguments = ["load", lines, "--db", db, "--quiet", "--workers", workers]
    loader(arguments, standalone_mode=False)
    written = Path("/proc/self/io").read_text(encoding="utf-8").split("wchar: ")[1].split()[0]
    times = os.times()
    print(times.user + times.system, written)


def measure(folder: Path, size: int, where: str, rounds: int) -> Sequence[Change]:
    old, new = write_sources(folder, size, where)
    full, db = folder / f"{size}.db", folder / "changed.db"
    load(full, old, 2)
    old.unlink()
    changes = []
    for _ in range(rounds):
        shutil.copy(full, db)
        changes.append(load(db, new, 1))
    print(f"{size:9,} pages, {full.stat().st_size / 1e6:8.1f} MB: {_median(changes)}", flush=True)
    return changes


def _median(changes: Sequence[Change]) -> str:
    change = Change(*(statistics.median(values) for values in zip(*changes, strict=True)))
    return (
        f"{change.seconds:6.2f} s {change.processor:6.2f} cpu s {change.megabytes:7.2f} MB written"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    arguments.add_argument("--where", choices=("end", "anywhere"), default="end")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--load", nargs=3, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.load:
        load_here(*options.load)
        return
    folder = Path(tempfile.mkdtemp(prefix="recorder-small-"))
    try:
        for size in options.sizes:
            measure(folder, size, options.where, options.rounds)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
