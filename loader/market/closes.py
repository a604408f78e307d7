"""Closing values by session, from the user's files and from the archive's own articles."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from loader.market.model import Passage

Origin = Literal["close", "stated"]

OfSymbols = Mapping[str, tuple["Close", ...]]

_NONE: Final[OfSymbols] = MappingProxyType({})


@dataclass(frozen=True, slots=True, order=True)
class Close:
    """A closing value in hundredths of a point, of session `first` or, when unsure, one up
    to `last`. `origin` says whether the user brought it or an article states it; `source` is
    the name of the user's file, or the passage.
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
    """Closing values to look up by session and by value.

    Of a day and symbol the user's value holds; without one that of the articles that name
    the day; without one those of articles that leave two days open. Where sources of one
    rank disagree about a day none of them is used, but for the last, which claim nothing
    for sure.
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

    def __bool__(self) -> bool:
        return bool(self._days)

    def on(self, session: int) -> OfSymbols:
        """The closes of a session by symbol; several only where articles leave the day open."""
        return self._days.get(session, _NONE)

    def sessions_between(self, symbol: str, low: int, high: int) -> list[int]:
        """Sessions that closed between two values, in hundredths of a point."""
        pairs = self._values.get(symbol, [])
        start = bisect_left(pairs, (low, -1))
        end = bisect_right(pairs, (high + 1, -1))
        return [session for _, session in pairs[start:end]]


def _kept(kinds: Mapping[str, list[Close]]) -> tuple[Close, ...]:
    for rank in ("close", "stated"):
        found = kinds.get(rank, [])
        if len({close.value for close in found}) == 1:
            return (found[0],)
    return tuple(kinds.get("unsure", ()))
