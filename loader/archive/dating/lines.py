"""Read and write the index lines of boards, and read the share figures for dating."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import groupby
from operator import itemgetter
from typing import Final

from loader.archive.ids import AMONG, json_list
from loader.archive.write.boards import INSERT_INDICES
from loader.market.lines import IndexRow, index_row, third_move

Figures = dict[int, tuple[int, int]]
"""Price and base of each line of a board by instrument, in hundredths."""


def note_lines(conn: sqlite3.Connection, board_ids: Sequence[int]) -> list[int]:
    """Record the index lines of boards that have none; return all boards without a group.

    Most lines were recorded when the quotes of the board were loaded (archive/write/boards.py).
    """
    known = {
        board_id
        for (board_id,) in conn.execute(
            f"select board_id from board_indices where board_id in {AMONG}", (json_list(board_ids),)
        )
    }
    wanted = sorted(set(board_ids) - known)
    symbols = dict(conn.execute("select id, symbol from instruments"))
    not_shares = indices_of(conn)
    rows = [
        (board_id, *indices)
        for board_id, figures in _figures(conn, wanted)
        if (indices := _indices(figures, symbols, not_shares)) is not None
    ]
    conn.executemany(INSERT_INDICES, rows)
    ungrouped = "select board_id from board_indices where group_id is null order by board_id"
    return [row[0] for row in conn.execute(ungrouped)]


def _indices(figures: Figures, symbols: Mapping[int, str], not_shares: Set[int]) -> IndexRow | None:
    return index_row(
        [
            (symbols[key], key not in not_shares, price, base)
            for key, (price, base) in figures.items()
        ]
    )


def note_third_moves(conn: sqlite3.Connection) -> None:
    """Fill third_move_hundredths of all boards from their quotes."""
    boards = [row[0] for row in conn.execute("select board_id from board_indices")]
    rows = [
        (third_move(list(figures.values())), board_id)
        for board_id, figures in share_figures(conn, boards, indices_of(conn)).items()
    ]
    conn.executemany("update board_indices set third_move_hundredths = ? where board_id = ?", rows)


def indices_of(conn: sqlite3.Connection) -> frozenset[int]:
    """Return the instruments that are not shares."""
    return frozenset(
        row[0] for row in conn.execute("select id from instruments where kind = 'index'")
    )


def share_figures(
    conn: sqlite3.Connection, board_ids: Iterable[int], not_shares: frozenset[int]
) -> dict[int, Figures]:
    """Return prices and bases of the shares of each board, in hundredths of a rupee."""
    return {
        board_id: {key: pair for key, pair in figures.items() if key not in not_shares}
        for board_id, figures in _figures(conn, sorted(set(board_ids)))
    }


_OF_ONE: Final = """
select instrument_id, price_hundredths, price_hundredths - change_hundredths
from quotes where board_id = ?
"""


def shares_of_board(conn: sqlite3.Connection, board_id: int, not_shares: frozenset[int]) -> Figures:
    """Return prices and bases of the shares of one board."""
    return {
        key: (price, base)
        for key, price, base in conn.execute(_OF_ONE, (board_id,))
        if key not in not_shares
    }


def _figures(conn: sqlite3.Connection, board_ids: Iterable[int]) -> Iterator[tuple[int, Figures]]:
    rows = conn.execute(
        "select board_id, instrument_id, price_hundredths, price_hundredths - change_hundredths"
        f" from quotes where board_id in {AMONG} order by board_id, instrument_id",
        (json_list(board_ids),),
    )
    for board_id, lines in groupby(rows, itemgetter(0)):
        yield board_id, {instrument_id: (price, base) for _, instrument_id, price, base in lines}
