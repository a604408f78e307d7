"""Find an editor's changes between two texts of a page, apart from artefacts of extraction.

Words are compared by their keys (`plain.py`), which ignore white space, quotes, dashes and
entities. A corpus or an editor may have made three kinds of differences:

- A text that ends early was truncated, unless it ends with a sentence and there is `evidence`.
- A whole line missing from one text was lost (corpora remove repeated lines), unless there is
  `evidence`, it moved, or a paragraph of other words takes its place.
- A line that reads as a teaser, a caption or a tail (`furniture.py`) is ignored.

There is evidence of an editor if the page states an update between the texts, or if both come from
markup, which loses no lines. Any other difference of words, commas, figures or order is an edit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from loader.articles.align import Block, Blocks, align
from loader.articles.furniture import (
    is_dateline,
    is_furniture,
    is_mark,
    is_number_of_list,
    is_paragraph,
)
from loader.articles.plain import Line, Plain, ends_finished

_MAX_DATELINE: Final = 8  # words
_MAX_MARK: Final = 4
_MAX_TAIL: Final = 6
_ALIKE: Final = 0.3  # share of a line's pairs of words that are also in the other text
_OPENING: Final = 8  # pairs of words
_BEGINNING: Final = 4  # words by which a truncated line is recognised
_MAX_SLIDE: Final = 60
_MAX_BACK: Final = 4  # runs of words that may also occur beyond the end of a text


class Marks(NamedTuple):
    """Words removed from the old text, words added in the new one, and common runs of words."""

    removed: frozenset[int]
    added: frozenset[int]
    common: tuple[Block, ...]

    @property
    def is_edit(self) -> bool:
        return bool(self.removed or self.added)


class _Side:
    """One of two texts during a comparison."""

    def __init__(self, plain: Plain, around: frozenset[str]) -> None:
        self.plain = plain
        self.around = around
        # Tails and teasers vary between captures, and would separate lines that belong together.
        self.lines = [line for line in plain.lines if not _is_apart(line)]
        self.edited: set[int] = set()
        self.lost: list[Line] = []
        self.size = len(plain.keys)

    def is_paragraph(self, line: Line) -> bool:
        return line.squeezed not in self.around and is_paragraph(line.raw)

    def starts_line(self, number: int) -> bool:
        """Whether a line begins at a word, or the text ends before it."""
        return number >= self.size or self.line_at(number).start == number

    def line_at(self, number: int) -> Line:
        return self.plain.lines[self.plain.line_of[number]]

    def starts_sentence(self, number: int) -> bool:
        return self.starts_line(number) or ends_finished(self.plain.word(number - 1))

    def raw(self, first: int, last: int) -> str:
        return " ".join(self.plain.word(number) for number in range(first, last))

    @property
    def is_finished(self) -> bool:
        return not self.lines or ends_finished(self.lines[-1].raw)

    def ends_unfinished(self, line: Line) -> bool:
        """Whether the text was truncated within a line."""
        return bool(self.lines) and line is self.lines[-1] and not ends_finished(line.raw)


def _is_apart(line: Line) -> bool:
    is_short = line.end - line.start <= _MAX_TAIL
    return is_furniture(line.raw) and (is_short or not ends_finished(line.raw))


class _Gap(NamedTuple):
    """Lines between two common lines."""

    old: Sequence[Line]
    new: Sequence[Line]
    is_last: bool


def find_edits(
    old: Plain,
    new: Plain,
    around: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
    *,
    has_evidence: bool,
) -> Marks:
    """Return the words of two texts that an editor changed.

    `around` has for each text the squeezed lines that are not its paragraphs: lines set apart by
    its own parser, and headline, summary, caption, byline and teasers of the other text.
    """
    if old.squeezed == new.squeezed:
        return Marks(frozenset(), frozenset(), tuple(align(old.keys, new.keys)))
    sides = (_Side(old, around[0]), _Side(new, around[1]))
    common: list[Block] = []
    for gap in _gaps(sides[0].lines, sides[1].lines, common):
        _compare_gap(gap, sides, common, has_evidence=has_evidence)
    common.sort()
    _weigh_lost(sides, common, has_evidence=has_evidence)
    return Marks(frozenset(sides[0].edited), frozenset(sides[1].edited), tuple(common))


def _gaps(old: Sequence[Line], new: Sequence[Line], common: list[Block]) -> Iterator[_Gap]:
    """Yield the runs of differing lines; equal lines are added to `common`."""
    at_old = at_new = 0
    blocks = align([line.squeezed for line in old], [line.squeezed for line in new])
    for block in (*blocks, Block(len(old), len(new), 0)):
        if block.a > at_old or block.b > at_new:
            is_last = block.a == len(old) and block.b == len(new)
            yield _Gap(old[at_old : block.a], new[at_new : block.b], is_last)
        for place in range(block.size):
            one, other = old[block.a + place], new[block.b + place]
            if one.end - one.start == other.end - other.start:
                common.append(Block(one.start, other.start, one.end - one.start))
        at_old, at_new = block.a + block.size, block.b + block.size


def _compare_gap(
    gap: _Gap, sides: tuple[_Side, _Side], common: list[Block], *, has_evidence: bool
) -> None:
    if "".join(line.squeezed for line in gap.old) == "".join(line.squeezed for line in gap.new):
        return
    old, new = sides
    kept = (_kept(old, gap.old, gap.new, new), _kept(new, gap.new, gap.old, old))
    keys = (
        [old.plain.keys[number] for number in kept[0]],
        [new.plain.keys[number] for number in kept[1]],
    )
    blocks: list[Block] = align(*keys)
    if gap.is_last:
        blocks = _end_together(blocks, keys)
    runs = Blocks()
    at_old = at_new = 0
    for block in (*blocks, Block(len(kept[0]), len(kept[1]), 0)):
        if block.a > at_old or block.b > at_new:
            hunk = _Hunk(sides, kept, (at_old, at_new), (block.a, block.b), gap)
            hunk.weigh(has_evidence=has_evidence)
        at_old, at_new = block.a + block.size, block.b + block.size
        for a, b in zip(kept[0][block.a : at_old], kept[1][block.b : at_new], strict=True):
            runs.add(a, b)
    common += runs


def _end_together(blocks: list[Block], keys: tuple[Sequence[str], Sequence[str]]) -> list[Block]:
    """Return blocks in which the last words of a truncated text are aligned correctly.

    The same words may occur again further on, and the last word may itself be truncated.
    """
    for index in (0, 1):
        own, others = keys[index], keys[1 - index]
        for back in range(min(_MAX_BACK, len(blocks)) + 1):
            before = blocks[: len(blocks) - back]
            end = before[-1] if before else Block(0, 0, 0)
            places = (end.a + end.size, end.b + end.size)
            rest = own[places[index] :]
            there = others[places[1 - index] :]
            if rest and "".join(there[: len(rest) + 2]).startswith("".join(rest)):
                size = 0
                while size < len(rest) and rest[size] == there[size]:
                    size += 1
                return [*before, Block(*places, size)] if size else before
    return blocks


def _kept(side: _Side, lines: Sequence[Line], others: Sequence[Line], other: _Side) -> list[int]:
    """Return the words of lines that have a counterpart; record other lines as lost."""
    pairs: set[tuple[str, str]] = set()
    words: set[str] = set()
    for line in others:
        found = other.plain.keys[line.start : line.end]
        words.update(found)
        pairs.update(pairwise(found))
    kept: list[int] = []
    for line in lines:
        if _is_alike(side.plain.keys[line.start : line.end], pairs, words):
            kept += range(line.start, line.end)
        else:
            side.lost.append(line)
    return kept


def _is_alike(keys: Sequence[str], pairs: set[tuple[str, str]], words: set[str]) -> bool:
    own = list(pairwise(keys))
    if len(own) < _BEGINNING:
        return sum(key in words for key in keys) * 2 >= len(keys)
    beginning, opening = own[: _BEGINNING - 1], own[:_OPENING]
    return (
        all(pair in pairs for pair in beginning)
        or sum(pair in pairs for pair in own) >= _ALIKE * len(own)
        or sum(pair in pairs for pair in opening) * 2 >= len(opening)
    )


class _Hunk(NamedTuple):
    """A place at which the kept words of two texts differ; one may have none there.

    `starts` and `ends` are positions in `kept`.
    """

    sides: tuple[_Side, _Side]
    kept: tuple[list[int], list[int]]
    starts: tuple[int, int]
    ends: tuple[int, int]
    gap: _Gap

    def weigh(self, *, has_evidence: bool) -> None:
        """Mark the words as edited, record lines as lost, or ignore them as noise."""
        pieces = [self.kept[index][self.starts[index] : self.ends[index]] for index in (0, 1)]
        squeezed = [
            "".join(side.plain.keys[number] for number in piece)
            for side, piece in zip(self.sides, pieces, strict=True)
        ]
        if (
            squeezed[0] == squeezed[1]
            or self._are_apart(pieces)
            or self._is_cut(pieces, squeezed, has_evidence=has_evidence)
        ):
            return
        if not pieces[0] or not pieces[1]:
            longer = 0 if pieces[0] else 1
            if self._is_apart(longer, pieces[longer]) or self._lose_lines(longer):
                return
        elif self._are_other_lines(pieces):
            for index in (0, 1):
                self._lose(index, pieces[index])
            return
        for side, piece in zip(self.sides, pieces, strict=True):
            side.edited.update(piece)

    def _is_cut(
        self, pieces: Sequence[Sequence[int]], squeezed: Sequence[str], *, has_evidence: bool
    ) -> bool:
        """Whether one text ends here, while the other continues."""
        if not self.gap.is_last:
            return False
        for index in (0, 1):
            side, other = self.sides[index], self.sides[1 - index]
            if self.ends[index] < len(self.kept[index]):
                continue
            own, others = squeezed[index], squeezed[1 - index]
            if pieces[1 - index] and others.startswith(own):
                ends_there = self.ends[1 - index] == len(self.kept[1 - index])
                is_whole = not own and side.is_finished
                return ends_there and not (has_evidence and is_whole)
            if own and not others and any(line.squeezed.startswith(own) for line in other.lost):
                return True
        return False

    def _are_apart(self, pieces: Sequence[Sequence[int]]) -> bool:
        """Whether the words are in lines that both parsers set apart, such as two teasers."""
        return all(pieces) and all(
            side.line_at(number).squeezed in side.around
            for side, piece in zip(self.sides, pieces, strict=True)
            for number in piece
        )

    def _is_apart(self, index: int, piece: Sequence[int]) -> bool:
        """Whether words missing from one text are a dateline, an agency's mark or a credit."""
        side = self.sides[index]
        text = side.raw(piece[0], piece[-1] + 1)
        if "".join(side.plain.keys[number] for number in piece) in side.around:
            return True
        if piece[0] == 0 and len(piece) <= _MAX_DATELINE and is_dateline(text):
            return True
        line = side.line_at(piece[-1])
        if piece[-1] == line.end - 1 and len(piece) <= _MAX_MARK and is_mark(text):
            return line is side.lines[-1]
        begins = piece[0] == side.line_at(piece[0]).start
        if begins and is_number_of_list(text):
            return True
        return begins and is_furniture(text) and len(piece) < line.end - line.start

    def _lose_lines(self, index: int) -> bool:
        """Record the words missing from one text as lost lines if they can be; return whether.

        If the words before and after are alike (`The ... The ...`), adjacent runs are tried too.
        """
        kept, other = self.kept[index], self.kept[1 - index]
        start, end, gap = self.starts[index], self.ends[index], self.starts[1 - index]
        keys = [self.sides[index].plain.keys[number] for number in kept]
        size = end - start
        first = last = start
        while first > max(0, start - _MAX_SLIDE) and keys[first - 1] == keys[first - 1 + size]:
            first -= 1
        while last + size < min(len(keys), end + _MAX_SLIDE) and keys[last] == keys[last + size]:
            last += 1
        for at in sorted(range(first, last + 1), key=lambda at: abs(at - start)):
            place, piece = gap + at - start, kept[at : at + size]
            if 0 <= place <= len(other) and self._can_be_lost(index, piece, place):
                self._lose(index, piece)
                return True
        return False

    def _can_be_lost(self, index: int, piece: Sequence[int], gap: int) -> bool:
        side, other = self.sides[index], self.sides[1 - index]
        place = self.kept[1 - index][gap] if gap < len(self.kept[1 - index]) else other.size
        if self._are_whole_lines(index, piece):
            return other.starts_sentence(place)
        if len(side.plain.lines) >= len(other.plain.lines) or not other.starts_line(place):
            return False
        if is_furniture(side.raw(piece[0], piece[-1] + 1)):
            return True
        return side.starts_sentence(piece[0]) and side.starts_sentence(piece[-1] + 1)

    def _are_whole_lines(self, index: int, piece: Sequence[int]) -> bool:
        side = self.sides[index]
        return bool(piece) and side.starts_line(piece[0]) and side.starts_line(piece[-1] + 1)

    def _are_other_lines(self, pieces: Sequence[Sequence[int]]) -> bool:
        """Whether whole lines replace others, and those of one text are teasers."""
        return all(map(self._are_whole_lines, (0, 1), pieces)) and not all(
            any(side.is_paragraph(side.line_at(number)) for number in piece)
            for side, piece in zip(self.sides, pieces, strict=True)
        )

    def _lose(self, index: int, piece: Sequence[int]) -> None:
        """Record words as lost, split into lines or sentences."""
        side = self.sides[index]
        start = piece[0]
        for number in piece:
            if number == piece[-1] or side.starts_sentence(number + 1):
                squeezed = "".join(side.plain.keys[start : number + 1])
                side.lost.append(Line(side.raw(start, number + 1), start, number + 1, squeezed))
                start = number + 1


