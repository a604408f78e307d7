"""From evidence to days: a date with its basis, or none with the reason and the candidates.

Four steps, each a rule on the set of all groups, none on their order:

1. Each group is judged by its own evidence and that of the groups up to two links away.
2. A run of groups that this leaves open takes its days from the dated groups at its ends,
   when all of these agree.
3. Groups of different bases that claim one day are in conflict; only clearly better evidence
   keeps it.
4. A day that rests on the time of one page alone says so, and is taken back where the group
   contradicts how the session before ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from loader.market.chains import around, believed, chains_of, stretches
from loader.market.closes import Closes
from loader.market.links import differ, near_bases
from loader.market.model import (
    KINDS,
    Decision,
    Group,
    Link,
    Points,
    Undated,
    Witness,
    WitnessKind,
)
from loader.market.moves import Moves
from loader.market.weigh import STALE, PriceSeen, Times, candidate_days, weigh

ENOUGH = 15
"""Decibans for a day, and ahead of every other day: about thirty to one."""

ENOUGH_OF_ARTICLES = 30
"""Decibans for a day that only articles speak for: they are silent about most days, any of which
may be the right one, while times and a table of closes speak of all."""

WINDOW = 2
"""Links to either side whose evidence counts for a group: near enough that an error of the
calendar or of one link stays where it is."""

EndsSeen = Callable[[int, int], Sequence[Points]]
"""(group, day): index prices that a group shows in captures made after that day's close and before
the next opening: fresh ones show how the day ended."""

ShareCloses = Callable[[int, int], Witness | None]
"""(group, day): the evidence of closes that articles state for shares, of the day before."""

_CANDIDATES_KEPT = 5
_WEAK: Final = (Undated.TOO_WEAK, Undated.SEVERAL_DAYS)
_BY_TIMES: Final = frozenset({"capture", "masthead", "published"})
_BY_CALENDAR: Final = frozenset({*_BY_TIMES, "neighbour", "alone"})


def _no_ends(_group: int, _day: int) -> Sequence[Points]:
    return ()


class _Weight(NamedTuple):
    """Decibans of some witnesses: of those that share no fact with others, and by fact."""

    plain: int
    facts: tuple[tuple[tuple[str, int], int], ...]

    @classmethod
    def of(cls, witnesses: Iterable[Witness]) -> _Weight:
        plain = 0
        facts = []
        for witness in witnesses:
            if witness.fact is None or witness.weight <= 0:
                plain += witness.weight
            else:
                facts.append((witness.fact, witness.weight))
        return cls(plain, tuple(facts))


def _sum(weights: Sequence[_Weight]) -> int:
    """Add weights; of a fact that several tell, the greatest."""
    best: dict[tuple[str, int], int] = {}
    for weight in weights:
        for fact, decibans in weight.facts:
            best[fact] = max(decibans, best.get(fact, 0))
    return sum([weight.plain for weight in weights]) + sum(best.values())


class Case:
    """Everything that decides: groups, the links believed between them, closing values.

    `sessions` is how many sessions the calendar has; those `unconfirmed` may be holidays. Each
    piece of evidence is weighed once.
    """

    def __init__(
        self,
        groups: Iterable[Group],
        links: Iterable[Link],
        closes: Closes,
        price_seen: PriceSeen,
        sessions: int,
        unconfirmed: Container[int] = (),
        moves: Moves | None = None,
        ends: EndsSeen = _no_ends,
        share_closes: ShareCloses | None = None,
    ) -> None:
        self.groups = {group.key: group for group in groups}
        self.chains = chains_of(believed(links))
        self.closes = closes
        self.sessions = sessions
        self.unconfirmed = unconfirmed
        self.moves = moves or Moves()
        self.price_seen = price_seen
        self.ends = ends
        self._share_closes = share_closes
        self._asked: set[int] = set()
        self._times = {
            group.key: Times(group.claims, group.bounds) for group in self.groups.values()
        }
        self._evidence: dict[tuple[int, int], list[Witness]] = {}
        self._weights: dict[tuple[int, int], _Weight] = {}

    def evidence(self, key: int, day: int) -> list[Witness]:
        """The group's own witnesses on a day."""
        found = self._evidence.get((key, day))
        if found is None:
            found = weigh(self.groups[key], self._times[key], day, self.closes, self.price_seen)
            if self.moves:
                found += self.moves.witnesses(key, day)
            if key in self._asked and self._share_closes and self.closes.is_told(day - 1, day):
                witness = self._share_closes(key, day)
                found += [witness] if witness else []
            self._evidence[key, day] = found
        return found

    def ask_shares(self, keys: Iterable[int]) -> set[int]:
        """Hear share closes for these groups too: reading their shares is worth it for few.

        Returns the groups whose weights may be others now.
        """
        if not self._share_closes:
            return set()
        self._asked.update(keys)
        for key, day in [each for each in self._evidence if each[0] in self._asked]:
            del self._evidence[key, day]
            self._weights.pop((key, day), None)
        return {other for key in self._asked for other, _ in self.around(key)}

    def weight(self, key: int, day: int) -> int:
        """Decibans of the group's own witnesses on a day."""
        return _sum([self._weight(key, day)])

    def _weight(self, key: int, day: int) -> _Weight:
        weight = self._weights.get((key, day))
        if weight is None:
            weight = self._weights[key, day] = _Weight.of(self.evidence(key, day))
        return weight

    def published(self, key: int, day: int) -> int:
        """Decibans of publication on a day, of the group itself."""
        found = self.evidence(key, day)
        return sum([witness.weight for witness in found if witness.kind == "published"])

    def around(self, key: int) -> list[tuple[int, int]]:
        """The groups whose evidence counts for a group, and how many days after it they stand."""
        return list(around(key, self.chains, WINDOW))

    def total(self, key: int, day: int) -> int:
        """Decibans of a day with the evidence of the groups around."""
        return self.total_of(self.around(key), day)

    def total_of(self, window: Iterable[tuple[int, int]], day: int) -> int:
        """The same for groups, each with how many days after the day asked about it stands."""
        return _sum([self._weight(other, shown) for other, shown in self.counted(window, day)])

    def is_of_articles(self, window: Iterable[tuple[int, int]], day: int) -> bool:
        """Whether nothing but articles speaks for a day."""
        return all(
            witness.kind in ("stated", "moved", "published")
            for other, shown in self.counted(window, day)
            for witness in self.evidence(other, shown)
            if witness.weight > 0
        )

    def counted(self, window: Iterable[tuple[int, int]], day: int) -> Iterator[tuple[int, int]]:
        """Yield the groups whose evidence counts for a day, and the day that each then shows.

        Across a session that may be a holiday nobody knows how many days apart they are.
        """
        for other, offset in window:
            if not offset or self.closes.is_told(day, day + offset):
                yield other, day + offset


