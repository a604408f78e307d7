"""Measure how many database pages a query reads, since over HTTP each is a request."""

from __future__ import annotations

import sqlite3
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
    """The number of pages read for all quotes of one symbol, and of all pages in the file."""

    symbol: str
    quotes: int
    read: int
    pages: int


def history_pages(path: Path) -> HistoryPages | None:
    """Return the pages read for the history of the symbol with the most quotes, schema included.

    None if the system does not count bytes read by a process (only Linux does), or without quotes.
    """
    conn = sqlite3.connect(address(path, "ro") + "&immutable=1", uri=True)
    try:
        row = conn.execute(_BUSIEST).fetchone()
        (pages,) = conn.execute("pragma page_count").fetchone()
        (size,) = conn.execute("pragma page_size").fetchone()
    finally:
        conn.close()
    if row is None or not _COUNTERS.exists():
        return None
    conn = sqlite3.connect(address(path, "ro") + "&immutable=1", uri=True)
    try:
        before = _bytes_read()
        quotes = len(conn.execute(HISTORY, row).fetchall())
        # Includes the few bytes of reading the counters.
        read = _bytes_read() - before
    finally:
        conn.close()
    return HistoryPages(row[0], quotes, round(read / size), pages)


def _bytes_read() -> int:
    for line in _COUNTERS.read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(": ")
        if name == "rchar":
            return int(value)
    return 0
