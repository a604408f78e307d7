"""Group boards of the same trading day, which have the same index bases.

Rule 1 of docs/dating.md: the bases of KSE100 and of every other common index agree within about a
point. If there is no other common index, most of the shares must agree. Shares alone never join two
boards.

The result depends only on the set of boards. A gap of more than `REACH` between KSE100 bases always
separates groups, so runs of bases without such a gap can be grouped separately.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from loader.market.model import INDICES, IndexLines, most_agree

# A price is printed in whole points (±0.5) and a change in tenths (±0.05), so the printed bases of
# two boards with the same true base differ by up to 1.1 points.
REACH = 110

_ALL = (True,) * len(INDICES)

Boards = tuple[IndexLines, ...]


def group_boards(boards: Iterable[IndexLines]) -> list[Boards]:
    """Return boards in groups, each sorted by digest, without those that have no KSE100."""
    return [
        group
        for neighbourhood in neighbourhoods(boards)
        for group in _group_neighbourhood(neighbourhood)
    ]


def neighbourhoods(boards: Iterable[IndexLines]) -> Iterator[list[IndexLines]]:
    """Yield runs of boards without a gap above REACH between their KSE100 bases."""
    known = [(board.bases[0], board.board, board) for board in boards if board.bases[0] is not None]
    run: list[IndexLines] = []
    last = None
    for base, _, board in sorted(known, key=lambda item: item[:2]):
        if last is not None and base - last > REACH:
            yield run
            run = []
        run.append(board)
        last = base
    if run:
        yield run


def needs_shares(neighbourhood: Sequence[IndexLines]) -> bool:
    """Whether some board has only KSE100, so only shares can determine its group."""
    return len(neighbourhood) > 1 and any(_only_first(board) for board in neighbourhood)


def _group_neighbourhood(boards: Sequence[IndexLines]) -> list[Boards]:
    """Group full boards first, then add each cluster of partial ones to the only group it fits."""
    by_shape: dict[tuple[bool, ...], list[IndexLines]] = {}
    for board in boards:
        by_shape.setdefault(_shape(board), []).append(board)
    full = _clusters(by_shape.pop(_ALL, []))
    others = [box for shape in sorted(by_shape) for box in _clusters(by_shape[shape])]
    homes = [[box for box in full if _fits(other, box)] for other in others]
    groups = full + [other for other, home in zip(others, homes, strict=True) if len(home) != 1]
    for other, home in zip(others, homes, strict=True):
        if len(home) == 1:  # boards that fit two groups join neither
            home[0].members += other.members
    return [tuple(sorted(box.members, key=lambda board: board.board)) for box in groups]


class _Box:
    """Joined boards, and the range of their bases in each index."""

    __slots__ = ("highs", "lows", "members")

    def __init__(self, board: IndexLines) -> None:
        self.members = [board]
        self.lows = list(board.bases)
        self.highs = list(board.bases)

    def absorb(self, other: _Box) -> None:
        self.members += other.members
        for number, (low, high) in enumerate(zip(other.lows, other.highs, strict=True)):
            mine_low, mine_high = self.lows[number], self.highs[number]
            if low is not None and high is not None:
                self.lows[number] = low if mine_low is None else min(low, mine_low)
                self.highs[number] = high if mine_high is None else max(high, mine_high)


def _clusters(boards: list[IndexLines]) -> list[_Box]:
    """Join boards with the same index lines while their ranges touch.

    Joining only widens a range, so touching ranges still touch, and the result is the same in any
    order.
    """
    boxes: list[_Box] = []
    for board in boards:
        box = _Box(board)
        while touching := [other for other in boxes if _fits(box, other)]:
            for other in touching:
                box.absorb(other)
            boxes = [other for other in boxes if other not in touching]
        boxes.append(box)
    return boxes


def _fits(one: _Box, other: _Box) -> bool:
    common = 0
    for low, high, other_low, other_high in zip(
        one.lows, one.highs, other.lows, other.highs, strict=True
    ):
        if low is None or high is None or other_low is None or other_high is None:
            continue
        if max(low, other_low) - min(high, other_high) > REACH:
            return False
        common += 1
    return common > 1 or (common == 1 and _share_bases_agree(one, other))


def _share_bases_agree(one: _Box, other: _Box) -> bool:
    return any(
        most_shares_equal(board.shares, mate.shares)
        for board in one.members
        for mate in other.members
    )


def most_shares_equal(one: frozenset[tuple[int, int]], other: frozenset[tuple[int, int]]) -> bool:
    """Whether most common shares have exactly the same figure, and are enough."""
    common = len(dict(one).keys() & dict(other).keys())
    return most_agree(len(one & other), common)


def _shape(board: IndexLines) -> tuple[bool, ...]:
    return tuple(base is not None for base in board.bases)


def _only_first(board: IndexLines) -> bool:
    return not any(_shape(board)[1:])
