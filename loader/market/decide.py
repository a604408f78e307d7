"""Decide on days: a date with its basis, or none with the reason and the candidates.

There are four steps. Each is a rule for the set of all groups, and does not depend on their order:

1. Each group is judged by its own evidence and that of the groups up to two links away.
2. A run of groups that remain undated takes its days from the dated groups at its ends, if all of
   these agree.
3. Groups of different bases that claim one day are in conflict; only a group with clearly better
   evidence keeps it.
4. A day that depends on the time of a single page is marked, and is withdrawn if the group
   contradicts the end of the previous session (`loader.market.alone`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from typing import Final

from loader.market.alone import BY_TIMES, against_ends, by_day, lone_runs, mark_alone
from loader.market.case import Case
from loader.market.chains import stretches
from loader.market.links import near_bases
from loader.market.model import KINDS, Decision, Undated, Witness, WitnessKind
from loader.market.weigh import STALE, candidate_days

ENOUGH = 15
"""Minimum decibans for a day, and its lead over every other day: about thirty to one."""

ENOUGH_OF_ARTICLES = 30
"""Minimum decibans for a day supported only by articles. These cover few days, so the right one may
be among the others, whereas times and a table of closes cover all days."""

_MAX_CANDIDATES = 5
_WEAK: Final = (Undated.TOO_WEAK, Undated.SEVERAL_DAYS)
_BY_CALENDAR: Final = frozenset({*BY_TIMES, "neighbour", "alone"})


def decide(case: Case) -> dict[int, Decision]:
    """Return the decision on every group."""
    candidates = {
        key: candidate_days(group, case.closes, case.price_seen) | case.moves.days_of(key)
        for key, group in case.groups.items()
    }
    decisions = {key: _judge(key, case, candidates) for key in case.groups}
    doubtful = [key for key in case.groups if decisions[key].reason in _WEAK]
    reweighed = case.use_share_closes([*doubtful, *lone_runs(case, decisions)])
    decisions.update({key: _judge(key, case, candidates) for key in reweighed})
    decisions.update(_date_runs(case, decisions))
    decisions.update(_settle_conflicts(case, decisions))
    alone = lone_runs(case, decisions)
    decisions.update(against_ends(case, decisions, alone))
    decisions.update(mark_alone(decisions, alone))
    decisions.update(_doubt_unconfirmed(case, decisions))
    return decisions


def _judge(key: int, case: Case, candidates: Mapping[int, set[int]]) -> Decision:
    """Step 1: return the day favoured by the evidence of the group and its neighbours."""
    window = case.around(key)
    days = {
        day - offset
        for group, offset in window
        for day in candidates[group]
        if 0 <= day - offset < case.sessions
    }
    if not days:
        return Decision(None, reason=Undated.NO_EVIDENCE)
    weights = {day: case.total_of(window, day) for day in days}
    ranked = tuple(sorted(weights.items(), key=lambda item: (-item[1], item[0])))
    day, best = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0
    ranked = ranked[:_MAX_CANDIDATES]
    if best < ENOUGH or (best < ENOUGH_OF_ARTICLES and case.is_of_articles(window, day)):
        return Decision(None, reason=Undated.TOO_WEAK, candidates=ranked)
    if best - second < ENOUGH and second > 0:
        return Decision(None, reason=Undated.SEVERAL_DAYS, candidates=ranked)
    basis = basis_of(case.evidence(key, day))
    if case.groups[key].bounds and any(
        best - (weight - case.published(key, rival)) < ENOUGH
        for rival, weight in weights.items()
        if case.published(key, rival) < 0
    ):
        basis = in_order({*basis, "published"})
    return Decision(day, basis, candidates=ranked)


def _doubt_unconfirmed(case: Case, decisions: Mapping[int, Decision]) -> dict[int, Decision]:
    """Return the decisions for unconfirmed days by times only, with `unconfirmed` in the basis."""
    return {
        key: replace(decision, basis=(*decision.basis, "unconfirmed"))
        for key, decision in decisions.items()
        if decision.day in case.unconfirmed and _BY_CALENDAR.issuperset(decision.basis)
    }


def basis_of(witnesses: Iterable[Witness]) -> tuple[WitnessKind, ...]:
    """Return the kinds of evidence for a day, strongest first; `neighbour` if it has none."""
    return in_order({witness.kind for witness in witnesses if witness.weight > 0}) or ("neighbour",)


def in_order(kinds: Container[str]) -> tuple[WitnessKind, ...]:
    """Return kinds of evidence, the strongest first."""
    return tuple(kind for kind in KINDS if kind in kinds)


def _date_runs(case: Case, decisions: Mapping[int, Decision]) -> dict[int, Decision]:
    """Step 2: date runs of undated groups by the dated groups they are linked to."""
    changed: dict[int, Decision] = {}
    for offsets, borders in stretches(
        case.groups, case.chains, lambda key: decisions[key].day is None
    ):
        starts = {
            day - offset for key, offset in borders if (day := decisions[key].day) is not None
        }
        if len(starts) == 1:
            start = min(starts)
            places = [*offsets.values(), *(offset for _, offset in borders)]
            if not case.closes.has_no_gap(start + min(places), start + max(places)):
                continue
            for key, offset in offsets.items():
                if 0 <= start + offset < case.sessions:
                    changed[key] = _carried(key, start + offset, case, decisions[key])
        elif starts:
            for key in offsets:
                changed[key] = replace(decisions[key], reason=Undated.NEIGHBOURS_DISAGREE)
    return changed


def _carried(key: int, day: int, case: Case, decision: Decision) -> Decision:
    """Return the day of a group by its neighbours, unless its own evidence contradicts it."""
    if case.weight(key, day) < STALE:
        return replace(decision, reason=Undated.AGAINST_NEIGHBOURS)
    return replace(decision, day=day, basis=("neighbour",), reason=None)


def _settle_conflicts(case: Case, decisions: Mapping[int, Decision]) -> dict[int, Decision]:
    """Step 3: among groups with different bases on one day, only a clear winner keeps it."""
    changed: dict[int, Decision] = {}
    for day, keys in by_day(decisions).items():
        if len(keys) == 1:
            continue
        weights = {key: case.total(key, day) for key in keys}
        for key in keys:
            rivals = [
                weights[other]
                for other in keys
                if other != key and not near_bases(case.groups[key], case.groups[other])
            ]
            if rivals and weights[key] - max(rivals) < ENOUGH:
                changed[key] = replace(decisions[key], day=None, basis=(), reason=Undated.DAY_TAKEN)
    return changed
