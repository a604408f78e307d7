"""Compare stated moves with boards, as evidence for a day, never against it.

A board with the move was captured at the end of that day, or earlier, with the value by chance.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from loader.market.model import Passage, Witness

# Weights by the frequency of chance matches (docs/dating.md, calibration).
POINTS: Final = 10
PERCENT: Final = 4
TENTH_OF_PERCENT: Final = 0

_CHANGE_SLACK: Final = 5  # a board prints changes in tenths
_WIDEST: Final = 50 + _CHANGE_SLACK


class StatedMove(NamedTuple):
    """A move in a session from `first` to `last`, in hundredths; slack is half its last digit."""

    symbol: str
    points: int | None
    points_slack: int
    percent: int | None
    percent_slack: int
    first: int
    last: int
    source: str | Passage

    def is_shown_by(self, change: int, base: int) -> bool:
        """Return whether a board's change and base, in hundredths, match the move."""
        if self.points is not None:
            return abs(change - self.points) <= self.points_slack + _CHANGE_SLACK
        if self.percent is None:
            return False
        slack = (self.percent_slack + 1) * base
        return abs(change * 10_000 - self.percent * base) <= slack

    @property
    def weight(self) -> int:
        if self.points is not None:
            return POINTS
        return PERCENT if self.percent_slack <= 1 else TENTH_OF_PERCENT


Changes = Mapping[str, Sequence[tuple[int, int]]]
"""Changes and bases on the boards of a group, by symbol, in hundredths of a point."""


@dataclass(frozen=True)
class Moves:
    """Stated moves by session and by size; `shown` are the changes of each group."""

    stated: Sequence[StatedMove] = ()
    shown: Mapping[int, Changes] = field(default_factory=dict)
    _by_day: dict[int, list[StatedMove]] = field(default_factory=dict, init=False, repr=False)
    _by_size: dict[str, list[tuple[int, int]]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for number, move in enumerate(self.stated):
            for day in range(move.first, move.last + 1):
                self._by_day.setdefault(day, []).append(move)
            if move.points is not None:
                self._by_size.setdefault(move.symbol, []).append((move.points, number))
        for sizes in self._by_size.values():
            sizes.sort()

    def __bool__(self) -> bool:
        return bool(self.stated)

    def days_of(self, key: int) -> set[int]:
        """Return the days of moves, stated in points, that boards of a group show."""
        return {
            day
            for symbol, changes in self.shown.get(key, {}).items()
            for change, base in changes
            for move in self._of_size(symbol, change)
            if move.is_shown_by(change, base)
            for day in range(move.first, move.last + 1)
        }

    def _of_size(self, symbol: str, change: int) -> Iterator[StatedMove]:
        sizes = self._by_size.get(symbol, [])
        start = bisect_left(sizes, (change - _WIDEST, -1))
        end = bisect_right(sizes, (change + _WIDEST, len(self.stated)))
        for _, number in sizes[start:end]:
            yield self.stated[number]

    def witnesses(self, key: int, day: int) -> Iterator[Witness]:
        """Yield the best matching move of a day for each index of a group."""
        shown = self.shown.get(key, {})
        best: dict[str, StatedMove] = {}
        for move in self._by_day.get(day, ()):
            if any(move.is_shown_by(*pair) for pair in shown.get(move.symbol, ())):
                rival = best.get(move.symbol)
                if rival is None or _rank(move) > _rank(rival):
                    best[move.symbol] = move
        for symbol in sorted(best):
            move = best[symbol]
            if move.weight:
                detail = f"a board shows the move of {symbol} that a text states of the day"
                yield Witness("moved", day, day, move.weight, detail, move.source)


def _rank(move: StatedMove) -> tuple[int, bool, str]:
    return move.weight, isinstance(move.source, Passage), str(move.source)
