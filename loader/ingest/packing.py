"""Prepared rows on their way between processes: plain tuples, boards sent only once.

Pickling objects costs as much as a second core gives (BULK.md). Both ends run the same
Python and trust each other, so the tuples go through marshal, the fastest way there is.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from typing import Any

from loader.rows.prepare import (
    ArticleRows,
    BoardRows,
    ListingRow,
    Prepared,
    ProblemRow,
    RevisitRow,
)

# Boards whose quotes went before; forgotten together when there are too many.
_MOST_SENT = 100_000

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
            return board.without_quotes
        if len(self._sent) >= _MOST_SENT:
            self._sent.clear()
        self._sent.add(board.digest)
        return board


# marshal takes tuples, but not their subclasses. By position, in the order of Prepared's fields:
# this is done for every capture, on both sides.


def _packed(item: Prepared, board: BoardRows | None) -> Packed:
    return (
        item.source, item.offset, item.is_capture, tuple(map(tuple, item.problems)),
        item.digest, item.page, tuple(board) if board else None,
        tuple(item.article) if item.article else None, item.seen, item.raw, item.covid,
        tuple(item.revisit) if item.revisit else None, tuple(map(tuple, item.listings)),
    )  # fmt: skip


def unpack(packed: Iterable[Packed]) -> list[Prepared]:
    """What Packer.pack was given; boards sent before come without their quotes."""
    return [_unpacked(*fields) for fields in packed]


def _unpacked(
    source: str, offset: int | None, is_capture: bool, problems: Packed, digest: str | None,
    page: Any, board: Packed | None, article: Packed | None, seen: Any, raw: Any, covid: Any,
    revisit: Packed | None, listings: Packed,
) -> Prepared:  # fmt: skip
    return Prepared(
        source, offset, is_capture, tuple(map(ProblemRow._make, problems)), digest, page,
        BoardRows._make(board) if board else None,
        ArticleRows._make(article) if article else None, seen, raw, covid,
        RevisitRow._make(revisit) if revisit else None,
        tuple(map(ListingRow._make, listings)),
    )  # fmt: skip


def to_bytes(value: Any) -> bytes:
    """Tuples, lists, text, numbers, bytes and None as one message."""
    return marshal.dumps(value)


def from_bytes(data: bytes) -> Any:
    """What `to_bytes` was given, from a process that we started."""
    return marshal.loads(data)
