"""Fill the figures of the simulated market into hand-written texts.

A text says `{{moved OGDC}}` and gets `rose Rs 1.20 to Rs 137.75`; the names that may stand
between the braces are the keys of `FILLERS`, plus those of `Moment.words`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random

from .board import board_lines, decimal, grouped, ticker_line
from .market import Market, Quote
from .sessions import is_trading_day

PLACEHOLDER = re.compile(r"\{\{(\w+)(?: (\w+))?\}\}")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Moment:
    """The market at one minute of one day, and any words of its own a text may use."""

    market: Market
    day: date
    minute: int
    words: Mapping[str, str] = field(default_factory=dict)
    edits: Mapping[str, Callable[[str], str]] = field(default_factory=dict)

    @property
    def quotes(self) -> list[Quote]:
        return self.market.quotes(self.day, self.minute)

    def quote(self, symbol: str) -> Quote:
        return next(quote for quote in self.quotes if quote.symbol == symbol)

    def shares(self) -> list[Quote]:
        return [quote for quote in self.quotes if quote.kind == "share"]


def fill(text: str, moment: Moment) -> str:
    """The text with every placeholder replaced; an unknown one is a KeyError."""

    def replace(match: re.Match[str]) -> str:
        name, argument = match.group(1), match.group(2) or ""
        if name in moment.words:
            return fill(moment.words[name], moment)
        return FILLERS[name](moment, argument)

    return PLACEHOLDER.sub(replace, text)


def clock(minute: int) -> str:
    """`01:23pm`, as bylines print it."""
    hour, rest = divmod(minute, 60)
    return f"{(hour - 1) % 12 + 1:02d}:{rest:02d}{'am' if hour < 12 else 'pm'}"


def long_date(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def short_date(day: date) -> str:
    return f"{day.day:02d} {MONTHS[day.month - 1][:3]}, {day.year}"


def masthead_date(day: date) -> str:
    return f"{MONTHS[day.month - 1][:3]} {day.day:02d}, {day.year}"


def series(items: list[str]) -> str:
    """`A, B and C`."""
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else items[0]


def _board(moment: Moment, argument: str) -> str:
    lines = board_lines(moment.market, moment.quotes, twice=argument == "twice")
    return "\n".join(moment.edits.get(line.split(" ", 1)[0], str)(line) for line in lines)


def _line(moment: Moment, symbol: str) -> str:
    return ticker_line(moment.quote(symbol), moment.market.arrow_indices)


def _moved(moment: Moment, symbol: str) -> str:
    quote = moment.quote(symbol)
    if not quote.change:
        return f"was unchanged at Rs {grouped(quote.price)}"
    verb = "rose" if quote.change > 0 else "fell"
    return f"{verb} Rs {decimal(abs(quote.change))} to Rs {grouped(quote.price)}"


def _leaders(moment: Moment, count: str, sign: int) -> str:
    moves = sorted(moment.shares(), key=lambda quote: (-sign * quote.percent, quote.symbol))
    word = "up" if sign > 0 else "down"
    chosen = [quote for quote in moves if quote.change * sign > 0][: int(count)]
    return series(
        [f"{quote.symbol} ({word} {decimal(abs(quote.percent))} per cent)" for quote in chosen]
    )


def _count(moment: Moment, sign: int) -> str:
    count = sum((q.change > 0) - (q.change < 0) == sign for q in moment.shares())
    return str(count or "none")


def _extreme(moment: Moment, symbol: str, which: int) -> str:
    if not is_trading_day(moment.day):
        raise ValueError(f"{moment.day} has no session of its own")
    return grouped(moment.market.extremes(symbol, moment.day)[which])


def _volume(moment: Moment, argument: str) -> str:
    days = moment.market.days
    position = days.index(moment.day) - (argument == "before")
    random = Random(f"volume {moment.market.name} {days[position]}")
    return f"{180 + int(random.random() * 3600) / 10:.1f} million"


FILLERS: Mapping[str, Callable[[Moment, str], str]] = {
    "board": _board,
    "line": _line,
    "moved": _moved,
    "price": lambda moment, symbol: grouped(moment.quote(symbol).price),
    "points": lambda moment, symbol: grouped(abs(moment.quote(symbol).change)),
    "percent": lambda moment, symbol: decimal(abs(moment.quote(symbol).percent)),
    "updown": lambda moment, symbol: "up" if moment.quote(symbol).change > 0 else "down",
    "low": lambda moment, symbol: _extreme(moment, symbol, 0),
    "high": lambda moment, symbol: _extreme(moment, symbol, 1),
    "gainers": lambda moment, count: _leaders(moment, count, 1),
    "losers": lambda moment, count: _leaders(moment, count, -1),
    "advancers": lambda moment, _: _count(moment, 1),
    "decliners": lambda moment, _: _count(moment, -1),
    "unchanged": lambda moment, _: _count(moment, 0),
    "volume": _volume,
    "weekday": lambda moment, _: WEEKDAYS[moment.day.weekday()],
    "clock": lambda moment, _: clock(moment.minute).lstrip("0"),
}
