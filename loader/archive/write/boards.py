"""Write boards, their quotes and their instruments."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from loader.archive.changes import update_by_id
from loader.archive.ids import AMONG, ids_of, insert_into, insert_many, json_list, new_ids
from loader.archive.scripts import run_sql
from loader.errors import ArchiveError
from loader.market.lines import IndexRow
from loader.rows.records import (
    QUOTE_COLUMNS,
    BoardCounts,
    BoardRows,
    Prepared,
)

QuoteValues = tuple[int | None, ...]
"""Ids of board and instrument, followed by QUOTE_COLUMNS."""

_INSERT_QUOTE: Final = insert_into("quotes", ("board_id", "instrument_id", *QUOTE_COLUMNS))
_INSERT_BOARD: Final = insert_into("boards", ("id", "digest", *BoardCounts._fields))
INSERT_INDICES: Final = insert_into("board_indices", ("board_id", *IndexRow._fields))
_SET_COUNTS: Final = update_by_id("boards", BoardCounts._fields)

# First and last capture of the current board as a row value. A single select of both would read all
# captures of the board, whereas each of these reads one end of an index.
CAPTURED_SPAN: Final = (
    "((select min(captured_at) from snapshots where board_id = boards.id),"
    " (select max(captured_at) from snapshots where board_id = boards.id))"
)
_SET_SPANS: Final = f"""
update boards set (first_captured_at, last_captured_at) = {CAPTURED_SPAN}
where (first_captured_at, last_captured_at) is not {CAPTURED_SPAN}
"""


class Instruments:
    """Ids of instruments by symbol, read once a load; unknown symbols are added without a name.

    `disputed` are symbols that a page shows as another kind than the archive has.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self.disputed: set[str] = set()
        self._known: dict[str, tuple[int, str]] = {
            symbol: (instrument_id, kind)
            for symbol, instrument_id, kind in conn.execute(
                "select symbol, id, kind from instruments"
            )
        }

    def id_of(self, symbol: str, kind: str) -> int:
        instrument_id, known_kind = self._known.get(symbol) or self._add(symbol, kind)
        if known_kind != kind:
            self.disputed.add(symbol)
            self._settle_kind(symbol, instrument_id, kind)
        return instrument_id

    def _add(self, symbol: str, kind: str) -> tuple[int, str]:
        cursor = self._conn.execute(
            "insert into instruments (symbol, kind) values (?, ?)", (symbol, kind)
        )
        added = self._known[symbol] = (int(cursor.lastrowid or 0), kind)
        return added

    def _settle_kind(self, symbol: str, instrument_id: int, kind: str) -> None:
        # An unknown symbol is a share if any page shows it as one.
        changed = self._conn.execute(
            "update instruments set kind = :kind where id = :id and name is null and kind < :kind",
            {"kind": kind, "id": instrument_id},
        )
        if changed.rowcount:
            # The dates of boards depend on which lines are shares.
            forget_dating(self._conn)
            self._known[symbol] = (instrument_id, kind)


def forget_dating(conn: sqlite3.Connection) -> None:
    """Make the next `date_new` date all boards again."""
    run_sql(conn, "forget_dating.sql")


def write_boards(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    batch: Sequence[Prepared],
    instruments: Instruments,
) -> tuple[dict[str, int], int, int]:
    """Add new boards; return ids of all by digest, and counts of boards and quotes.

    A board that was read before has only a digest (page/known_boards.py): its rows are in the
    archive or in another capture of the batch. Raises ArchiveError otherwise.
    """
    boards = {item.board.digest: item.board for item in new if item.board}
    boards |= {
        item.board.digest: item.board
        for item in batch
        if item.board and item.board.counts and item.board.digest in boards
    }
    known = ids_of(conn, "boards", "digest", boards)
    fresh = new_ids(conn, "boards", known, boards)
    conn.executemany(
        _INSERT_BOARD,
        [(board_id, digest, *_counts_of(boards[digest])) for digest, board_id in fresh.items()],
    )
    rows = [
        row
        for digest, board_id in fresh.items()
        for row in quote_rows(board_id, boards[digest], instruments)
    ]
    insert_many(conn, _INSERT_QUOTE, rows)
    conn.executemany(
        INSERT_INDICES,
        [
            (board_id, *indices)
            for digest, board_id in fresh.items()
            if (indices := _certain_indices(boards[digest], instruments.disputed))
        ],
    )
    return known | fresh, len(fresh), len(rows)


def _counts_of(board: BoardRows) -> BoardCounts:
    if board.counts is None:
        fault = "was written before and is gone: something else changed the archive"
        raise ArchiveError(f"board {board.digest[:12]}", fault, "load again with --reread")
    return board.counts


def _certain_indices(board: BoardRows, disputed: set[str]) -> IndexRow | None:
    """Return a board's index row, or None if only the archive knows which of its lines are shares.

    In that case dating reads it from the quotes (dating/lines.py).
    """
    if disputed and any(quote.symbol in disputed for quote in board.quotes):
        return None
    return board.indices


def quote_rows(board_id: int, board: BoardRows, instruments: Instruments) -> list[QuoteValues]:
    """Return the rows of a board's quotes; new symbols are added as instruments."""
    return [
        (board_id, instruments.id_of(quote.symbol, quote.kind), *quote[2:])
        for quote in board.quotes
    ]


def set_spans(conn: sqlite3.Connection, board_ids: Iterable[int] | None = None) -> None:
    """Set the capture times of boards from their snapshots; of all boards without ids."""
    if board_ids is None:
        conn.execute(_SET_SPANS)
    else:
        conn.execute(f"{_SET_SPANS} and id in {AMONG}", (json_list(board_ids),))


def correct_boards(conn: sqlite3.Connection, boards: Iterable[BoardRows]) -> None:
    """Rewrite the rows of stored boards whose digest is unchanged from their current lines."""
    instruments = Instruments(conn)
    for board in boards:
        row = conn.execute("select id from boards where digest = ?", (board.digest,)).fetchone()
        if row is not None:
            conn.execute("delete from quotes where board_id = ?", row)
            conn.execute(_SET_COUNTS, (*_counts_of(board), *row))
            insert_many(conn, _INSERT_QUOTE, quote_rows(row[0], board, instruments))