def decide(case: Case) -> dict[int, Decision]:
    """The decision on every group."""
    candidates = {
        key: candidate_days(group, case.closes, case.price_seen) | case.moves.days_of(key)
        for key, group in case.groups.items()
    }
    decisions = {key: _judge(key, case, candidates) for key in case.groups}
    doubtful = [key for key in case.groups if decisions[key].reason in _WEAK]
    heard = case.ask_shares([*doubtful, *_alone(case, decisions)])
    decisions.update({key: _judge(key, case, candidates) for key in heard})
    decisions.update(_carry_along(case, decisions))
    decisions.update(_settle_conflicts(case, decisions))
    alone = _alone(case, decisions)
    decisions.update(_against_ends(case, decisions, alone))
    decisions.update(_mark_alone(decisions, alone))
    decisions.update(_doubt_unconfirmed(case, decisions))
    return decisions


def _judge(key: int, case: Case, candidates: Mapping[int, set[int]]) -> Decision:
    """Step 1: the day that the group's and its neighbours' own evidence favours."""
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
    ranked = ranked[:_CANDIDATES_KEPT]
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


def _alone(case: Case, decisions: Mapping[int, Decision]) -> set[int]:
    """Return the groups whose day rests on the time of one page, which nothing confirms.

    That page may have stood still, or the ticker on it: nothing on it would tell.
    """
    shared = Counter(decision.day for decision in decisions.values())
    return {
        key
        for key, decision in decisions.items()
        if decision.day is not None
        and shared[decision.day] == 1
        and _BY_TIMES.issuperset(decision.basis)
        and _captures_on(case.groups[key], decision.day) == 1
        and not any(
            witness.weight > 0
            for other, shown in case.counted(case.around(key), decision.day)
            if other != key
            for witness in case.evidence(other, shown)
        )
    }


