"""What each piece of evidence says of one group and one day, in decibans.

The weights are ten times the decimal logarithm of how much likelier the evidence is when
the day is right than when it is wrong, rounded; docs/dating.md gives the reasons. Integers,
so that a sum does not depend on its order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from loader.market.closes import Close, Closes, Origin
from loader.market.links import near
from loader.market.model import INDICES, Group, Witness

# A base or a price in whole points against a close in hundredths (DESIGN.md, 0.6 points).
CLOSE_TOLERANCE: Final = 60

# Right nine times in ten; by chance once in a thousand days.
BASE_EXACT: Final[dict[Origin, int]] = {"close": 30, "stated": 25}
# A provisional base; by chance one day in twenty or fewer.
BASE_NEAR: Final[dict[Origin, int]] = {"close": 10, "stated": 8}
# The table is right and the base is not near it: hardly ever. Reports mistake more.
BASE_OFF: Final[dict[Origin, int]] = {"close": -40, "stated": -20}
# The last boards of a day show its close; boards in between pass such values by chance.
PRICE_EXACT: Final[dict[Origin, int]] = {"close": 20, "stated": 15}

FRESH: Final = 15  # most captures show the session of their time
FRESH_OR_BEFORE: Final = 12  # the time leaves two sessions open
STALE: Final = -15  # every capture of the group frozen or cached
FUTURE: Final = -30  # captured before the day: only when a crawler's clock is wrong
_MORE: Final = 2  # for each further capture that says the same ...
_MOST: Final = 6  # ... but captures of one group are not independent

# (group, symbol, low, high): whether a board of the group shows a price between the two.
PriceSeen = Callable[[int, str, int, int], bool]


def weigh(group: Group, day: int, closes: Closes, price_seen: PriceSeen) -> list[Witness]:
    """All direct evidence for and against `group` showing `day`."""
    return [*_weigh_closes(group, day, closes, price_seen), *_weigh_times(group, day)]


def candidate_days(group: Group, closes: Closes) -> set[int]:
    """The days that some direct evidence claims for a group."""
    days = set()
    for symbol, low, high in zip(INDICES, group.lows, group.highs, strict=True):
        if low is not None and high is not None:
            slack = max(near(high), CLOSE_TOLERANCE)
            days |= {
                session + 1
                for session in closes.sessions_between(symbol, low - slack, high + slack)
            }
    if group.claims:
        latest = latest_day(group)
        days |= {day for claim in group.claims for day in (claim.first, claim.last)}
        days = {day for day in days if day <= latest or not _claimed(group, day)}
    return {day for day in days if day >= 0}


def latest_day(group: Group) -> int:
    """The last session that any board of the group can show, by its earliest capture."""
    return min(claim.last for claim in group.claims)


def _claimed(group: Group, day: int) -> bool:
    return any(claim.first <= day <= claim.last for claim in group.claims)


def _weigh_closes(
    group: Group, day: int, closes: Closes, price_seen: PriceSeen
) -> Iterator[Witness]:
    for symbol, low, high in zip(INDICES, group.lows, group.highs, strict=True):
        if low is None or high is None:
            continue
        if before := closes.at(symbol, day - 1):
            yield _best([_weigh_base(low, high, close, day) for close in before])
        for close in closes.at(symbol, day):
            seen = price_seen(
                group.key, symbol, close.value - CLOSE_TOLERANCE, close.value + CLOSE_TOLERANCE
            )
            if seen:
                detail = f"a board shows the {symbol} close of the day"
                weight = PRICE_EXACT[close.origin]
                yield Witness(close.origin, day, day, weight, detail, close.source)
                break


def _weigh_base(low: int, high: int, close: Close, day: int) -> Witness:
    away = max(low - close.value, close.value - high, 0)
    name = f"{close.symbol} base"
    if away <= CLOSE_TOLERANCE:
        weight, detail = BASE_EXACT[close.origin], f"{name} is the close of the day before"
    elif away <= near(close.value):
        weight = BASE_NEAR[close.origin]
        detail = f"{name} is near the close of the day before, as a provisional base is"
    else:
        weight, detail = BASE_OFF[close.origin], f"{name} is not the close of the day before"
        if close.first != close.last:
            weight = 0  # the article may mean the other day
    return Witness(close.origin, day, day, weight, detail, close.source)


def _best(witnesses: list[Witness]) -> Witness:
    return max(witnesses, key=lambda witness: (witness.weight, witness.detail, witness.source))


def _weigh_times(group: Group, day: int) -> Iterator[Witness]:
    if not group.claims:
        return
    kind = "capture" if any(claim.kind == "capture" for claim in group.claims) else "masthead"
    support = _support(group, day)
    latest = latest_day(group)
    if day > latest:
        yield Witness(kind, day, day, FUTURE, "a board was captured before that day opened")
    elif not support:
        detail = "every capture is of a later day: the boards would be frozen or cached"
        yield Witness(kind, day, day, STALE, detail)
    else:
        rivals = [
            _support(group, other)
            for other in {d for claim in group.claims for d in (claim.first, claim.last)}
            if other <= latest and other != day
        ]
        best_rival = max(rivals, default=0)
        captures = sum(claim.count for claim in group.claims if claim.first <= day <= claim.last)
        more = min(_MOST, _MORE * (captures - 1))
        if support > best_rival:
            detail = "captured while the site showed that day"
            yield Witness(kind, day, day, FRESH + more, detail)
        elif support == best_rival:
            detail = "captured on a day that leaves two sessions open"
            yield Witness(kind, day, day, FRESH_OR_BEFORE, detail)
        else:
            detail = "fewer captures agree with that day than with another"
            yield Witness(kind, day, day, FRESH_OR_BEFORE + STALE, detail)


def _support(group: Group, day: int) -> int:
    return sum(claim.first <= day <= claim.last for claim in group.claims)
