"""Prepared rows on their way between processes: plain tuples, boards sent only once.

Pickling dataclasses costs as much as a second core gives (BULK.md). Both ends run the same
Python and trust each other, so the tuples go through marshal, the fastest way there is.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from loader.archive.prepare import (
    ArticleRows,
    BoardRows,
    ListingRow,
    Prepared,
    ProblemRow,
    RevisitRow,
)

# Boards whose quotes went before; forgotten together when there are too many.
_MOST_SENT = 100_000
_FIELDS = Prepared.__slots__

Packed = tuple[Any, ...]


class Packer:
    """Packs rows for one receiver, which gets the quotes of each board once.

    The receiver writes rows in the order in which they come, so that a board that comes
    without its quotes is in the archive, or before it in the same batch.
    """

    def __init__(self) -> None:
        self._sent: set[str] = set()

    def pack(self, items: Iterable[Prepared]) -> list[Packed]:
        return [_packed(item, self._board(item.board)) for item in items]

    def _board(self, board: BoardRows | None) -> BoardRows | None:
        if board is None:
            return None
        if board.digest in self._sent:
            return replace(board, quotes=())
        if len(self._sent) >= _MOST_SENT:
            self._sent.clear()
        self._sent.add(board.digest)
        return board


def _packed(item: Prepared, board: BoardRows | None) -> Packed:
    rows: dict[str, Any] = {name: getattr(item, name) for name in _FIELDS}
    rows["board"] = _values(board)
    rows["article"] = _values(item.article)
    rows["revisit"] = _values(item.revisit)
    rows["problems"] = tuple(map(_values, item.problems))
    rows["listings"] = tuple(map(_values, item.listings))
    return tuple(rows.values())


def _values(
    row: BoardRows | ArticleRows | RevisitRow | ProblemRow | ListingRow | None,
) -> Packed | None:
    return None if row is None else tuple([getattr(row, name) for name in row.__slots__])


def unpack(packed: Iterable[Packed]) -> list[Prepared]:
    """What Packer.pack was given; boards sent before come without their quotes."""
    return [_unpacked(dict(zip(_FIELDS, fields, strict=True))) for fields in packed]


def _unpacked(rows: dict[str, Any]) -> Prepared:
    if rows["board"]:
        rows["board"] = BoardRows(*rows["board"])
    if rows["article"]:
        rows["article"] = ArticleRows(*rows["article"])
    if rows["revisit"]:
        rows["revisit"] = RevisitRow(*rows["revisit"])
    if rows["problems"]:
        rows["problems"] = tuple(ProblemRow(*row) for row in rows["problems"])
    if rows["listings"]:
        rows["listings"] = tuple(ListingRow(*row) for row in rows["listings"])
    return Prepared(**rows)


def to_bytes(value: Any) -> bytes:
    """Tuples, lists, text, numbers, bytes and None as one message."""
    return marshal.dumps(value)


def from_bytes(data: bytes) -> Any:
    """What `to_bytes` was given, from a process that we started."""
    return marshal.loads(data)
