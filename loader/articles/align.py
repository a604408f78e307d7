"""Align the words of two texts in bounded time.

Equal beginnings and ends are set aside. A long rest is divided at words that occur once in each
text (anchors), and the longest common subsequence is found between anchors (Myers, An O(ND)
Difference Algorithm). If that takes too many steps, all words between two anchors count as changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_MAX_CHANGES: Final = 600  # differing words between two anchors; work is quadratic
_MAX_STEPS: Final = 600_000
_RUN: Final = 8  # words


class Block(NamedTuple):
    """`size` equal words, starting at `a` in one text and at `b` in the other."""

    a: int
    b: int
    size: int


class Blocks(list[Block]):
    """Blocks in order; a block that continues the last one in both texts is joined to it."""

    def add(self, a: int, b: int, size: int = 1) -> None:
        if not size:
            return
        if self and self[-1].a + self[-1].size == a and self[-1].b + self[-1].size == b:
            self[-1] = self[-1]._replace(size=self[-1].size + size)
        else:
            self.append(Block(a, b, size))


class _Budget:
    """Remaining steps of an alignment."""

    def __init__(self) -> None:
        self.steps = _MAX_STEPS


def align(a: Sequence[str], b: Sequence[str]) -> Blocks:
    """Return the equal runs of two sequences, in order."""
    shorter = min(len(a), len(b))
    head = 0
    while head < shorter and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < shorter - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    found = Blocks()
    found.add(0, 0, head)
    for i, j in _equal_words(a[head : len(a) - tail], b[head : len(b) - tail]):
        found.add(head + i, head + j)
    found.add(len(a) - tail, len(b) - tail, tail)
    return found


def _equal_words(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the positions of aligned words; long sequences are first divided by anchors."""
    anchors: list[tuple[int, int]] = []
    if len(a) + len(b) > _MAX_CHANGES and a and b:
        anchors = _anchors(a, b) or _anchors(_runs(a), _runs(b))
    budget = _Budget()
    at_a = at_b = 0
    for i, j in anchors:
        for x, y in _common(a[at_a:i], b[at_b:j], budget):
            yield at_a + x, at_b + y
        yield i, j
        at_a, at_b = i + 1, j + 1
    for x, y in _common(a[at_a:], b[at_b:], budget):
        yield at_a + x, at_b + y


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Return positions of words unique in each text: the longest list in the same order in both."""
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
    """Return the runs of words of a text, for repetitive texts without unique words."""
    ends = range(_RUN, len(words) + 1)
    return ["\n".join(words[end - _RUN : end]) for end in ends]


def _once(words: Sequence[str]) -> dict[str, int]:
    counts = Counter(words)
    return {word: place for place, word in enumerate(words) if counts[word] == 1}


def _common(a: Sequence[str], b: Sequence[str], budget: _Budget) -> list[tuple[int, int]]:
    """Return positions of a longest common subsequence; empty if it takes too many steps."""
    size_a, size_b = len(a), len(b)
    if set(a).isdisjoint(b):
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
    """Return the position in a at which a diagonal starts after its last change.

    The change adds a word of b or removes one of a, whichever starts further on.
    """
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
            # The step of `_start`: a word of b was added, or else one of a removed.
            if number < changes and start == trace[changes - 1][number]:
                y -= 1
            else:
                x -= 1
    return pairs[::-1]
