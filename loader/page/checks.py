"""Arithmetic checks of a quote, in whole hundredths (docs/page-format.md).

Floats are never used: rounding turns on 0.005, which binary fractions cannot represent.
"""

from __future__ import annotations

from datetime import date

# PSX daily price limits (docs/page-format.md): (first day in force, hundredths of a per cent).
# Raised by half a point each fortnight from 27 May 2024, to 10 % on 22 July 2024.
_LIMITS: tuple[tuple[date, int], ...] = (
    (date(2024, 7, 22), 1000),
    (date(2024, 7, 8), 950),
    (date(2024, 6, 24), 900),
    (date(2024, 6, 10), 850),
    (date(2024, 5, 27), 800),
    (date(2020, 1, 20), 750),
    (date.min, 500),
)
_ONE_RUPEE = 100

# Hundredths of a point: a page prints an index in whole points and its move in tenths.
INDEX_PRICE_SLACK = 50
INDEX_CHANGE_SLACK = 5


def percent_error(
    price: int, change: int, percent: int, price_slack: int = 0, change_slack: int = 0
) -> int | None:
    """Return the error of a printed percentage against `round(change / (price - change) * 100, 2)`.

    All arguments and the result are in hundredths. None if the base is not positive. The slacks
    are half a unit of the last printed digit, where that is coarser than a hundredth (for an
    index): any true value within them is accepted.
    """
    base = price - change
    slack = price_slack + change_slack
    if base - slack <= 0:
        return None
    # Nearly every quote returns here: its percentage is within half a hundredth of the exact one.
    if not slack and -base <= 2 * (percent * base - change * 10_000) <= base:
        return 0
    size = abs(change)
    # The site's binary floats may have rounded an exact half either way.
    low = _round_half_down(max(size - change_slack, 0) * 10_000, base + slack)
    high = _round_half_up((size + change_slack) * 10_000, base - slack)
    if change < 0:
        low, high = -high, -low
    if percent < low:
        return percent - low
    return max(percent - high, 0)


def daily_limit(day: date) -> int:
    """Return the daily price limit of a share on a day, in hundredths of a per cent."""
    return next(limit for first_day, limit in _LIMITS if day >= first_day)


def within_daily_limit(price: int, change: int, day: date, tolerance: int = 0) -> bool:
    """Whether a share's move is within the day's limit or Re 1, whichever is larger.

    `price` and `change` are in hundredths of a rupee; `tolerance` is in hundredths of a per cent
    of the base, since a board's base is not the official close that the exchange uses.
    """
    base = price - change
    if base <= 0:
        return False
    allowed = max(daily_limit(day) * base, _ONE_RUPEE * 10_000) + tolerance * base
    return abs(change) * 10_000 <= allowed


def _round_half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _round_half_down(numerator: int, denominator: int) -> int:
    return -((denominator - 2 * numerator) // (2 * denominator))
