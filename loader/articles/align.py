"""Align the words of two texts in bounded time.

Equal beginnings and ends are set aside. Words that occur once in each text divide the rest, and
between them the longest common subsequence is found (Myers, An O(ND) Difference Algorithm). If that
takes more steps than allowed, the words between count as changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

_MAX_CHANGES: Final = 600  # differing words between two anchors; work is quadratic
_MAX_STEPS: Final = 600_000
_RUN: Final = 8


class Block(NamedTuple):
    """`size` equal words, starting at `a` in one text and at `b` in the other."""

    a: int
    b: int
    size: int


class _Budget:
    """Remaining steps of an alignment."""

    def __init__(self) -> None:
        self.steps = _MAX_STEPS


def align(a: Sequence[str], b: Sequence[str]) -> list[Block]:
    """Return the equal runs of two sequences in order; runs adjacent in both are joined."""
    pairs = _Pairs()
    _align(a, 0, len(a), b, 0, len(b), pairs, _Budget())
    return pairs.blocks


class _Pairs:
    """A list of blocks, in which adjacent ones are joined."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []

    def add(self, a: int, b: int, size: int) -> None:
        if not size:
            return
        if self.blocks:
            last = self.blocks[-1]
            if last.a + last.size == a and last.b + last.size == b:
                self.blocks[-1] = last._replace(size=last.size + size)
                return
        self.blocks.append(Block(a, b, size))


def _align(
    a: Sequence[str], a_from: int, a_to: int, b: Sequence[str], b_from: int, b_to: int,
    found: _Pairs, budget: _Budget,
) -> None:  # fmt: skip
    head = 0
    most = min(a_to - a_from, b_to - b_from)
    while head < most and a[a_from + head] == b[b_from + head]:
        head += 1
    tail = 0
    most -= head
    while tail < most and a[a_to - 1 - tail] == b[b_to - 1 - tail]:
        tail += 1
    found.add(a_from, b_from, head)
    a_from, b_from = a_from + head, b_from + head
    a_end, b_end = a_to - tail, b_to - tail
    if a_from < a_end and b_from < b_end:
        _align_between(a, a_from, a_end, b, b_from, b_end, found, budget)
    found.add(a_end, b_end, tail)


def _align_between(
    a: Sequence[str], a_from: int, a_to: int, b: Sequence[str], b_from: int, b_to: int,
    found: _Pairs, budget: _Budget,
) -> None:  # fmt: skip
    """Align runs that differ at both ends: short ones by words, long ones first by anchors."""
    if a_to - a_from + b_to - b_from > _MAX_CHANGES:
        one, other = a[a_from:a_to], b[b_from:b_to]
        anchors = _anchors(one, other) or _anchors(_runs(one), _runs(other))
        if anchors:
            at_a, at_b = a_from, b_from
            for i, j in anchors:
                _align_short(a, at_a, a_from + i, b, at_b, b_from + j, found, budget)
                found.add(a_from + i, b_from + j, 1)
                at_a, at_b = a_from + i + 1, b_from + j + 1
            _align_short(a, at_a, a_to, b, at_b, b_to, found, budget)
            return
    _align_short(a, a_from, a_to, b, b_from, b_to, found, budget)


def _align_short(
    a: Sequence[str], a_from: int, a_to: int, b: Sequence[str], b_from: int, b_to: int,
    found: _Pairs, budget: _Budget,
) -> None:  # fmt: skip
    for i, j in _common(a[a_from:a_to], b[b_from:b_to], budget):
        found.add(a_from + i, b_from + j, 1)


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Return the longest list of words that occur once in each text, in the same order in both."""
    once_a, once_b = _once(a), _once(b)
    common = sorted((place, once_b[word]) for word, place in once_a.items() if word in once_b)
    # Longest increasing subsequence of positions in b.
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(common):
        at = bisect_left(tails, place)
        before.append(last[at - 1] if at else -1)
        tails[at : at + 1] = [place]
        last[at : at + 1] = [number]
    chain: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        chain.append(common[number])
        number = before[number]
    return chain[::-1]


def _runs(words: Sequence[str]) -> list[str]:
    """Return the run of words at each word, since in repetitive texts no single word is unique."""
    ends = range(_RUN, len(words) + 1)
    return ["\n".join(words[end - _RUN : end]) for end in ends]


def _once(words: Sequence[str]) -> dict[str, int]:
    counts = Counter(words)
    return {word: place for place, word in enumerate(words) if counts[word] == 1}


def _common(a: Sequence[str], b: Sequence[str], budget: _Budget) -> list[tuple[int, int]]:
    """Return positions of a longest common subsequence; empty if it takes too many steps."""
    size_a, size_b = len(a), len(b)
    if not size_a or not size_b or set(a).isdisjoint(b):
        return []
    # The furthest position in a of each diagonal from -changes to changes, in steps of two.
    trace: list[list[int]] = []
    for changes in range(min(size_a + size_b, _MAX_CHANGES) + 1):
        reached: list[int] = []
        for number in range(changes + 1):
            x = _start(trace, changes, number)
            y = x + changes - 2 * number
            while x < size_a and y < size_b and a[x] == b[y]:
                x += 1
                y += 1
            reached.append(x)
            if x >= size_a and y >= size_b:
                trace.append(reached)
                return _walk_back(trace, size_a, size_b)
        trace.append(reached)
        budget.steps -= changes + 1
        if budget.steps < 0:
            break
    return []


def _start(trace: Sequence[Sequence[int]], changes: int, number: int) -> int:
    """Return the start of a diagonal in a after its last change: a word of b added, or one of a."""
    if not changes:
        return 0
    before = trace[changes - 1]
    if number == 0 or (number < changes and before[number - 1] < before[number]):
        return before[number]
    return before[number - 1] + 1


def _walk_back(trace: Sequence[Sequence[int]], size_a: int, size_b: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    x, y = size_a, size_b
    for changes in range(len(trace) - 1, -1, -1):
        number = (x - y + changes) // 2
        start = _start(trace, changes, number)
        while x > start:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        if changes:
            before = trace[changes - 1]
            if number == 0 or (number < changes and before[number - 1] < before[number]):
                y -= 1
            else:
                x -= 1
    return pairs[::-1]