def _weigh_lost(sides: tuple[_Side, _Side], common: Sequence[Block], *, has_evidence: bool) -> None:
    """Mark lost lines as edited if an editor moved, rewrote, added or removed them."""
    lost = (
        _paragraphs_lost(sides[0], sides[1], [block.a for block in common]),
        _paragraphs_lost(sides[1], sides[0], [block.b for block in common]),
    )
    for index in (0, 1):
        side, others = sides[index], lost[1 - index]
        for line in filter(side.ends_unfinished, side.lost):
            if _is_changed_beginning(side.plain, line, sides[1 - index]):
                side.edited.update(range(line.start, line.end))
        moved = {line.squeezed for line in others}
        kept = {line.squeezed for line in sides[1 - index].plain.lines} - moved
        taken = set(others.values())
        for line, place in lost[index].items():
            if line.squeezed in kept:
                continue  # a repetition
            # Different lines between the same words of both texts replace each other.
            is_rewritten = place in taken
            if has_evidence or is_rewritten or line.squeezed in moved:
                side.edited.update(range(line.start, line.end))


def _is_changed_beginning(plain: Plain, line: Line, other: _Side) -> bool:
    """Return whether a truncated line begins nearly like a line of the other text."""
    own = plain.keys[line.start : line.end]
    return any(
        sum(key in beginning for key in own) * 2 > len(own)
        for whole in other.lost
        for beginning in [set(other.plain.keys[whole.start : whole.end][: len(own) + 2])]
    )


def _paragraphs_lost(side: _Side, other: _Side, starts: Sequence[int]) -> dict[Line, int]:
    """Return lost lines that belong to the text, with the number of common runs before each.

    If the other text was truncated, everything beyond its end is ignored.
    """
    found = {line: bisect_left(starts, line.start) for line in side.lost}
    return {
        line: place
        for line, place in found.items()
        if side.is_paragraph(line)
        and not side.ends_unfinished(line)
        and (place < len(starts) or other.is_finished)
    }
