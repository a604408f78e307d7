"""Simulate a small stock market: thirty shares and four indices that move together.

Prices are integers of hundredths (of a rupee, of a point). Only `Random.random()` and plain
arithmetic are used, so every Python and every machine draws the same market.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from random import Random
from typing import Literal

from .sessions import PRE_OPEN, elapsed, hours, is_trading_day, trading_days

Kind = Literal["share", "index"]

KNOTS = 12
"""Pieces of a session between which a price moves in a straight line."""

DAILY_SPREAD = 0.008
"""Standard deviation of the market's daily move."""

LIMIT_PER_CENT = 7.5
LIMIT_RUPEE = 100
"""A share may move by the larger of 7.5 per cent and Re 1 in a day (PSX, 2020 to May 2024)."""

INDEX_BETAS = {"BR100": 0.95, "BR30": 1.15, "KSE100": 1.0, "KSE30": 1.05}


@dataclass(frozen=True, slots=True)
class Quote:
    """The figures of one instrument on a board at one moment, in hundredths."""

    symbol: str
    kind: Kind
    price: int
    change: int

    @property
    def base(self) -> int:
        return self.price - self.change

    @property
    def percent(self) -> int:
        """The change in hundredths of a per cent of the base."""
        return ratio(self.change * 10_000, self.base)


def ratio(numerator: int, denominator: int) -> int:
    """Divide integers, rounding to the nearest, halves away from zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((2 * numerator + denominator) // (2 * denominator))


def bell(random: Random) -> float:
    """Return an approximately normal random number, mean 0, standard deviation 1."""
    return sum(random.random() for _ in range(12)) - 6.0


def wander(random: Random, end: float, spread: float) -> list[float]:
    """Return a path of KNOTS + 1 values from about 0 to exactly `end`, varying by `spread`."""
    steps = [bell(random) * spread for _ in range(KNOTS)]
    drift = sum(steps) / KNOTS
    path = [0.0]
    for step in steps:
        path.append(path[-1] + step - drift + end / KNOTS)
    path[-1] = end
    return path


@dataclass(frozen=True)
class Market:
    """One stretch of days, drawn from `name`; `levels` are the bases of the first day.

    `pushes` sets the market's move of a day (0.02 is two per cent up) where a sample needs one.
    """

    name: str
    first: date
    last: date
    levels: Mapping[str, int]
    arrow_indices: bool = False
    pushes: Mapping[date, float] = field(default_factory=dict)

    @cached_property
    def days(self) -> list[date]:
        return trading_days(self.first, self.last)

    @cached_property
    def symbols(self) -> list[str]:
        """Shares from A to Z, then the indices: the order of a board."""
        shares = sorted(symbol for symbol in self.levels if symbol not in INDEX_BETAS)
        return shares + sorted(INDEX_BETAS)

    @cached_property
    def paths(self) -> dict[tuple[str, date], list[int]]:
        """Compute the prices of each instrument and day at the knots."""
        paths: dict[tuple[str, date], list[int]] = {}
        bases = dict(self.levels)
        for day in self.days:
            random = Random(f"{self.name} {day}")
            move = self.pushes.get(day, bell(random) * DAILY_SPREAD + 0.001)
            tide = wander(random, move, 0.0015)
            for symbol in self.symbols:
                path = _day_path(Random(f"{self.name} {day} {symbol}"), symbol, bases[symbol], tide)
                paths[symbol, day] = path
                bases[symbol] = path[-1]
        return paths

    def base(self, symbol: str, day: date) -> int:
        """The last price of the session before: the base of the day's changes."""
        position = self.days.index(day)
        return self.paths[symbol, self.days[position - 1]][-1] if position else self.levels[symbol]

    def price(self, symbol: str, day: date, minute: int) -> int:
        """The price on a trading day at a minute of the day; the last one after the end."""
        gone, length = elapsed(day, minute)
        path = self.paths[symbol, day]
        knot, rest = divmod(gone * KNOTS, length)
        if knot >= KNOTS:
            return path[-1]
        return path[knot] + ratio((path[knot + 1] - path[knot]) * rest, length)

    def quotes(self, day: date, minute: int) -> list[Quote]:
        """Return the site's board at a moment, on a trading day or not.

        Weekends, holidays and early mornings show the last session; in the pre-open
        the shares are set back to No Change while the indices still show it.
        """
        session = max(known for known in self.days if known <= day)
        last_session = (session, 24 * 60)
        if session == day and minute < hours(day)[0][0]:
            last_session = (self.days[self.days.index(day) - 1], 24 * 60)
            return [
                self._quote(symbol, *last_session, pre_open=minute >= PRE_OPEN)
                for symbol in self.symbols
            ]
        moment = (day, minute) if is_trading_day(day) else last_session
        return [self._quote(symbol, *moment) for symbol in self.symbols]

    def _quote(self, symbol: str, day: date, minute: int, pre_open: bool = False) -> Quote:
        kind: Kind = "index" if symbol in INDEX_BETAS else "share"
        price, base = self.price(symbol, day, minute), self.base(symbol, day)
        if pre_open and kind == "share":
            base = price
        quote = Quote(symbol, kind, price, price - base)
        return quote if quote.percent else Quote(symbol, kind, base, 0)

    def extremes(self, symbol: str, day: date) -> tuple[int, int]:
        """The lowest and the highest price of a day."""
        path = self.paths[symbol, day]
        return min(path), max(path)


def _day_path(random: Random, symbol: str, base: int, tide: list[float]) -> list[int]:
    if symbol in INDEX_BETAS:
        own = wander(random, bell(random) * 0.0012, 0.0003)
        beta, limit = INDEX_BETAS[symbol], base
    else:
        own = wander(random, bell(random) * 0.016, 0.003)
        beta = 0.5 + Random(symbol).random()
        limit = max(LIMIT_RUPEE, int(base * LIMIT_PER_CENT / 100))
        limit = min(limit, base // 12)
    moves = (round(base * (beta * common + alone)) for common, alone in zip(tide, own, strict=True))
    path = [base + max(-limit, min(limit, move)) for move in moves]
    # What rounds to 0.00 % is no move, today or as tomorrow's base.
    return [price if ratio((price - base) * 10_000, base) else base for price in path]
