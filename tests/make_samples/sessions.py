"""Sessions of the simulated exchange: weekdays, holidays and hours, in Asia/Karachi time.

Holidays and Ramadan hours are those of the Pakistan Stock Exchange for the days of the samples;
the market itself is invented.
"""

from __future__ import annotations

from datetime import date, timedelta

Span = tuple[int, int]
"""Minutes after midnight, start and end."""

HOLIDAYS = frozenset(
    {
        date(2024, 4, 5),  # last Friday of Ramadan
        date(2024, 4, 10),  # Eid al-Fitr
        date(2024, 4, 11),
        date(2024, 4, 12),
        date(2024, 5, 1),  # Labour Day
    }
)
RAMADAN = (date(2024, 3, 12), date(2024, 4, 9))

PRE_OPEN = 9 * 60
FRIDAY = 4


def is_trading_day(day: date) -> bool:
    return day.weekday() <= FRIDAY and day not in HOLIDAYS


def trading_days(first: date, last: date) -> list[date]:
    """The trading days from `first` to `last`, both included."""
    span = (last - first).days + 1
    days = (first + timedelta(days=offset) for offset in range(span))
    return [day for day in days if is_trading_day(day)]


def hours(day: date) -> tuple[Span, ...]:
    """The spans in which shares trade on a trading day; Friday has a break for prayers."""
    friday = day.weekday() == FRIDAY
    if RAMADAN[0] <= day <= RAMADAN[1]:
        return ((9 * 60 + 17, 12 * 60 + 30 if friday else 13 * 60 + 30),)
    if friday:
        return ((9 * 60 + 17, 12 * 60), (14 * 60 + 32, 16 * 60 + 30))
    return ((9 * 60 + 32, 15 * 60 + 30),)


def elapsed(day: date, minute: int) -> tuple[int, int]:
    """Return the trading minutes elapsed at `minute`, and all trading minutes of the day."""
    spans = hours(day)
    gone = sum(max(0, min(minute, end) - start) for start, end in spans)
    return gone, sum(end - start for start, end in spans)
