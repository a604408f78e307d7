"""Loaders, compact, readers and a server under requests share one archive for a long time."""

from __future__ import annotations

import asyncio
import json
import random
import re
import sqlite3
import statistics
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import httpx
import pytest

from loader.archive.connection import open_readonly
from loader.errors import ArchiveError
from tests.faults.commands import finish, run, start, verified
from tests.faults.conftest import short_pages
from tests.reliability import note, setting
from tests.servers import loader_server

SECONDS = setting("LOADER_SOAK_SECONDS", 0)
LOADERS, READERS, REQUESTS = 3, 2, 50
PAGES_A_LOAD = 20
# Memory is compared where there is time to tell growth from a start.
LONG = 120
BUSY = re.compile(r"is locked by|database is locked|is busy")

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it"),
    pytest.mark.skipif(SECONDS == 0, reason="`make reliability` does this for ten minutes"),
]

ADDRESSES = (
    "/", "/coverage", "/search?q=cotton", "/search?q=wheat&sort=date", "/symbol/OGDC",
    "/symbol/KSE100", "/archive/quotes.json?_size=20", "/archive/articles?_search=cotton",
    "/archive/latest_board.json?_shape=array", "/archive/boards/1", "/archive/articles/1",
    "/archive/quality.json", "/raw/1", "/archive/quote_history?symbol=OGDC",
    "/archive/snapshots.csv", "/-/openapi.json",
)  # fmt: skip


@dataclass
class Soak:
    """What happened: faults are what may not, busy what may."""

    db: Path
    end: float
    faults: list[str] = field(default_factory=list)
    busy: int = 0
    loads: int = 0
    compacts: int = 0
    reads: int = 0
    milliseconds: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.end or bool(self.faults)

    def told(self, what: str, code: int, output: str) -> None:
        """Judge how a command ended."""
        if code == 0:
            return
        if code == 1 and BUSY.search(output) and "Traceback" not in output:
            self.busy += 1
        else:
            self.faults.append(f"{what}: exit code {code}: {output[-2000:]}")


class Parts:
    """Files of pages, each handed out once; those of failed loads are to be loaded again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pages = short_pages(10**6)
        self._lock = threading.Lock()
        self.made: list[Path] = []

    def next(self) -> Path:
        with self._lock:
            path = self._folder / f"{len(self.made)}.jsonl"
            lines = map(json.dumps, islice(self._pages, PAGES_A_LOAD))
            path.write_text("\n".join(lines), encoding="utf-8")
            self.made.append(path)
            return path


def _load_on(soak: Soak, parts: Parts) -> None:
    while not soak.is_over:
        arguments = ("load", parts.next(), "--db", soak.db, "-q", "--timeout", 60)
        soak.told("load", *finish(start(*arguments)))
        soak.loads += 1


def _compact_on(soak: Soak) -> None:
    while not soak.is_over:
        soak.told("compact", *finish(start("compact", "--db", soak.db, "--timeout", 60)))
        soak.compacts += 1
        _pause(soak, 5)


def _read_on(soak: Soak) -> None:
    """Read as a tool does that opens the file now and then; rows never become fewer."""
    seen = 0
    while not soak.is_over:
        try:
            with closing(open_readonly(soak.db, timeout=60)) as conn:
                (count,) = conn.execute("select count(*) from snapshots").fetchone()
                conn.execute("select * from latest_board").fetchall()
                conn.execute("select * from quality").fetchall()
        except (ArchiveError, sqlite3.Error) as error:
            soak.told("reader", 1, str(error))
            continue
        if count < seen:
            soak.faults.append(f"reader: {seen} snapshots became {count}")
        seen = count
        soak.reads += 1
        _pause(soak, 0.05)


def _pause(soak: Soak, seconds: float) -> None:
    until = min(soak.end, time.monotonic() + seconds)
    while time.monotonic() < until and not soak.faults:
        time.sleep(0.05)


async def _ask_on(soak: Soak, address: str) -> None:
    limits = httpx.Limits(max_connections=REQUESTS)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        await asyncio.gather(*(_client(soak, client, number) for number in range(REQUESTS)))


async def _client(soak: Soak, client: httpx.AsyncClient, number: int) -> None:
    chance = random.Random(number)
    while not soak.is_over:
        path = chance.choice(ADDRESSES)
        started = time.perf_counter()
        try:
            answer = await client.get(path)
        except httpx.HTTPError as error:
            soak.faults.append(f"{path}: {error!r}")
            return
        soak.milliseconds.append((time.perf_counter() - started) * 1000)
        if answer.status_code == 503 and "Retry-After" in answer.headers:
            soak.busy += 1
        elif answer.status_code not in (200, 302, 404):
            soak.faults.append(f"{path}: {answer.status_code} {answer.text[:2000]}")


def _watch(soak: Soak, process: int) -> None:
    status = Path(f"/proc/{process}/status")
    while not soak.is_over:
        found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
        soak.memory.append(int(found[1]) if found else 0)
        _pause(soak, 1)


def _together(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_all_at_once_for_long_loses_nothing(tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    parts = Parts(tmp_path)
    run("load", parts.next(), "--db", db, "-q")
    with loader_server(db, "--public") as server:
        soak = Soak(db, time.monotonic() + SECONDS)
        _together(
            *[lambda: _load_on(soak, parts)] * LOADERS,
            *[lambda: _read_on(soak)] * READERS,
            lambda: _compact_on(soak),
            lambda: _watch(soak, server.process),
            lambda: asyncio.run(_ask_on(soak, server.address)),
        )
        assert not soak.faults, (soak.faults[:3], server.output()[-4000:])
    # A load that gave up waiting is made up for; then every page is there, and nothing else.
    run("load", *parts.made, "--db", db, "-q")
    verified(db)
    with closing(sqlite3.connect(db)) as conn:
        (count,) = conn.execute("select count(*) from snapshots").fetchone()
    assert count == PAGES_A_LOAD * len(parts.made)
    assert soak.loads and soak.reads and soak.milliseconds
    if SECONDS >= LONG:
        _is_flat(soak.memory)
    note(
        "Loaders, compact, readers and a server at once lose nothing",
        seconds=SECONDS, loads=soak.loads, compacts=soak.compacts, reads=soak.reads,
        requests=len(soak.milliseconds), busy=soak.busy,
        median_milliseconds=round(statistics.median(soak.milliseconds)),
        server_MiB_at_the_end=soak.memory[-1] // 1024,
    )  # fmt: skip


def _is_flat(memory: list[int]) -> None:
    """Fail when the server's memory of the last fifth is far above that of the middle."""
    length = len(memory)
    middle = statistics.median(memory[length * 2 // 5 : length * 3 // 5])
    end = statistics.median(memory[length * 4 // 5 :])
    assert end < 1.2 * middle + 30 * 1024, f"{middle} KiB became {end} KiB"
