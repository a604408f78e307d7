"""The index lines of boards, and the share figures that dating asks for."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from loader.archive.ids import chunks
from loader.market.model import INDICES

Figures = dict[int, tuple[int, int]]
"""Price and base of each line of a board by instrument, in hundredths."""

_INSERT = """
insert into board_indices (board_id, kse100, kse30, br100, br30, kse100_base, kse30_base,
    br100_base, br30_base, share_prices, share_bases)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def note_lines(conn: sqlite3.Connection, board_ids: Sequence[int]) -> list[int]:
    """Record the index lines of those boards that have KSE100 and are not recorded yet."""
    known: set[int] = set()
    for marks, chunk in chunks(board_ids):
        known.update(
            row[0]
            for row in conn.execute(
                f"select board_id from board_indices where board_id in ({marks})", chunk
            )
        )
    wanted = sorted(set(board_ids) - known)
    index_ids = _index_ids(conn)
    shares = dict(conn.execute("select id, symbol from instruments where kind <> 'index'"))
    noted: list[int] = []
    for marks, chunk in chunks(wanted):
        rows = {
            board_id: row
            for board_id, figures in _figures(conn, marks, chunk)
            if (row := _row(board_id, figures, index_ids, shares)) is not None
        }
        conn.executemany(_INSERT, rows.values())
        noted += rows
    return noted


def indices_of(conn: sqlite3.Connection) -> frozenset[int]:
    """Instruments that are no shares."""
    return frozenset(
        row[0] for row in conn.execute("select id from instruments where kind = 'index'")
    )


def share_figures(
    conn: sqlite3.Connection, board_ids: Iterable[int], not_shares: frozenset[int]
) -> dict[int, Figures]:
    """Prices and bases of the shares of each board, in hundredths of a rupee."""
    return {
        board_id: {key: pair for key, pair in figures.items() if key not in not_shares}
        for marks, chunk in chunks(sorted(set(board_ids)))
        for board_id, figures in _figures(conn, marks, chunk)
    }


def _index_ids(conn: sqlite3.Connection) -> tuple[int, ...]:
    marks = ",".join("?" * len(INDICES))
    ids = dict(
        conn.execute(f"select symbol, id from instruments where symbol in ({marks})", INDICES)
    )
    return tuple(ids.get(symbol, 0) for symbol in INDICES)


def _figures(
    conn: sqlite3.Connection, marks: str, board_ids: Sequence[int]
) -> Iterator[tuple[int, Figures]]:
    rows = conn.execute(
        "select board_id, instrument_id, cast(round(price * 100) as integer),"
        " cast(round(previous_price * 100) as integer)"
        f" from quotes where board_id in ({marks}) order by board_id, instrument_id",
        board_ids,
    )
    for board_id, lines in groupby(rows, itemgetter(0)):
        yield board_id, {line[1]: (line[2], line[3]) for line in lines}


def _row(
    board_id: int, figures: Figures, index_ids: Sequence[int], symbols: Mapping[int, str]
) -> tuple[int | None, ...] | None:
    lines = [figures.get(key) for key in index_ids]
    if lines[0] is None:
        return None
    shares = sorted((symbols[key], *pair) for key, pair in figures.items() if key in symbols)
    return (
        board_id,
        *(line[0] if line else None for line in lines),
        *(line[1] if line else None for line in lines),
        _number_of([(symbol, price) for symbol, price, _ in shares]),
        _number_of([(symbol, base) for symbol, _, base in shares]),
    )


def _number_of(figures: list[tuple[str, int]]) -> int:
    """A number that equal figures share and, for all that matters, no others do.

    By symbol, so that it is the same in every archive and may break ties.
    """
    digest = hashlib.blake2b(repr(figures).encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big")
