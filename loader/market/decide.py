"""From evidence to days: a date with its basis, or none with the reason and the candidates.

Three steps, each a rule on the set of all groups, none on their order:

1. Each group is judged by its own evidence and that of the groups up to two links away.
2. A run of groups that this leaves open takes its days from the dated groups at its ends,
   when all of these agree.
3. Groups of different bases that claim one day are in conflict; only clearly better evidence
   keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from loader.market.chains import Chains, around, believed, chains_of, stretches
from loader.market.closes import Closes
from loader.market.links import near_bases
from loader.market.model import KINDS, Decision, Group, Link, Witness
from loader.market.weigh import STALE, PriceSeen, candidate_days, weigh

ENOUGH = 15
"""Decibans for a day, and ahead of every other day: about thirty to one."""

WINDOW = 2
"""Links to either side whose evidence counts for a group: near enough that an error of the
calendar or of one link stays where it is."""

_CANDIDATES_KEPT = 5


@dataclass(slots=True)
class Case:
    """Everything that decides: groups, the links believed between them, closing values."""

    groups: Mapping[int, Group]
    chains: Chains
    closes: Closes
    price_seen: PriceSeen
    sessions: int
    _own: dict[tuple[int, int], list[Witness]]

    @classmethod
    def of(
        cls,
        groups: Iterable[Group],
        links: Iterable[Link],
        closes: Closes,
        price_seen: PriceSeen,
        sessions: int,
    ) -> Case:
        by_key = {group.key: group for group in groups}
        return cls(by_key, chains_of(believed(links)), closes, price_seen, sessions, {})

    def evidence(self, key: int, day: int) -> list[Witness]:
        """The group's own witnesses on a day, weighed once."""
        found = self._own.get((key, day))
        if found is None:
            found = weigh(self.groups[key], day, self.closes, self.price_seen)
            self._own[key, day] = found
        return found

    def weight(self, key: int, day: int) -> int:
        return sum(witness.weight for witness in self.evidence(key, day))


def decide(case: Case) -> dict[int, Decision]:
    """The decision on every group."""
    candidates = {
        key: {day for day in candidate_days(group, case.closes) if day < case.sessions}
        for key, group in case.groups.items()
    }
    decisions = {key: _judge(key, case, candidates) for key in case.groups}
    decisions.update(_carry_along(case, decisions))
    decisions.update(_settle_conflicts(case, decisions))
    return decisions


def _judge(key: int, case: Case, candidates: Mapping[int, set[int]]) -> Decision:
    """Step 1: the day that the group's and its neighbours' own evidence favours."""
    window = list(around(key, case.chains, WINDOW))
    days = {
        day - offset
        for group, offset in window
        for day in candidates[group]
        if 0 <= day - offset < case.sessions
    }
    if not days:
        return Decision(None, reason="no evidence")
    totals = sorted(
        ((-sum(case.weight(group, day + offset) for group, offset in window), day) for day in days),
    )
    ranked = tuple((day, -total) for total, day in totals[:_CANDIDATES_KEPT])
    day, best = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0
    if best < ENOUGH:
        return Decision(None, reason="evidence too weak", candidates=ranked)
    if best - second < ENOUGH and second > 0:
        return Decision(None, reason="fits more than one day", candidates=ranked)
    basis = basis_of(case.evidence(key, day)) or ("neighbour",)
    return Decision(day, basis, candidates=ranked)


def basis_of(witnesses: Iterable[Witness]) -> tuple[str, ...]:
    """The kinds of evidence for a day, strongest first."""
    kinds = {witness.kind for witness in witnesses if witness.weight > 0}
    return tuple(kind for kind in KINDS if kind in kinds)


def _carry_along(case: Case, decisions: Mapping[int, Decision]) -> dict[int, Decision]:
    """Step 2: days for runs of undated groups from the dated groups they are linked to."""
    changed: dict[int, Decision] = {}
    runs = stretches(case.groups, case.chains, lambda key: decisions[key].day is None)
    for offsets, borders in runs:
        starts = set()
        for key, offset in borders:
            day = decisions[key].day
            if day is not None:
                starts.add(day - offset)
        for key, offset in offsets.items():
            if len(starts) == 1:
                day = min(starts) + offset
                if not 0 <= day < case.sessions:
                    continue
                if case.weight(key, day) >= STALE:
                    changed[key] = replace(
                        decisions[key], day=day, basis=("neighbour",), reason=None
                    )
                else:
                    changed[key] = replace(
                        decisions[key], reason="contradicts its neighbours", conflict=True
                    )
            elif len(starts) > 1:
                changed[key] = replace(
                    decisions[key], reason="its neighbours disagree", conflict=True
                )
    return changed


def _settle_conflicts(case: Case, decisions: Mapping[int, Decision]) -> dict[int, Decision]:
    """Step 3: of groups with different bases on one day, only one far ahead keeps it."""
    by_day: dict[int, list[int]] = {}
    for key, decision in decisions.items():
        if decision.day is not None:
            by_day.setdefault(decision.day, []).append(key)
    changed: dict[int, Decision] = {}
    for day, keys in by_day.items():
        if len(keys) == 1:
            continue
        weights = {key: _total(key, day, case) for key in keys}
        for key in keys:
            rivals = [
                weights[other]
                for other in keys
                if other != key and not near_bases(case.groups[key], case.groups[other])
            ]
            if rivals and weights[key] - max(rivals) < ENOUGH:
                changed[key] = replace(
                    decisions[key],
                    day=None,
                    basis=(),
                    reason="another group claims the day",
                    conflict=True,
                )
    return changed


def _total(key: int, day: int, case: Case) -> int:
    window = around(key, case.chains, WINDOW)
    return sum(case.weight(group, day + offset) for group, offset in window)
