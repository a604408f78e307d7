"""Compare `parse_capture` on one HTML page with trafilatura and a bare parse, in pages per second.

    pip install -e '.[benchmarks]'
    python -m benchmarks.html            # a generated page of 200 KB with scripts
    python -m benchmarks.html page.html  # your own page

All three read the same bytes, alternating within one run. Times are processor time, which depends
less on the load of the machine than wall time; the fastest and the median turn are printed. Each
round has a symbol of its own, so that boards are never cached.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser
from trafilatura import extract

from loader.model import Capture
from loader.page import parse_capture
from tests.make_html.cases import benchmark_page

ROUNDS = 300
# trafilatura takes so long that one round in this many is enough for it.
SELDOM = 10


def main(arguments: list[str]) -> None:
    settle_heap()
    data = Path(arguments[0]).read_bytes() if arguments else benchmark_page()
    runners: dict[str, Callable[[bytes], object]] = {
        "parse_capture": lambda page: parse_capture(Capture(page, "text/html", "page.html")),
        "selectolax, parse only": LexborHTMLParser,
        "trafilatura.extract": lambda page: extract(
            page, with_metadata=True, output_format="json", include_comments=False
        ),
    }
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    for number in range(ROUNDS):
        page = data.replace(b">KSE100<", b">KSE%d<" % (1000 + number))
        for name, run in runners.items():
            if name != "trafilatura.extract" or number % SELDOM == 0:
                started = time.process_time()
                run(page)
                seconds[name].append(time.process_time() - started)
    report(data, seconds)


def settle_heap() -> None:
    """Free one large block, after which glibc keeps memory for the next page.

    Otherwise each page's tree may be returned to the system and allocated again, which takes a
    third more time, for a runner that depends on the state of the heap.
    """
    bytearray(16 * 1024 * 1024)


def report(data: bytes, seconds: dict[str, list[float]]) -> None:
    print(f"{len(data):,} bytes, {data.count(b'<'):,} tags, {ROUNDS} rounds, processor time")
    print(f"{'':26}{'fastest ms':>12}{'median ms':>12}{'pages/s':>10}")
    for name, turns in seconds.items():
        fastest, median = min(turns) * 1e3, statistics.median(turns) * 1e3
        print(f"{name:26}{fastest:12.2f}{median:12.2f}{1e3 / median:10.0f}")
    for pick, name in ((min, "fastest turn"), (statistics.median, "median turn")):
        ours, bare, theirs = (pick(turns) for turns in seconds.values())
        print(
            f"by the {name}: {theirs / ours:.1f} times as fast as trafilatura (wanted: 10), "
            f"{ours / bare:.2f} times the bare parse (wanted: 3 at most)"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
