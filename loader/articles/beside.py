"""Align two texts by paragraph for display, with the words that an editor changed."""

from __future__ import annotations

from collections.abc import Set
from itertools import groupby
from typing import NamedTuple

from loader.articles.compare import Side, compare, with_datelines
from loader.articles.edits import Marks, find_edits
from loader.articles.plain import Line, Plain, read_plain


class Piece(NamedTuple):
    """A part of a paragraph as printed."""

    text: str
    is_changed: bool


class Row(NamedTuple):
    """A paragraph of the old text and its counterpart in the new text; either may be missing."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether an editor changed words in the row."""
        return any(piece.is_changed for piece in (*self.old, *self.new))


def rows_of_texts(old: Side, new: Side, *, is_updated: bool) -> list[Row]:
    """Return the paragraphs of two texts of a page side by side."""
    marks = compare(old, new, is_updated=is_updated).marks
    old, new = with_datelines(old, new)
    return _rows(old.body, new.body, marks)


def rows_of_headlines(old: str | None, new: str | None) -> list[Row]:
    """Return two headlines side by side."""
    one, other = read_plain(old or ""), read_plain(new or "")
    return _rows(one, other, find_edits(one, other, has_evidence=True))


def _rows(old: Plain, new: Plain, marks: Marks) -> list[Row]:
    became = _partners(old, new, marks)
    rows: list[Row] = []
    at = 0
    for number, line in enumerate(new.lines):
        partner = became.get(number)
        if partner is not None:
            rows += [Row(_pieces(old, gone, marks.removed), ()) for gone in old.lines[at:partner]]
            at = partner + 1
        before = () if partner is None else _pieces(old, old.lines[partner], marks.removed)
        rows.append(Row(before, _pieces(new, line, marks.added)))
    rows += [Row(_pieces(old, gone, marks.removed), ()) for gone in old.lines[at:]]
    return rows


def _partners(old: Plain, new: Plain, marks: Marks) -> dict[int, int]:
    """Return the old line that shares most words with each new line, without crossings."""
    shared: dict[tuple[int, int], int] = {}
    for block in marks.common:
        for place in range(block.size):
            pair = (new.line_of[block.b + place], old.line_of[block.a + place])
            shared[pair] = shared.get(pair, 0) + 1
    best: dict[int, tuple[int, int]] = {}
    for (line, partner), count in sorted(shared.items()):
        if count > best.get(line, (0, 0))[0]:
            best[line] = (count, partner)
    found: dict[int, int] = {}
    last = -1
    for line, (_, partner) in best.items():
        if partner > last:
            found[line] = last = partner
    return found


def _pieces(plain: Plain, line: Line, changed: Set[int]) -> tuple[Piece, ...]:
    """Return a line in pieces; blanks between two changed words belong to the change."""
    pieces: list[Piece] = []
    at = 0
    for is_changed, run in groupby(range(line.start, line.end), changed.__contains__):
        if is_changed:
            numbers = list(run)
            first, last = plain.span(numbers[0])[0], plain.span(numbers[-1])[1]
            pieces += [Piece(line.raw[at:first], False), Piece(line.raw[first:last], True)]
            at = last
    pieces.append(Piece(line.raw[at:], False))
    return tuple(piece for piece in pieces if piece.text)
