"""Compare `loader load` with its alternatives, alternating on the same lines.

One is `sqlite-utils insert` of flat rows with a full-text index maintained by triggers, without any
parsing. Another is a script that makes similar tables with sqlite-utils (peer_sqlite_utils.py). The
third is the bare writer, with rows parsed in advance.
Run: python -m benchmarks.load [--pages 20000] [--new 0.2] [--order runs|shuffled]
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks.measure import BIN, Run, median, ratio, timed
from benchmarks.synthetic import write_pages

FLAT, SCRIPT, WRITER = "sqlite-utils insert", "sqlite-utils script", "bare writer"


def ours(lines: Path, db: Path, workers: int) -> list[list[str]]:
    command = [str(BIN / "loader"), "load", str(lines), "--db", str(db), "--quiet"]
    return [[*command, "--workers", str(workers)]]


def flat(lines: Path, db: Path) -> list[list[str]]:
    """Create the table first, so that triggers maintain the index during the inserts."""
    tool = str(BIN / "sqlite-utils")
    columns = ["text", "text", "url", "text", "timestamp", "text"]
    return [
        [tool, "create-table", str(db), "pages", *columns],
        [tool, "enable-fts", str(db), "pages", "text", "--create-triggers", "--tokenize", "porter"],
        [tool, "insert", str(db), "pages", str(lines), "--nl"],
    ]


def script(lines: Path, db: Path) -> list[list[str]]:
    return [[sys.executable, "-m", "benchmarks.peer_sqlite_utils", str(lines), str(db)]]


def bare(rows: Path, db: Path) -> list[list[str]]:
    return [[sys.executable, "-m", "benchmarks.load", "--write", str(rows), str(db)]]


def make_rows(lines: Path, rows: Path) -> None:
    """Write the messages of workers into a file."""
    from loader.ingest.reading import Rows, work_events
    from loader.ingest.tasks import Work
    from loader.ingest.worker import send
    from loader.page.known_boards import KnownBoards
    from loader.rows.codec import PLAIN, Zstd, train_dictionary
    from loader.rows.packing import pack
    from loader.sources import ReadOptions, Source

    work = Work(Source(str(lines), "jsonl"))
    events = work_events(work, ReadOptions(), lambda: PLAIN, KnownBoards())
    first = next(event.items for event in events if isinstance(event, Rows))
    dictionary = train_dictionary([item.raw.data for item in first if item.raw])
    codec = Zstd(dictionary)
    with rows.open("wb") as file:
        send(file, (dictionary,))
        for event in work_events(work, ReadOptions(), lambda: codec, KnownBoards()):
            if isinstance(event, Rows):
                send(file, tuple(pack(event.items)))


def write_rows(rows: Path, db: Path) -> None:
    """Run the bare writer: insert rows from a file into the tables, and date them."""
    from loader.archive.archive import Archive, Load
    from loader.archive.dating import date_new
    from loader.ingest.collecting import few_collections
    from loader.ingest.load import utc_now
    from loader.ingest.worker import receive
    from loader.ingest.write import Writer
    from loader.rows.packing import unpack

    with few_collections(), Archive.open(db) as archive, rows.open("rb") as file:
        load = Load(archive, utc_now())
        (dictionary,) = receive(file) or (None,)
        load.use_dictionary(dictionary)
        writer = Writer(load)
        writer._use(dictionary)
        while message := receive(file):
            writer.add(unpack(message), is_plain=False)
        writer.finish()
        archive.in_transaction(date_new)
        load.finish(utc_now())


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=int, default=20_000)
    arguments.add_argument("--new", type=float, default=0.2, help="share of pages with a new board")
    arguments.add_argument(
        "--order", choices=("runs", "shuffled"), default="runs",
        help="equal boards follow each other, or stand anywhere",
    )  # fmt: skip
    arguments.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--write", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.write:
        write_rows(*options.write)
        return
    folder = Path(tempfile.mkdtemp(prefix="recorder-bench-"))
    try:
        lines, rows, db = folder / "pages.jsonl", folder / "rows", folder / "bench.db"
        write_pages(lines, options.pages, options.new, shuffled=options.order == "shuffled")
        make_rows(lines, rows)
        sides = {FLAT: flat(lines, db), SCRIPT: script(lines, db), WRITER: bare(rows, db)}
        for workers in options.workers:
            sides[f"loader load, {workers}"] = ours(lines, db, workers)
        runs: dict[str, list[Run]] = {name: [] for name in sides}
        sizes: dict[str, int] = {}
        for _ in range(options.rounds):
            for name, commands in sides.items():
                db.unlink(missing_ok=True)
                runs[name].append(timed(commands))
                sizes[name] = db.stat().st_size
        print(f"{options.pages:,} pages, {options.new:.0%} with a new board, {options.order}")
        report(runs, sizes)
        without = sizes[name] - raw_bytes(db)
        print(f"without raw captures {without / sizes[FLAT]:.2f} of the flat file")
    finally:
        shutil.rmtree(folder)


def report(runs: dict[str, list[Run]], sizes: dict[str, int]) -> None:
    """Print the medians of each side, and of its ratios to the first and to the script."""
    heads = ("s", "cpu s", "MB", "file MB", "/ flat", "cpu", "file", "/ script", "cpu")
    print(f"{'':20}" + "".join(f" {head:>8}" for head in heads))
    for name, side in runs.items():
        run, to_flat, to_script = median(side), ratio(side, runs[FLAT]), ratio(side, runs[SCRIPT])
        file = sizes[name] / sizes[FLAT]
        values = (
            run.seconds, run.processor, run.peak_mb, sizes[name] / 1e6, *to_flat, file, *to_script
        )  # fmt: skip
        print(f"{name:20}" + "".join(f" {value:8.2f}" for value in values))


def raw_bytes(db: Path) -> int:
    """Return the bytes of database pages with raw captures."""
    with closing(sqlite3.connect(db)) as conn:
        (size,) = conn.execute(
            "select sum(pgsize) from dbstat where name = 'raw_captures'"
        ).fetchone()
    return int(size)


if __name__ == "__main__":
    main()
