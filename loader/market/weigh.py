"""Weigh each piece of evidence on one group and one day, in decibans.

A weight is ten times the decimal logarithm of the likelihood ratio of the evidence for a right and
a wrong day, rounded; docs/dating.md gives the reasons. Weights are integers, so a sum does not
depend on its order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from loader.market.closes import Close, Closes, Origin
from loader.market.links import near
from loader.market.model import INDICES, Bound, Group, TimeClaim, Witness, WitnessKind

# Between a base or price in whole points and a close in hundredths: 0.6 points
# (docs/page-format.md).
CLOSE_TOLERANCE: Final = 60

# Matches the right day nine times in ten, and one in a thousand days by chance.
BASE_EXACT: Final[dict[Origin, int]] = {"close": 30, "stated": 25}
# A provisional base matches one day in twenty or fewer by chance.
BASE_NEAR: Final[dict[Origin, int]] = {"close": 10, "stated": 8}
# A base is far from one row in a thousand of a correct table. Reports have more errors.
BASE_OFF: Final[dict[Origin, int]] = {"close": -30, "stated": -20}
# The last boards of a day show its close; other boards may have such values by chance.
PRICE_EXACT: Final[dict[Origin, int]] = {"close": 20, "stated": 15}

FRESH: Final = 15  # most captures show the session of their time
FRESH_OR_BEFORE: Final = 12  # the time leaves two sessions open
STALE: Final = -15  # every capture of the group would be frozen or cached
FUTURE: Final = -30  # captured before the day: only if a crawler's clock is wrong
# A text on the page is newer than that session. So the page was frozen: for up to three sessions,
# as was observed, or for longer, which never was.
BEFORE_TEXT: Final = -15
LONG_BEFORE_TEXT: Final = -30
_LONGEST_SEEN: Final = 3  # sessions
_MORE: Final = 2  # for each further capture with the same claim
_MOST: Final = 6  # limit of these, since captures of one group are not independent

# (group, symbol, low, high): whether a board of the group has a price between low and high.
PriceSeen = Callable[[int, str, int, int], bool]


def weigh(
    group: Group, times: Times, day: int, closes: Closes, price_seen: PriceSeen
) -> list[Witness]:
    """Return all direct evidence for and against `day` as the day of a group."""
    found = list(_weigh_closes(group, day, closes, price_seen)) if closes else []
    return [*found, *times.on(day)]


def candidate_days(group: Group, closes: Closes, price_seen: PriceSeen) -> set[int]:
    """Return the days that direct evidence claims for a group.

    A base that is only near a close is not a claim, since such days are frequent by chance, unless
    a board also shows the close of the day.
    """
    days: set[int] = set()
    for symbol, low, high in zip(INDICES, group.lows, group.highs, strict=True):
        if low is None or high is None:
            continue
        exact = closes.sessions_between(symbol, low - CLOSE_TOLERANCE, high + CLOSE_TOLERANCE)
        days.update(day for session in exact for day in closes.after(session))
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
    """Return the last possible session of any board of the group, by its earliest capture."""
    return min(claim.last for claim in group.claims)


def _weigh_closes(
    group: Group, day: int, closes: Closes, price_seen: PriceSeen
) -> Iterator[Witness]:
    contradicted = set()
    for session in closes.before(day):
        for symbol, before in closes.on(session).items():
            low, high = _bases_of(group, symbol)
            if low is not None and high is not None:
                weighed = [_weigh_base(low, high, close, session, day) for close in before]
                witness = max(weighed, key=lambda witness: (witness.weight, witness.source))
                yield witness
                if witness.weight < 0:
                    contradicted.add(symbol)
    for symbol, today in closes.on(day).items():
        # Boards have many values in a session, so a price is no evidence against the base.
        if symbol in contradicted or _bases_of(group, symbol)[0] is None:
            continue
        close = next((close for close in today if _is_shown(group, close, price_seen)), None)
        if close:
            detail = f"a board shows the {symbol} close of the day"
            yield Witness(
                close.origin, day, day, PRICE_EXACT[close.origin], detail, close.source,
                (symbol, day),
            )  # fmt: skip


def _bases_of(group: Group, symbol: str) -> tuple[int | None, int | None]:
    if symbol not in INDICES:
        return None, None
    place = INDICES.index(symbol)
    return group.lows[place], group.highs[place]


def _is_shown(group: Group, close: Close, price_seen: PriceSeen) -> bool:
    low, high = close.value - CLOSE_TOLERANCE, close.value + CLOSE_TOLERANCE
    return price_seen(group.key, close.symbol, low, high)


def _weigh_base(low: int, high: int, close: Close, session: int, day: int) -> Witness:
    away = max(low - close.value, close.value - high, 0)
    name = f"{close.symbol} base"
    missing = day - 1 - session
    before = (
        f"the close before {missing} sessions that the table lacks"
        if missing
        else "the close of the day before"
    )
    if away <= CLOSE_TOLERANCE:
        weight, detail = BASE_EXACT[close.origin], f"{name} is {before}"
    elif away <= near(close.value):
        weight = BASE_NEAR[close.origin]
        detail = f"{name} is near {before}, as a provisional base is"
    else:
        weight, detail = BASE_OFF[close.origin], f"{name} is not {before}"
        if not close.is_sure:
            weight = 0  # the article may mean the other day
    fact = (close.symbol, session)
    return Witness(close.origin, day, day, weight, detail, close.source, fact)


class Times:
    """Evidence of capture times and publication on each day, weighed once and used often.

    Publication is one-sided evidence. It counts against days before the text, and if times leave
    two days open it may exclude one of them. It never supports a day by itself.
    """

    __slots__ = ("_bounds", "_by_day", "_kind", "latest")

    def __init__(self, claims: Sequence[TimeClaim], bounds: Sequence[Bound] = ()) -> None:
        has_captures = any(claim.kind == "capture" for claim in claims)
        self._kind: WitnessKind = "capture" if has_captures else "masthead"
        self.latest = min((claim.last for claim in claims), default=-1)
        # A text newer than the last day that times allow has a wrong date or is on a frozen page.
        # Either way it does not distinguish between days.
        self._bounds = sorted(
            (bound for bound in bounds if not claims or bound.first <= self.latest),
            key=lambda bound: -bound.first,
        )
        support = {
            day: sum(claim.first <= day <= claim.last for claim in claims)
            for day in {day for claim in claims for day in (claim.first, claim.last)}
            if day <= self.latest
        }
        most = max(support.values(), default=0)
        leaders = [day for day, count in support.items() if count == most]
        left = [day for day in leaders if not self._are_after(day)]
        self._by_day = {day: self._weigh(day, leaders, left, claims) for day in support}

    def _are_after(self, day: int) -> bool:
        return bool(self._bounds) and self._bounds[0].first > day

    def _weigh(
        self, day: int, leaders: Sequence[int], left: Sequence[int], claims: Sequence[TimeClaim]
    ) -> list[Witness]:
        if day not in leaders:
            detail = "fewer captures agree with that day than with another"
            return [Witness(self._kind, day, day, FRESH_OR_BEFORE + STALE, detail)]
        if len(leaders) > 1:
            detail = "captured on a day that leaves two sessions open"
            found = [Witness(self._kind, day, day, FRESH_OR_BEFORE, detail)]
            if left == [day]:
                detail = f"{self._bounds[0].detail}, so that of those two only this one is left"
                found.append(Witness("published", day, day, FRESH - FRESH_OR_BEFORE, detail))
            return found
        captures = sum(claim.count for claim in claims if claim.first <= day <= claim.last)
        more = min(_MOST, _MORE * (captures - 1))
        return [
            Witness(self._kind, day, day, FRESH + more, "captured while the site showed that day")
        ]

    def on(self, day: int) -> Iterator[Witness]:
        """Yield the witnesses for and against a day; none if no time is known."""
        if self.latest >= 0:
            if day > self.latest:
                yield Witness(self._kind, day, day, *_TOO_LATE)
            elif day in self._by_day:
                yield from self._by_day[day]
            else:
                yield Witness(self._kind, day, day, *_PAST)
        later = [bound for bound in self._bounds if bound.first > day]
        if later:
            is_long = later[0].first - day > _LONGEST_SEEN
            more = min(_MOST, _MORE * (sum(bound.count for bound in later) - 1))
            weight = (LONG_BEFORE_TEXT if is_long else BEFORE_TEXT) - more
            detail = (
                f"{later[0].detail}, when a later session had opened: it would have stood still"
            )
            yield Witness("published", day, day, weight, detail)


_PAST = (STALE, "every capture is of a later day: the boards would be frozen or cached")
_TOO_LATE = (FUTURE, "a board was captured before that day opened")
