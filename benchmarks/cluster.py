"""Compare a local Dask cluster of two workers with `--workers 2`, alternating on the same files.

WET files have one wanted record in a hundred, so that nearly all time is reading. Of pages all are
wanted, and each is written twice: into a part, and into the archive.
Run: python -m benchmarks.cluster [--form wet|pages] [--records 20000] [--files 24]
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Run, median, timed
from benchmarks.synthetic import pages
from benchmarks.wet import write_wet


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--form", choices=("wet", "pages"), default="wet")
    arguments.add_argument("--records", type=int, default=20_000, help="of each WET file")
    arguments.add_argument("--pages", type=int, default=24_000, help="of all files together")
    arguments.add_argument("--files", type=int, default=24)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="recorder-cluster-"))
    sources, db = folder / "sources", folder / "bench.db"
    load = [sys.executable, "-m", "loader", "load", str(sources), "--quiet", "--db", str(db)]
    sides = {
        "--workers 2": [*load, "--workers", "2"],
        "--cluster local": [*load, "--workers", "2", "--cluster", "local"],
    }
    runs: dict[str, list[Run]] = {name: [] for name in sides}
    sizes: dict[str, int] = {}
    try:
        sources.mkdir()
        if options.form == "wet":
            for number in range(options.files):
                write_wet(sources / f"{number}.warc.wet.gz", options.records, number)
        else:
            write_lines(sources, options.pages, options.files)
        for _ in range(options.rounds):
            for name, command in sides.items():
                db.unlink(missing_ok=True)
                runs[name].append(timed([command]))
                sizes[name] = db.stat().st_size
    finally:
        shutil.rmtree(folder)
    report(runs, sizes)


def write_lines(folder: Path, count: int, files: int) -> None:
    """Write pages in order into several files of JSON lines."""
    a_file = -(-count // files)
    written = enumerate(pages(count, 0.2))
    for number in range(files):
        with (folder / f"{number:03}.jsonl").open("w", encoding="utf-8") as file:
            for index, page in written:
                file.write(json.dumps(page, ensure_ascii=False) + "\n")
                if (index + 1) % a_file == 0:
                    break


def report(runs: dict[str, list[Run]], sizes: dict[str, int]) -> None:
    """Print the medians of each side, and of the ratios of neighbouring runs."""
    print(f"{'':16} {'wall s':>7} {'cpu s':>7} {'MB':>5} {'file MB':>8}")
    for name, side in runs.items():
        run = median(side)
        print(
            f"{name:16} {run.seconds:7.2f} {run.processor:7.2f} {run.peak_mb:5.0f}"
            f" {sizes[name] / 1e6:8.1f}"
        )
    here, cluster = runs.values()
    pairs = list(zip(here, cluster, strict=True))
    wall = statistics.median(one.seconds / other.seconds for one, other in pairs)
    processor = statistics.median(one.processor / other.processor for one, other in pairs)
    print(f"Dask at {wall:.2f} of the speed of --workers 2; {processor:.2f} by processor time")


if __name__ == "__main__":
    main()
