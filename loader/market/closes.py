"""Closing values by session, from the user's files and from the archive's own articles."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from loader.market.model import INDICES

Origin = Literal["close", "stated"]


@dataclass(frozen=True, slots=True)
class Close:
    """A closing value in hundredths of a point, of session `first` or, when unsure, one up
    to `last`. `origin` says whether the user brought it or an article states it.
    """

    symbol: str
    value: int
    first: int
    last: int
    origin: Origin
    source: str = ""


class Closes:
    """Closing values to look up by session and by value.

    Where sources of one origin disagree about a day, none of them is used for it; what the
    user brought goes before what articles state.
    """

    def __init__(self, closes: Iterable[Close]) -> None:
        self._by_day: dict[tuple[str, int], Close] = {}
        self._unsure: dict[tuple[str, int], list[Close]] = {}
        self._keep(sorted(set(closes), key=_order))
        self._values: dict[str, list[tuple[int, int]]] = {symbol: [] for symbol in INDICES}
        for (symbol, session), close in self._by_day.items():
            self._values.setdefault(symbol, []).append((close.value, session))
        for (symbol, session), unsure in self._unsure.items():
            pairs = self._values.setdefault(symbol, [])
            pairs += [(close.value, session) for close in unsure]
        for pairs in self._values.values():
            pairs.sort()

    def _keep(self, closes: list[Close]) -> None:
        sure: dict[tuple[str, int, Origin], set[int]] = {}
        for close in closes:
            if close.first == close.last:
                sure.setdefault((close.symbol, close.first, close.origin), set()).add(close.value)
        for close in closes:
            if close.first == close.last:
                agreed = len(sure[close.symbol, close.first, close.origin]) == 1
                key = (close.symbol, close.first)
                if agreed and (key not in self._by_day or close.origin == "close"):
                    self._by_day.setdefault(key, close)
                    if self._by_day[key].origin == "stated" and close.origin == "close":
                        self._by_day[key] = close
        for close in closes:
            for session in range(close.first, close.last + 1):
                if close.first != close.last and (close.symbol, session) not in self._by_day:
                    self._unsure.setdefault((close.symbol, session), []).append(close)

    def __bool__(self) -> bool:
        return bool(self._by_day or self._unsure)

    def at(self, symbol: str, session: int) -> tuple[Close, ...]:
        """The close of a session; several only where articles do not tell which day they mean."""
        sure = self._by_day.get((symbol, session))
        return (sure,) if sure else tuple(self._unsure.get((symbol, session), ()))

    def sessions_between(self, symbol: str, low: int, high: int) -> list[int]:
        """Sessions that closed between two values, in hundredths of a point."""
        pairs = self._values.get(symbol, [])
        start = bisect_left(pairs, (low, -1))
        end = bisect_right(pairs, (high, 1 << 60))
        return sorted({session for _, session in pairs[start:end]})


def _order(close: Close) -> tuple[str, int, int, int, str, str]:
    return close.symbol, close.first, close.last, close.value, close.origin, close.source
