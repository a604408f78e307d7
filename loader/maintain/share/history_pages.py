"""Measure how many database pages a query reads, each of which is a request over HTTP."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from loader.archive.connection import address

_COUNTERS: Final = Path("/proc/self/io")
HISTORY: Final = """
select trading_day, first_captured_at, price, change, percent
from quote_history
where instrument_id = (select id from instruments where symbol = ?)
"""
_BUSIEST: Final = """
select symbol from instruments
where id = (
    select instrument_id from quotes group by instrument_id order by count(*) desc, 1 limit 1
)
"""


@dataclass(frozen=True, slots=True)
class HistoryPages:
    """The numbers of pages read for all quotes of a symbol, and of pages in the file."""

    symbol: str
    quotes: int
    read: int
    pages: int


def history_pages(path: Path) -> HistoryPages | None:
    """Return the pages read for the history of the symbol with the most quotes, schema included.

    None without quotes, or if the system does not count bytes read by a process (only Linux does).
    """
    immutable = address(path, "ro") + "&immutable=1"
    with closing(sqlite3.connect(immutable, uri=True)) as conn:
        row = conn.execute(_BUSIEST).fetchone()
        (pages,) = conn.execute("pragma page_count").fetchone()
        (size,) = conn.execute("pragma page_size").fetchone()
    if row is None or not _COUNTERS.exists():
        return None
    # Another connection, whose cache is empty.
    with closing(sqlite3.connect(immutable, uri=True)) as conn:
        before = _bytes_read()
        quotes = len(conn.execute(HISTORY, row).fetchall())
        # Includes the few bytes of reading the counters.
        read = _bytes_read() - before
    return HistoryPages(row[0], quotes, round(read / size), pages)


def _bytes_read() -> int:
    for line in _COUNTERS.read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(": ")
        if name == "rchar":
            return int(value)
    return 0