def _captures_on(group: Group, day: int) -> int:
    return sum([claim.count for claim in group.claims if claim.first <= day <= claim.last])


def _against_ends(
    case: Case, decisions: Mapping[int, Decision], alone: Container[int]
) -> dict[int, Decision]:
    """Step 4: take the day from lone groups that contradict the session before or after.

    A session after which boards were captured is known by its end, and the next one must count
    from that. Where it does not, one of the two stood still; those that others confirm stay.
    """
    groups_on = _by_day(decisions)
    changed: dict[int, Decision] = {}
    for day, keys in groups_on.items():
        following = groups_on.get(day + 1, [])
        doubtful = [key for key in (*keys, *following) if key in alone]
        if not (doubtful and following) or not case.closes.is_told(day, day + 1):
            continue
        ends = [prices for key in keys for prices in case.ends(key, day)]
        if ends and all(differ(prices, case.groups[key]) for prices in ends for key in following):
            for key in doubtful:
                changed[key] = replace(
                    decisions[key], day=None, basis=(), reason=Undated.AGAINST_NEIGHBOURS
                )
    return changed


def _by_day(decisions: Mapping[int, Decision]) -> dict[int, list[int]]:
    days: dict[int, list[int]] = {}
    for key, decision in decisions.items():
        if decision.day is not None:
            days.setdefault(decision.day, []).append(key)
    return days


def _mark_alone(decisions: Mapping[int, Decision], alone: Iterable[int]) -> dict[int, Decision]:
    """Return the decisions on lone groups that nothing contradicts, with that word in the basis."""
    return {
        key: replace(decisions[key], basis=(*decisions[key].basis, "alone"))
        for key in alone
        if decisions[key].day is not None
    }


def _doubt_unconfirmed(case: Case, decisions: Mapping[int, Decision]) -> dict[int, Decision]:
    """Return the decisions that rest on times alone and on the calendar where it may be wrong."""
    return {
        key: replace(decision, basis=(*decision.basis, "unconfirmed"))
        for key, decision in decisions.items()
        if decision.day in case.unconfirmed and _BY_CALENDAR.issuperset(decision.basis)
    }


def basis_of(witnesses: Iterable[Witness]) -> tuple[WitnessKind, ...]:
    """The kinds of evidence for a day, strongest first; its neighbours' when it has none."""
    return in_order({witness.kind for witness in witnesses if witness.weight > 0}) or ("neighbour",)


def in_order(kinds: Container[str]) -> tuple[WitnessKind, ...]:
    """Return kinds of evidence, the strongest first."""
    return tuple(kind for kind in KINDS if kind in kinds)


def _carry_along(case: Case, decisions: Mapping[int, Decision]) -> dict[int, Decision]:
    """Step 2: days for runs of undated groups from the dated groups they are linked to."""
    changed: dict[int, Decision] = {}
    for offsets, borders in stretches(case.groups, case.chains, _is_open_in(decisions)):
        starts = {
            day - offset for key, offset in borders if (day := decisions[key].day) is not None
        }
        if len(starts) == 1:
            start = min(starts)
            places = [*offsets.values(), *(offset for _, offset in borders)]
            if not case.closes.is_told(start + min(places), start + max(places)):
                continue
            for key, offset in offsets.items():
                if 0 <= start + offset < case.sessions:
                    changed[key] = _carried(key, start + offset, case, decisions[key])
        elif starts:
            for key in offsets:
                changed[key] = replace(decisions[key], reason=Undated.NEIGHBOURS_DISAGREE)
    return changed


def _is_open_in(decisions: Mapping[int, Decision]) -> Callable[[int], bool]:
    return lambda key: decisions[key].day is None


def _carried(key: int, day: int, case: Case, decision: Decision) -> Decision:
    """The day that neighbours give a group, unless its own evidence speaks against it."""
    if case.weight(key, day) < STALE:
        return replace(decision, reason=Undated.AGAINST_NEIGHBOURS)
    return replace(decision, day=day, basis=("neighbour",), reason=None)


def _settle_conflicts(case: Case, decisions: Mapping[int, Decision]) -> dict[int, Decision]:
    """Step 3: of groups with different bases on one day, only one far ahead keeps it."""
    changed: dict[int, Decision] = {}
    for day, keys in _by_day(decisions).items():
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
