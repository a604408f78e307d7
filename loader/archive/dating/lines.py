"""The index lines of boards, and the share figures that dating asks for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import groupby
from operator import itemgetter

from loader.archive.ids import chunks
from loader.market.lines import Lines, lines_of

Figures = dict[int, tuple[int, int]]
"""Price and base of each line of a board by instrument, in hundredths."""

INSERT_LINES = """
insert into board_indices (board_id, kse100, kse30, br100, br30, kse100_base, kse30_base,
    br100_base, br30_base, share_prices, share_bases)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def note_lines(conn: sqlite3.Connection, board_ids: Sequence[int]) -> list[int]:
    """Record the lines of those of these boards that are not recorded yet; all boards that
    have lines and no group.

    Most were recorded with the board, by the loader that knew its quotes (archive/boards.py).
    """
    known: set[int] = set()
    for marks, chunk in chunks(board_ids):
        known.update(
            row[0]
            for row in conn.execute(
                f"select board_id from board_indices where board_id in ({marks})", chunk
            )
        )
    wanted = sorted(set(board_ids) - known)
    symbols = dict(conn.execute("select id, symbol from instruments"))
    not_shares = indices_of(conn)
    for marks, chunk in chunks(wanted):
        rows = [
            (board_id, *lines)
            for board_id, figures in _figures(conn, marks, chunk)
            if (lines := _lines(figures, symbols, not_shares)) is not None
        ]
        conn.executemany(INSERT_LINES, rows)
    ungrouped = "select board_id from board_indices where group_id is null order by board_id"
    return [row[0] for row in conn.execute(ungrouped)]


def _lines(figures: Figures, symbols: Mapping[int, str], not_shares: Set[int]) -> Lines | None:
    return lines_of(
        [
            (symbols[key], key not in not_shares, price, base)
            for key, (price, base) in figures.items()
        ]
    )


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
