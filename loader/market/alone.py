"""Mark days that depend on the time of one page, and withdraw those that boards contradict."""

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
    """Return, by group, the runs whose days depend on the unconfirmed time of one page.

    A run consists of groups joined by links, on days consistent with these. The page or its ticker
    may have been frozen, which is not visible on the page.
    """
    days = {key: decision.day for key, decision in decisions.items() if decision.day is not None}
    supported = {
        key: kinds
        for key, day in days.items()
        if (kinds := {witness.kind for witness in case.evidence(key, day) if witness.weight > 0})
    }
    shared = Counter(days[key] for key in supported)
    alone: dict[int, frozenset[int]] = {}
    for run in _runs(case, days):
        supporting = [key for key in run if key in supported]
        if len(supporting) == 1 and BY_TIMES.issuperset(supported[supporting[0]]):
            (key,) = supporting
            if shared[days[key]] == 1 and _capture_count(case.groups[key], days[key]) == 1:
                alone.update(dict.fromkeys(run, run))
    return alone


def _runs(case: Case, days: Mapping[int, int]) -> Iterator[frozenset[int]]:
    """Yield groups joined by links, on days consistent with these."""
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


def _capture_count(group: Group, day: int) -> int:
    return sum([claim.count for claim in group.claims if claim.first <= day <= claim.last])


def against_ends(
    case: Case, decisions: Mapping[int, Decision], alone: Mapping[int, frozenset[int]]
) -> dict[int, Decision]:
    """Step 4: withdraw the days of lone runs that contradict the previous or next session.

    Boards captured after a session show its final values, which are the bases of the next session.
    If they are not, one of the two was frozen; confirmed days are kept.
    """
    groups_on = by_day(decisions)
    changed: dict[int, Decision] = {}
    for day, keys in groups_on.items():
        following = groups_on.get(day + 1, [])
        doubtful = [key for key in (*keys, *following) if key in alone]
        if not (doubtful and following) or not case.closes.has_no_gap(day, day + 1):
            continue
        ends = [prices for key in keys for prices in case.ends(key, day)]
        if ends and all(differ(prices, case.groups[key]) for prices in ends for key in following):
            for key in {key for doubt in doubtful for key in alone[doubt]}:
                changed[key] = replace(
                    decisions[key], day=None, basis=(), reason=Undated.AGAINST_NEIGHBOURS
                )
    return changed


def mark_alone(decisions: Mapping[int, Decision], alone: Iterable[int]) -> dict[int, Decision]:
    """Return the decisions on lone groups that kept their days, with `alone` in the basis."""
    return {
        key: replace(decisions[key], basis=(*decisions[key].basis, "alone"))
        for key in alone
        if decisions[key].day is not None
    }


def by_day(decisions: Mapping[int, Decision]) -> dict[int, list[int]]:
    """Return the groups of each day."""
    days: dict[int, list[int]] = {}
    for key, decision in decisions.items():
        if decision.day is not None:
            days.setdefault(decision.day, []).append(key)
    return days
