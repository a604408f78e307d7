"""Choose round numbers and dates as ticks of an axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

_WEEK = 7


class Tick(NamedTuple):
    """A position on an axis and its label."""

    at: float
    label: str


def value_ticks(low: float, high: float, count: int) -> list[Tick]:
    """Return about `count` round numbers, the first at or below `low`, the last at or above `high`.

    >>> [tick.label for tick in value_ticks(101.2, 128.9, 4)]
    ['100', '110', '120', '130']
    """
    if high <= low:
        margin = abs(low) / 100 or 1.0
        low, high = low - margin, high + margin
    step = _round_step((high - low) / max(count - 1, 1))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [Tick(n * step, f"{n * step:,.{decimals}f}") for n in range(first, last + 1)]


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10 ... that is at least `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(
        factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= least * (1 - 1e-9)
    )


def day_ticks(first: int, last: int, most: int) -> list[Tick]:
    """Return at most `most` round dates between two days: years, else months, else days.

    >>> a, b = date(2024, 1, 20).toordinal(), date(2024, 9, 5).toordinal()
    >>> [tick.label for tick in day_ticks(a, b, 3)]
    ['2024-04', '2024-07']
    """
    if first == last:
        return [Tick(first, date.fromordinal(first).isoformat())]
    for label, starts in _STEPS:
        # Longer labels leave room for fewer ticks.
        room = most if len(label) < len("%Y-%m-%d") else max(2, most * 5 // 8)
        days = list(starts(first, last))
        if 2 <= len(days) <= room:
            return [Tick(day, date.fromordinal(day).strftime(label)) for day in days]
    return [Tick(day, date.fromordinal(day).isoformat()) for day in (first, last)]


def _months(step: int) -> Callable[[int, int], Iterator[int]]:
    def starts(first: int, last: int) -> Iterator[int]:
        start, end = date.fromordinal(first), date.fromordinal(last)
        for month in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
            day = date(month // 12, month % 12 + 1, 1).toordinal()
            if month % step == 0 and first <= day <= last:
                yield day

    return starts


def _days(step: int) -> Callable[[int, int], Iterator[int]]:
    def starts(first: int, last: int) -> Iterator[int]:
        # Ordinal 1 is a Monday: weeks begin on Mondays.
        yield from range(first + (1 - first) % step, last + 1, step)

    return starts


_STEPS: tuple[tuple[str, Callable[[int, int], Iterator[int]]], ...] = (
    ("%Y-%m-%d", _days(1)),
    ("%Y-%m-%d", _days(_WEEK)),
    ("%Y-%m-%d", _days(2 * _WEEK)),
    ("%Y-%m", _months(1)),
    ("%Y-%m", _months(2)),
    ("%Y-%m", _months(3)),
    ("%Y-%m", _months(6)),
    ("%Y", _months(12)),
    ("%Y", _months(24)),
    ("%Y", _months(60)),
    ("%Y", _months(120)),
)
