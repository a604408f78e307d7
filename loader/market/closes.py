"""Look up closing values by session, from the user's files and from articles of the archive."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal

from loader.market.model import Passage

Origin = Literal["close", "stated"]

OfSymbols = Mapping[str, tuple["Close", ...]]

_LONGEST_HOLIDAYS: Final = 7  # consecutive holidays missing from the calendar
_NONE: Final[OfSymbols] = MappingProxyType({})


@dataclass(frozen=True, slots=True, order=True)
class Close:
    """A closing value in hundredths of a point, of a session between `first` and `last`.

    `origin` is the user's file or an article; `source` is the name of the file, or the passage.
    """

    symbol: str
    value: int
    first: int
    last: int
    origin: Origin
    source: str | Passage = ""

    @property
    def is_sure(self) -> bool:
        return self.first == self.last


class Closes:
    """Closing values by session and by value.

    For a day and symbol, the user's value takes precedence over articles that name the day, and
    these over articles that leave two days open. If sources of one rank disagree about a day, none
    of them is used, except of the last rank, whose days are uncertain anyway.
    """

    def __init__(self, closes: Iterable[Close]) -> None:
        ranked: dict[tuple[int, str], dict[str, list[Close]]] = {}
        for close in sorted(set(closes)):
            rank = close.origin if close.is_sure else "unsure"
            for session in range(close.first, close.last + 1):
                kinds = ranked.setdefault((session, close.symbol), {})
                kinds.setdefault(rank, []).append(close)
        self._days: dict[int, dict[str, tuple[Close, ...]]] = {}
        values: dict[str, list[tuple[int, int]]] = {}
        for (session, symbol), kinds in ranked.items():
            if kept := _kept(kinds):
                self._days.setdefault(session, {})[symbol] = kept
                values.setdefault(symbol, []).extend((close.value, session) for close in kept)
        self._values = {symbol: sorted(pairs) for symbol, pairs in values.items()}
        self.gaps = _gaps(ranked)  # gaps in the user's table, or holidays

    def __bool__(self) -> bool:
        return bool(self._days)

    def on(self, session: int) -> OfSymbols:
        """Return the closes of a session by symbol: several only if articles leave the day open."""
        return self._days.get(session, _NONE)

    def before(self, session: int) -> Iterator[int]:
        """Yield the sessions that may be the previous one; after a gap, they are several.

        A session missing from the user's table is a gap in the table, or a holiday missing from the
        calendar.
        """
        yield session - 1
        while session - 1 in self.gaps:
            session -= 1
            yield session - 1

    def after(self, session: int) -> Iterator[int]:
        """Yield the sessions of which a session may be the previous one."""
        yield session + 1
        while session + 1 in self.gaps:
            session += 1
            yield session + 1

    def has_no_gap(self, one: int, other: int) -> bool:
        """Whether no session between two, in either order and both included, is in a gap."""
        return not self.gaps or self.gaps.isdisjoint(range(min(one, other), max(one, other) + 1))

    def sessions_between(self, symbol: str, low: int, high: int) -> list[int]:
        """Return the sessions with a close between two values, in hundredths of a point."""
        pairs = self._values.get(symbol, [])
        start = bisect_left(pairs, (low, -1))
        end = bisect_right(pairs, (high + 1, -1))
        return [session for _, session in pairs[start:end]]


def _gaps(ranked: Mapping[tuple[int, str], Mapping[str, list[Close]]]) -> frozenset[int]:
    """Return the sessions within the user's table that have no close, nor in an article.

    Runs longer than any holidays are years missing from the table, and are omitted.
    """
    in_table = sorted({session for (session, _), kinds in ranked.items() if "close" in kinds})
    stated = {session for (session, _), kinds in ranked.items() if "stated" in kinds}
    return frozenset(
        session
        for before, after in pairwise(in_table)
        if after - before - 1 <= _LONGEST_HOLIDAYS
        for session in range(before + 1, after)
        if session not in stated
    )


def _kept(kinds: Mapping[str, list[Close]]) -> tuple[Close, ...]:
    for rank in ("close", "stated"):
        found = kinds.get(rank, [])
        if len({close.value for close in found}) == 1:
            return (found[0],)
    return tuple(kinds.get("unsure", ()))
