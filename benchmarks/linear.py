"""Compare the cost per page of a load into a large archive and into a small one.

Loads N pages into a new archive, then 10 N more into one that already has 10 N, and compares the
time per page. Run: python -m benchmarks.linear [--pages 10000] [--new 0.2]
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from benchmarks.measure import BIN, timed
from benchmarks.synthetic import write_pages


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=int, default=10_000)
    arguments.add_argument("--new", type=float, default=0.2)
    arguments.add_argument("--workers", type=int, default=2)
    options = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="recorder-linear-"))
    lines, split = folder / "pages.jsonl", options.pages * 10
    command = [str(BIN / "loader"), "load", "--quiet", "--workers", str(options.workers), "--db"]
    try:
        write_pages(lines, split * 2 + options.pages, options.new)
        names = ("small", "first", "second")
        sizes = (options.pages, split, split)
        _cut(lines, folder, names, sizes)
        runs = []
        for name, db in zip(names, ("small.db", "large.db", "large.db"), strict=True):
            runs.append(timed([[*command, str(folder / db), str(folder / f"{name}.jsonl")]]))
        for name, size, run in zip(names, sizes, runs, strict=True):
            print(
                f"{name:7} {size:9,} pages {run.seconds:8.1f} s {run.processor:8.1f} cpu s"
                f" {run.peak_mb:5.0f} MB {1000 * run.seconds / size:6.3f} ms a page"
            )
        small, _, second = runs
        print(
            f"10 times the pages, 10 times the archive: {second.seconds / small.seconds:.1f} times"
        )
        print(f"in processor time: {second.processor / small.processor:.1f} times")
        print(f"archive: {(folder / 'large.db').stat().st_size / 1e6:.0f} MB")
    finally:
        shutil.rmtree(folder)


def _cut(lines: Path, folder: Path, names: tuple[str, ...], sizes: tuple[int, ...]) -> None:
    """Split lines into several files."""
    with lines.open("rb") as source:
        for name, size in zip(names, sizes, strict=True):
            with (folder / f"{name}.jsonl").open("wb") as file:
                for _ in range(size):
                    file.write(source.readline())


if __name__ == "__main__":
    main()
