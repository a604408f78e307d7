"""Days that rest on the time of one page: marked, and taken back where boards contradict them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from loader.market.case import Case
from loader.market.links import differ
from loader.market.model import Decision, Group, Undated

BY_TIMES: Final = frozenset({"capture", "masthead", "published"})


def lone_runs(case: Case, decisions: Mapping[int, Decision]) -> dict[int, frozenset[int]]:
    """Return the runs whose days rest on the time of one page, which nothing confirms, by group.

    A run are groups that links join, on days that fit these. That page may have stood still, or
    the ticker on it: nothing on it would tell.
    """
    days = {key: decision.day for key, decision in decisions.items() if decision.day is not None}
    spoken = {
        key: kinds
        for key, day in days.items()
        if (kinds := {witness.kind for witness in case.evidence(key, day) if witness.weight > 0})
    }
    shared = Counter(days[key] for key in spoken)
    alone: dict[int, frozenset[int]] = {}
    for run in _runs(case, days):
        speaking = [key for key in run if key in spoken]
        if len(speaking) == 1 and BY_TIMES.issuperset(spoken[speaking[0]]):
            (key,) = speaking
            if shared[days[key]] == 1 and _captures_on(case.groups[key], days[key]) == 1:
                alone.update(dict.fromkeys(run, run))
    return alone


def _runs(case: Case, days: Mapping[int, int]) -> Iterator[frozenset[int]]:
    """Yield groups that links join, where their days are as far apart as the links say."""
    seen: set[int] = set()
    for start in days:
        if start in seen:
            continue
        run = {start}
        open_ends = [start]
        while open_ends:
            key = open_ends.pop()
            for other, step in case.chains.get(key, ()):
                if other not in run and days.get(other) == days[key] + step:
                    run.add(other)
                    open_ends.append(other)
        seen |= run
        yield frozenset(run)


def _captures_on(group: Group, day: int) -> int:
    return sum([claim.count for claim in group.claims if claim.first <= day <= claim.last])


def against_ends(
    case: Case, decisions: Mapping[int, Decision], alone: Mapping[int, frozenset[int]]
) -> dict[int, Decision]:
    """Step 4: take the day from lone runs that contradict the session before or after.

    A session after which boards were captured is known by its end, and the next one must count
    from that. Where it does not, one of the two stood still; those that others confirm stay.
    """
    groups_on = by_day(decisions)
    changed: dict[int, Decision] = {}
    for day, keys in groups_on.items():
        following = groups_on.get(day + 1, [])
        doubtful = [key for key in (*keys, *following) if key in alone]
        if not (doubtful and following) or not case.closes.is_told(day, day + 1):
            continue
        ends = [prices for key in keys for prices in case.ends(key, day)]
        if ends and all(differ(prices, case.groups[key]) for prices in ends for key in following):
            for key in {key for doubt in doubtful for key in alone[doubt]}:
                changed[key] = replace(
                    decisions[key], day=None, basis=(), reason=Undated.AGAINST_NEIGHBOURS
                )
    return changed


def mark_alone(decisions: Mapping[int, Decision], alone: Iterable[int]) -> dict[int, Decision]:
    """Return the decisions on lone groups that nothing contradicts, with that word in the basis."""
    return {
        key: replace(decisions[key], basis=(*decisions[key].basis, "alone"))
        for key in alone
        if decisions[key].day is not None
    }


def by_day(decisions: Mapping[int, Decision]) -> dict[int, list[int]]:
    """Return the groups on each day."""
    days: dict[int, list[int]] = {}
    for key, decision in decisions.items():
        if decision.day is not None:
            days.setdefault(decision.day, []).append(key)
    return days
