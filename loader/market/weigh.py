"""What each piece of evidence says of one group and one day, in decibans.

The weights are ten times the decimal logarithm of how much likelier the evidence is when
the day is right than when it is wrong, rounded; docs/dating.md gives the reasons. Integers,
so that a sum does not depend on its order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from loader.market.closes import Close, Closes, Origin
from loader.market.links import near
from loader.market.model import INDICES, Group, TimeClaim, Witness, WitnessKind

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


def weigh(
    group: Group, times: Times, day: int, closes: Closes, price_seen: PriceSeen
) -> list[Witness]:
    """All direct evidence for and against `group` showing `day`."""
    found = list(_weigh_closes(group, day, closes, price_seen)) if closes else []
    time = times.on(day)
    return [*found, time] if time else found


def candidate_days(group: Group, closes: Closes, price_seen: PriceSeen) -> set[int]:
    """The days that some direct evidence claims for a group.

    A base that is only near a close is no claim (every few days fit by chance), unless a
    board shows the close of the day too.
    """
    days: set[int] = set()
    for symbol, low, high in zip(INDICES, group.lows, group.highs, strict=True):
        if low is None or high is None:
            continue
        exact = closes.sessions_between(symbol, low - CLOSE_TOLERANCE, high + CLOSE_TOLERANCE)
        days.update(session + 1 for session in exact)
        slack = max(near(high), CLOSE_TOLERANCE)
        for session in closes.sessions_between(symbol, low - slack, high + slack):
            after = closes.on(session + 1).get(symbol, ())
            if session + 1 not in days and any(
                _is_shown(group, close, price_seen) for close in after
            ):
                days.add(session + 1)
    if group.claims:
        latest = latest_day(group)
        claimed = {day for claim in group.claims for day in (claim.first, claim.last)}
        days |= {day for day in claimed if day <= latest}
    return days


def latest_day(group: Group) -> int:
    """The last session that any board of the group can show, by its earliest capture."""
    return min(claim.last for claim in group.claims)


def _weigh_closes(
    group: Group, day: int, closes: Closes, price_seen: PriceSeen
) -> Iterator[Witness]:
    contradicted = set()
    for symbol, before in closes.on(day - 1).items():
        low, high = _bases_of(group, symbol)
        if low is not None and high is not None:
            witness = _best([_weigh_base(low, high, close, day) for close in before])
            yield witness
            if witness.weight < 0:
                contradicted.add(symbol)
    for symbol, today in closes.on(day).items():
        # Boards pass many values in a session: a price is no evidence against the base.
        if symbol in contradicted or _bases_of(group, symbol)[0] is None:
            continue
        close = next((close for close in today if _is_shown(group, close, price_seen)), None)
        if close:
            detail = f"a board shows the {symbol} close of the day"
            yield Witness(close.origin, day, day, PRICE_EXACT[close.origin], detail, close.source)


def _bases_of(group: Group, symbol: str) -> tuple[int | None, int | None]:
    if symbol not in INDICES:
        return None, None
    place = INDICES.index(symbol)
    return group.lows[place], group.highs[place]


def _is_shown(group: Group, close: Close, price_seen: PriceSeen) -> bool:
    low, high = close.value - CLOSE_TOLERANCE, close.value + CLOSE_TOLERANCE
    return price_seen(group.key, close.symbol, low, high)


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
        if not close.is_sure:
            weight = 0  # the article may mean the other day
    return Witness(close.origin, day, day, weight, detail, close.source)


def _best(witnesses: list[Witness]) -> Witness:
    return max(witnesses, key=lambda witness: (witness.weight, witness.source))


class Times:
    """What the capture times of a group say of each day: weighed once, asked often."""

    __slots__ = ("_by_day", "_kind", "latest")

    def __init__(self, claims: Sequence[TimeClaim]) -> None:
        has_captures = any(claim.kind == "capture" for claim in claims)
        self._kind: WitnessKind = "capture" if has_captures else "masthead"
        self.latest = min((claim.last for claim in claims), default=-1)
        support = {
            day: sum(claim.first <= day <= claim.last for claim in claims)
            for day in {day for claim in claims for day in (claim.first, claim.last)}
            if day <= self.latest
        }
        most = max(support.values(), default=0)
        leaders = [day for day, count in support.items() if count == most]
        self._by_day = {
            day: self._weigh(day, count == most, len(leaders) == 1, claims)
            for day, count in support.items()
        }

    def _weigh(
        self, day: int, leads: bool, alone: bool, claims: Sequence[TimeClaim]
    ) -> tuple[int, str]:
        if not leads:
            return FRESH_OR_BEFORE + STALE, "fewer captures agree with that day than with another"
        if not alone:
            return FRESH_OR_BEFORE, "captured on a day that leaves two sessions open"
        captures = sum(claim.count for claim in claims if claim.first <= day <= claim.last)
        more = min(_MOST, _MORE * (captures - 1))
        return FRESH + more, "captured while the site showed that day"

    def on(self, day: int) -> Witness | None:
        """The witness for or against a day; None when no time is known."""
        if self.latest < 0:
            return None
        weight, detail = self._by_day.get(day, _PAST)
        if day > self.latest:
            weight, detail = _TOO_LATE
        return Witness(self._kind, day, day, weight, detail)


_PAST = (STALE, "every capture is of a later day: the boards would be frozen or cached")
_TOO_LATE = (FUTURE, "a board was captured before that day opened")
