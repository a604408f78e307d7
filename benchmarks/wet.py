"""Measure scans of WET files with 1 % wanted records: against a bare FastWARC loop, and by workers.

The bare loop only reads the bodies of the same records. Run:
python -m benchmarks.wet [--records 20000] [--files 4]
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcHeader, WarcRecordType

from benchmarks.measure import BIN, median, timed
from benchmarks.synthetic import pages
from loader.sources import ReadOptions, Source, read_captures


def write_wet(path: Path, records: int, seed: int, wanted_each: int = 100) -> None:
    """Write a WET file of 6 KB records, every hundredth from the wanted host."""
    import gzip

    chance = random.Random(seed)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=6)) for _ in range(8000)]
    wanted = pages(records // wanted_each + 1, 0.2, seed)
    with path.open("wb") as file:
        for number in range(records):
            if number % wanted_each:
                url, text = (
                    f"https://www.example.com/{number}",
                    " ".join(chance.choices(words, k=880)),
                )
                date = "2024-05-03T10:15:00Z"
            else:
                page = next(wanted)
                url, text, date = page["url"], page["text"], page["timestamp"]
            body = text.encode()
            header = (
                f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: {url}\r\n"
                f"WARC-Date: {date}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
                f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            file.write(gzip.compress(header.encode() + body + b"\r\n\r\n", 6))


def bare(path: Path) -> int:
    """Return the size of the wanted bodies, read by FastWARC alone."""
    size = 0
    iterator = ArchiveIterator(
        str(path),
        record_types=WarcRecordType.conversion,
        parse_http=False,
        fsspec_args=False,
    )
    for record in iterator:
        if b"brecorder.com" in (record.headers.get_bytes(WarcHeader.WARC_TARGET_URI) or b""):
            size += len(record.reader.read())
    return size


def ours(path: Path) -> int:
    """Return the size of the wanted bodies, read by the loader's reader."""
    source = Source(str(path), "wet")
    return sum(len(getattr(item, "data", b"")) for item in read_captures(source, ReadOptions()))


def seconds(action: Callable[[Path], int], path: Path) -> tuple[float, int]:
    started = time.process_time()
    size = action(path)
    return time.process_time() - started, size


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--records", type=int, default=20_000)
    arguments.add_argument("--files", type=int, default=4)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="recorder-wet-"))
    try:
        (folder / "wet").mkdir()
        paths = [folder / "wet" / f"{number}.warc.wet.gz" for number in range(options.files)]
        for number, path in enumerate(paths):
            write_wet(path, options.records, number)
        scan(paths[0], options.records, options.rounds)
        by_workers(folder, options.rounds)
    finally:
        shutil.rmtree(folder)


def scan(path: Path, records: int, rounds: int) -> None:
    times: dict[str, list[float]] = {"bare FastWARC": [], "our reader": []}
    for _ in range(rounds + 2):
        for name, action in (("bare FastWARC", bare), ("our reader", ours)):
            spent, size = seconds(action, path)
            times[name].append(spent)
            print(f"{name:14} {records / spent:8.0f} records/s of processor time, {size:,} bytes")
    floor, found = (statistics.median(times[name]) for name in times)
    print(f"reader at {floor / found:.2f} of the speed of the bare loop\n")


def by_workers(folder: Path, rounds: int) -> None:
    command = [str(BIN / "loader"), "load", str(folder / "wet"), "--quiet", "--db"]
    runs = {1: [], 2: []}
    for _ in range(rounds):
        for workers, side in runs.items():
            db = folder / "bench.db"
            db.unlink(missing_ok=True)
            side.append(timed([[*command, str(db), "--workers", str(workers)]]))
    one, two = median(runs[1]), median(runs[2])
    for workers, run in ((1, one), (2, two)):
        print(f"{workers} workers: {run.seconds:6.2f} s, {run.processor:6.2f} s of processor time,"
              f" {run.peak_mb:4.0f} MB")  # fmt: skip
    print(f"two workers {one.seconds / two.seconds:.2f} times as fast as one")


if __name__ == "__main__":
    main()
