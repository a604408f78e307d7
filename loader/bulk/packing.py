"""Prepared rows on their way between processes: plain tuples, boards sent only once.

Pickling dataclasses costs as much as a second core gives (BULK.md). Both ends run the same
Python and trust each other, so the tuples go through marshal, the fastest way there is.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from typing import Any

from loader.archive.prepare import ArticleRows, BoardRows, Prepared, ProblemRow, RevisitRow

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
        return [self._packed(item) for item in items]

    def _packed(self, item: Prepared) -> Packed:
        board: Packed | None = None
        if item.board:
            rows = item.board
            board = (rows.digest, rows.header, rows.quotes)
            if rows.digest in self._sent:
                board = (rows.digest, rows.header, ())
            else:
                if len(self._sent) >= _MOST_SENT:
                    self._sent.clear()
                self._sent.add(rows.digest)
        return (
            item.source,
            item.offset,
            item.is_capture,
            tuple(_fields(problem) for problem in item.problems),
            item.digest,
            item.page,
            board,
            _fields(item.article) if item.article else None,
            item.seen,
            item.raw,
            item.covid,
            _fields(item.revisit) if item.revisit else None,
        )


def _fields(row: ProblemRow | ArticleRows | RevisitRow) -> Packed:
    return tuple(getattr(row, name) for name in row.__slots__)


def unpack(packed: Iterable[Packed]) -> list[Prepared]:
    """What Packer.pack was given; boards sent before come without their quotes."""
    return [_unpacked(fields) for fields in packed]


def _unpacked(fields: Packed) -> Prepared:
    (source, offset, is_capture, problems, digest, page, board, article, seen, raw, covid,
     revisit) = fields  # fmt: skip
    return Prepared(
        source=source,
        offset=offset,
        is_capture=is_capture,
        problems=tuple(ProblemRow(*problem) for problem in problems),
        digest=digest,
        page=page,
        board=BoardRows(*board) if board else None,
        article=ArticleRows(*article) if article else None,
        seen=seen,
        raw=raw,
        covid=covid,
        revisit=RevisitRow(*revisit) if revisit else None,
    )


def to_bytes(value: Any) -> bytes:
    """Tuples, lists, text, numbers, bytes and None as one message."""
    return marshal.dumps(value)


def from_bytes(data: bytes) -> Any:
    """What `to_bytes` was given, from a process that we started."""
    return marshal.loads(data)
