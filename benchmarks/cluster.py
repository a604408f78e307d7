"""A local Dask cluster of two workers against `--workers 2`, on the same WET files, alternating.

Both end with an archive: `loader parse --to parts/` and `loader load parts/` on one side,
`loader load` on the other. Run: python -m benchmarks.cluster [--records 20000] [--files 8]
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from benchmarks.measure import BIN, Run, median, timed
from benchmarks.wet import write_wet


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--records", type=int, default=20_000)
    arguments.add_argument("--files", type=int, default=8)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="recorder-cluster-"))
    loader, wet, parts = str(BIN / "loader"), folder / "wet", folder / "parts"
    db = folder / "bench.db"
    load = [loader, "load", "--quiet", "--workers", "2", "--db", str(db)]
    parse = [loader, "parse", "--to", str(parts), "--workers", "2", str(wet)]
    sides = {
        "load --workers 2": [[*load, str(wet)]],
        "Dask: parse --to": [parse],
        "Dask: load parts/": [[*load, str(parts)]],
    }
    runs: dict[str, list[Run]] = {name: [] for name in sides}
    try:
        wet.mkdir()
        for number in range(options.files):
            write_wet(wet / f"{number}.warc.wet.gz", options.records, number)
        for _ in range(options.rounds):
            shutil.rmtree(parts, ignore_errors=True)
            for name, commands in sides.items():
                db.unlink(missing_ok=True)
                runs[name].append(timed(commands))
    finally:
        shutil.rmtree(folder)
    medians = {name: median(side) for name, side in runs.items()}
    for name, run in medians.items():
        print(f"{name:18} {run.seconds:6.2f} s {run.processor:6.2f} cpu s {run.peak_mb:5.0f} MB")
    here, parsed, appended = (run.seconds for run in medians.values())
    print(f"parsing on Dask at {here / parsed:.2f} of the speed of load --workers 2,")
    print(f"with appending the parts at {here / (parsed + appended):.2f}")


if __name__ == "__main__":
    main()
