"""Compare the loader with programs that do a part of its work, alternating on the same files.

Each peer is installed into an environment of its own under build/peers, since some need other
versions of the loader's dependencies. One that cannot be installed is skipped, with the reason.
Ratios are of speed by processor time, above 1 if the loader is faster.
Run: python -m benchmarks.peers [--pages 300] [--rounds 3]
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import BIN, Run, ratio, timed
from benchmarks.synthetic import pages
from benchmarks.wet import bare, ours, seconds, write_wet
from tests.make_html.cases import benchmark_page

_ENVIRONMENTS = Path("build/peers")
_LOAD = [str(BIN / "loader"), "load", "--quiet", "--workers", "1"]
_PARSE = """
import sys, pathlib
from loader.model import Capture
from loader.page import parse_capture
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.html")):
    parse_capture(Capture(path.read_bytes(), "text/html", path.name))
"""
_EXTRACT = """
import sys, pathlib
from trafilatura import extract
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.html")):
    extract(path.read_bytes(), with_metadata=True, output_format="json", include_comments=False)
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another program: its package, its job, and the commands of both sides."""

    name: str
    packages: Sequence[str]
    job: str
    theirs: Callable[[Path, Path], list[str]]
    ours: Callable[[Path], list[str]]


def _in(environment: Path, tool: str) -> str:
    return str(environment / "bin" / tool)


PEERS = (
    Peer(
        "WarcDB",
        ("warcdb",),
        "a WARC of HTML pages into a database",
        lambda env, data: [_in(env, "warcdb"), "import", str(data / "out.db"),
                           str(data / "pages.warc.gz")],
        lambda data: [*_LOAD, str(data / "pages.warc.gz"), "--db", str(data / "out.db")],
    ),
    Peer(
        "trafilatura",
        ("trafilatura", "lxml_html_clean"),
        "HTML pages to article and metadata",
        lambda env, data: [_in(env, "python"), "-c", _EXTRACT, str(data / "html")],
        lambda data: [sys.executable, "-c", _PARSE, str(data / "html")],
    ),
    Peer(
        "git-history",
        ("git-history",),
        "a board at each of many moments into a database",
        lambda env, data: [_in(env, "git-history"), "file", str(data / "out.db"),
                           str(data / "boards" / "board.json"), "--id", "symbol",
                           "--repo", str(data / "boards"), "--silent"],
        lambda data: [*_LOAD, str(data / "boards.jsonl"), "--db", str(data / "out.db")],
    ),
)  # fmt: skip


def install(peer: Peer) -> Path | str:
    """Return the environment of a peer, created if missing, or the reason for its failure."""
    environment = (_ENVIRONMENTS / peer.name).absolute()
    if not environment.exists():
        venv.create(environment, with_pip=True)
        done = subprocess.run(
            [_in(environment, "pip"), "install", "--quiet", *peer.packages],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            shutil.rmtree(environment)
            return (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    return environment


def write_inputs(data: Path, count: int) -> None:
    """Write the same pages as a WARC file and as files, and boards as JSON lines and commits."""
    from tests.sources.warc_files import response, warc_bytes

    page = benchmark_page()
    html = data / "html"
    html.mkdir()
    found = []
    for number in range(count):
        body = page.replace(b">KSE100<", b">KSE%d<" % (1000 + number))
        (html / f"{number:05}.html").write_bytes(body)
        found.append(response(body, f"https://www.brecorder.com/news/{40_300_000 + number}"))
    (data / "pages.warc.gz").write_bytes(warc_bytes(found, compress=True))
    _write_boards(data, count)


def _write_boards(data: Path, count: int) -> None:
    from loader.page.board import parse_block

    folder = data / "boards"
    git = ["git", "-C", str(folder), "-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
    with (data / "boards.jsonl").open("w", encoding="utf-8") as file:
        for page in pages(count, 1.0):
            text = page["text"].partition("\n\n")[0]
            file.write(json.dumps({**page, "text": text}) + "\n")
            board = parse_block(text).board
            quotes = [
                {"symbol": quote.symbol, "price": quote.price_text, "change": quote.change_text}
                for quote in (board.quotes if board else ())
            ]
            (folder / "board.json").write_text(json.dumps(quotes), encoding="utf-8")
            subprocess.run([*git, "add", "board.json"], check=True)
            made_at = page["timestamp"]
            subprocess.run([*git, "commit", "--quiet", "--message", made_at, "--date", made_at],
                           check=True)  # fmt: skip


def compare(peer: Peer, data: Path, rounds: int) -> None:
    """Print the table row of one peer."""
    environment = install(peer)
    if isinstance(environment, str):
        print(f"| {peer.name} | skipped: {environment} | | | |")
        return
    sides: Mapping[str, list[str]] = {
        "theirs": peer.theirs(environment, data), "ours": peer.ours(data),
    }  # fmt: skip
    runs: dict[str, list[Run]] = {name: [] for name in sides}
    sizes: dict[str, int] = {}
    out = data / "out.db"
    for _ in range(rounds):
        for name, command in sides.items():
            out.unlink(missing_ok=True)
            runs[name].append(timed([command], silent=True))
            sizes[name] = out.stat().st_size if out.exists() else 0
    speed = ratio(runs["theirs"], runs["ours"])
    cells = [statistics.median(run.processor for run in runs[name]) for name in sides]
    files = f"{sizes['ours'] / sizes['theirs']:.2f}" if sizes["theirs"] else ""
    print(f"| {peer.name} | {peer.job} | {cells[0]:.2f} | {cells[1]:.2f} |"
          f" {speed.processor:.2f} | {files} |", flush=True)  # fmt: skip


def compare_reader(data: Path, records: int, rounds: int) -> None:
    """Print the table row of bare FastWARC, reading the wanted records of a WET file."""
    path = data / "crawl.warc.wet.gz"
    write_wet(path, records, 1)
    theirs = [seconds(bare, path)[0] for _ in range(rounds)]
    mine = [seconds(ours, path)[0] for _ in range(rounds)]
    floor, found = statistics.median(theirs), statistics.median(mine)
    print(f"| FastWARC | wanted records of a WET file | {floor:.2f} | {found:.2f} |"
          f" {floor / found:.2f} | |", flush=True)  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=int, default=300)
    arguments.add_argument("--records", type=int, default=20_000, help="of the WET file")
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    data = Path(tempfile.mkdtemp(prefix="recorder-peers-"))
    print(f"{time.strftime('%Y-%m-%d')}, {options.pages} pages, {options.records} records")
    print("| peer | job | theirs, cpu s | ours, cpu s | speed, ours over theirs | file |")
    print("| --- | --- | --- | --- | --- | --- |")
    try:
        write_inputs(data, options.pages)
        for peer in PEERS:
            compare(peer, data, options.rounds)
        compare_reader(data, options.records, options.rounds)
    finally:
        shutil.rmtree(data)


if __name__ == "__main__":
    main()
