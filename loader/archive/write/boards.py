"""Writing boards, their quotes, and the instruments these name."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain

from loader.archive.dating.lines import INSERT_LINES
from loader.archive.ids import ids_of, new_ids
from loader.archive.schema import run_sql
from loader.market.lines import Lines
from loader.rows.prepare import BoardRows, Prepared

QuoteValues = tuple[int | float | str | None, ...]
"""The columns of quotes from board_id to percent_error."""

_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_ONE = f"""
insert into quotes (board_id, instrument_id, position, direction, price, change, percent,
    previous_price, sign_ok, percent_ok, percent_error)
values {_ROW}
"""
# Beginning a statement takes as long as some of these rows. SQLite binds 32,766 values at most.
_AT_ONCE = 1000
_INSERT_MANY = _INSERT_ONE + f", {_ROW}" * (_AT_ONCE - 1)

# The span of capture times of a board, smallest and largest, whatever the order.
_WIDEN = """
update boards set
    first_captured_at = min(coalesce(first_captured_at, ?1), ?1),
    last_captured_at = max(coalesce(last_captured_at, ?2), ?2)
where id = ?3
"""


class Instruments:
    """Symbol to id, read once a load; unknown symbols are added without a name.

    `disputed` are symbols that some page printed as another kind than the archive has.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self.disputed: set[str] = set()
        self._known: dict[str, tuple[int, str]] = {
            row[0]: (row[1], row[2])
            for row in conn.execute("select symbol, id, kind from instruments")
        }

    def id_of(self, symbol: str, kind: str) -> int:
        known = self._known.get(symbol)
        if known is None:
            cursor = self._conn.execute(
                "insert into instruments (symbol, kind) values (?, ?)", (symbol, kind)
            )
            known = self._known[symbol] = (int(cursor.lastrowid or 0), kind)
        elif known[1] != kind:
            self.disputed.add(symbol)
            self._settle_kind(symbol, known, kind)
        return known[0]

    def _settle_kind(self, symbol: str, known: tuple[int, str], kind: str) -> None:
        # For symbols we do not know by name: a share if any page prints it like one.
        changed = self._conn.execute(
            "update instruments set kind = ?1 where id = ?2 and name is null and kind < ?1",
            (kind, known[0]),
        )
        if changed.rowcount:
            # Which lines are shares is part of what dates a board.
            forget_dating(self._conn)
            self._known[symbol] = (known[0], kind)


def forget_dating(conn: sqlite3.Connection) -> None:
    """Have all boards dated again, by the next `date_new`."""
    run_sql(conn, "forget_dating.sql")


def write_boards(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    batch: Sequence[Prepared],
    instruments: Instruments,
) -> tuple[dict[str, int], int, int]:
    """Add the boards that are new; ids of all by digest, and counts of new boards and quotes.

    A worker sends the quotes of a board once (ingest/packing.py): any capture of the batch may
    be the one that has them.
    """
    boards = {item.board.digest: item.board for item in new if item.board}
    boards |= {
        item.board.digest: item.board
        for item in batch
        if item.board and item.board.quotes and item.board.digest in boards
    }
    known = ids_of(conn, "boards", "digest", boards)
    fresh = new_ids(conn, "boards", known, boards)
    seen = _times_captured(new)
    nothing = (None, None)
    conn.executemany(
        "insert into boards (id, digest, quotes, advancers, decliners, unchanged,"
        " is_pre_open, is_one_line, first_captured_at, last_captured_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (board_id, digest, *boards[digest].header, *seen.get(digest, nothing))
            for digest, board_id in fresh.items()
        ],
    )
    rows = [
        row
        for digest, board_id in fresh.items()
        for row in quote_rows(board_id, boards[digest], instruments)
    ]
    insert_quotes(conn, rows)
    conn.executemany(
        INSERT_LINES,
        [
            (board_id, *lines)
            for digest, board_id in fresh.items()
            if (lines := _lines(boards[digest], instruments.disputed))
        ],
    )
    conn.executemany(
        _WIDEN, [(*seen[digest], board_id) for digest, board_id in known.items() if digest in seen]
    )
    return known | fresh, len(fresh), len(rows)


def _lines(board: BoardRows, disputed: set[str]) -> Lines | None:
    """The board's lines, unless what is a share on it is for the archive to say: then dating
    finds them (dating/lines.py)."""
    if disputed and any(quote[0] in disputed for quote in board.quotes):
        return None
    return board.lines


def quote_rows(board_id: int, board: BoardRows, instruments: Instruments) -> list[QuoteValues]:
    """The rows of a board's quotes; symbols that are new become instruments."""
    return [
        (board_id, instruments.id_of(str(symbol), str(kind)), *rest)
        for symbol, kind, *rest in board.quotes
    ]


def insert_quotes(conn: sqlite3.Connection, rows: Sequence[QuoteValues]) -> None:
    """Add rows of `quote_rows`; they are most of what an archive holds."""
    whole = len(rows) - len(rows) % _AT_ONCE
    for start in range(0, whole, _AT_ONCE):
        values = list(chain.from_iterable(rows[start : start + _AT_ONCE]))
        conn.execute(_INSERT_MANY, values)
    conn.executemany(_INSERT_ONE, rows[whole:])


def _times_captured(new: Sequence[Prepared]) -> dict[str, tuple[str, str]]:
    """The first and the last capture time of each board, by its digest."""
    times: dict[str, list[str]] = {}
    for item in new:
        if item.board and item.captured_at:
            times.setdefault(item.board.digest, []).append(item.captured_at)
    return {digest: (min(found), max(found)) for digest, found in times.items()}
