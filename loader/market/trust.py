"""Check a file of closes against the boards of the archive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from loader.market.closes import Close, Closes
from loader.market.links import near
from loader.market.model import Group
from loader.market.weigh import CLOSE_TOLERANCE, PriceSeen, latest_day

_FEWEST = 4
"""Minimum number of groups of boards for a verdict."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`agree` of the `asked` groups of boards match a file; `dated` if compared by dates.

    By dates, groups with capture times on a day of the file are compared, and agree if their base
    is the previous close. Otherwise groups with a base in the file's range are compared, and agree
    if any day of the file matches.
    """

    asked: int
    agree: int
    dated: bool

    @property
    def refuses(self) -> bool:
        """Whether most groups contradict the file."""
        return self.asked >= _FEWEST and 2 * self.agree < self.asked


def judge(
    symbol: str, index: int, closes: Iterable[Close], groups: Iterable[Group], seen: PriceSeen
) -> Verdict:
    """Compare the closes of one symbol with the groups; `index` is its place in INDICES."""
    table = Closes(closes)
    groups = [group for group in groups if group.lows[index] is not None]
    dated = [
        (group, latest_day(group))
        for group in groups
        if group.claims and symbol in table.on(latest_day(group) - 1)
    ]
    if len(dated) >= _FEWEST:
        agree = sum(_near_a_close(symbol, index, group, day, table) for group, day in dated)
        return Verdict(len(dated), agree, dated=True)
    values = [close.value for close in closes]
    inside = [
        group
        for group in groups
        if values and min(values) <= (group.lows[index] or 0) <= max(values)
    ]
    agree = sum(_fits_a_day(symbol, index, group, table, seen) for group in inside)
    return Verdict(len(inside), agree, dated=False)


def _near_a_close(symbol: str, index: int, group: Group, day: int, table: Closes) -> bool:
    """Whether the base is near the close before `day` or before the previous day.

    A capture may be from early in the morning, or of a frozen board.
    """
    low, high = group.lows[index] or 0, group.highs[index] or 0
    return any(
        low - near(close.value) - CLOSE_TOLERANCE
        <= close.value
        <= high + near(close.value) + CLOSE_TOLERANCE
        for session in (day - 1, day - 2)
        for close in table.on(session).get(symbol, ())
    )


def _fits_a_day(symbol: str, index: int, group: Group, table: Closes, seen: PriceSeen) -> bool:
    low, high = group.lows[index] or 0, group.highs[index] or 0
    if table.sessions_between(symbol, low - CLOSE_TOLERANCE, high + CLOSE_TOLERANCE):
        return True
    slack = near(high)
    return any(
        seen(group.key, symbol, close.value - CLOSE_TOLERANCE, close.value + CLOSE_TOLERANCE)
        for session in table.sessions_between(symbol, low - slack, high + slack)
        for close in table.on(session + 1).get(symbol, ())
    )
