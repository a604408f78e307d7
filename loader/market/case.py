"""Collect and weigh the evidence on days: groups, links, closes and moves."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from loader.market.chains import accepted, around, chains_of
from loader.market.closes import Closes
from loader.market.model import Group, Link, Points, Witness
from loader.market.moves import Moves
from loader.market.weigh import PriceSeen, Times, weigh

WINDOW = 2
"""Links in either direction over which evidence counts: few, so that an error of the calendar or of
a link does not spread."""

EndsSeen = Callable[[int, int], Sequence[Points]]
"""(group, day): index prices of a group in captures between that day's close and the next opening,
which show the end of the day if fresh."""

ShareCloses = Callable[[int, int], Witness | None]
"""(group, day): evidence of share closes that articles state for the previous day."""


def _no_ends(_group: int, _day: int) -> Sequence[Points]:
    return ()


class _Weight(NamedTuple):
    """Decibans of witnesses: the sum of those without a shared fact, and the others by fact."""

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
    """Add weights; a fact of several witnesses counts once, with the largest weight."""
    best: dict[tuple[str, int], int] = {}
    for weight in weights:
        for fact, decibans in weight.facts:
            best[fact] = max(decibans, best.get(fact, 0))
    return sum([weight.plain for weight in weights]) + sum(best.values())


class Case:
    """All evidence: groups, the accepted links between them, closing values and moves.

    `sessions` is the number of sessions in the calendar; the `unconfirmed` may be holidays. Each
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
        self.chains = chains_of(accepted(links))
        self.closes = closes
        self.sessions = sessions
        self.unconfirmed = unconfirmed
        self.moves = moves or Moves()
        self.price_seen = price_seen
        self.ends = ends
        self._share_closes = share_closes
        self._with_shares: set[int] = set()
        self._times = {
            group.key: Times(group.claims, group.bounds) for group in self.groups.values()
        }
        self._evidence: dict[tuple[int, int], list[Witness]] = {}
        self._weights: dict[tuple[int, int], _Weight] = {}

    def evidence(self, key: int, day: int) -> list[Witness]:
        """Return the group's own witnesses for and against a day."""
        found = self._evidence.get((key, day))
        if found is None:
            found = weigh(self.groups[key], self._times[key], day, self.closes, self.price_seen)
            if self.moves:
                found += self.moves.witnesses(key, day)
            if (
                key in self._with_shares
                and self._share_closes
                and self.closes.has_no_gap(day - 1, day)
            ):
                witness = self._share_closes(key, day)
                found += [witness] if witness else []
            self._evidence[key, day] = found
        return found

    def use_share_closes(self, keys: Iterable[int]) -> set[int]:
        """Use share closes for these groups too; return the groups whose weights may change.

        Reading shares pays off only for few groups.
        """
        if not self._share_closes:
            return set()
        self._with_shares.update(keys)
        for key, day in [each for each in self._evidence if each[0] in self._with_shares]:
            del self._evidence[key, day]
            self._weights.pop((key, day), None)
        return {other for key in self._with_shares for other, _ in self.around(key)}

    def weight(self, key: int, day: int) -> int:
        """Return the decibans of the group's own witnesses on a day."""
        return _sum([self._weight(key, day)])

    def _weight(self, key: int, day: int) -> _Weight:
        weight = self._weights.get((key, day))
        if weight is None:
            weight = self._weights[key, day] = _Weight.of(self.evidence(key, day))
        return weight

    def published(self, key: int, day: int) -> int:
        """Return the decibans of the group's own times of publication on a day."""
        found = self.evidence(key, day)
        return sum([witness.weight for witness in found if witness.kind == "published"])

    def around(self, key: int) -> list[tuple[int, int]]:
        """Return the groups whose evidence counts for a group, with distances in days."""
        return list(around(key, self.chains, WINDOW))

    def total(self, key: int, day: int) -> int:
        """Return the decibans of a day, including the evidence of linked groups."""
        return self.total_of(self.around(key), day)

    def total_of(self, window: Iterable[tuple[int, int]], day: int) -> int:
        """Return the decibans of a day by groups, given with their distances from it in days."""
        return _sum([self._weight(other, shown) for other, shown in self.counted(window, day)])

    def is_of_articles(self, window: Iterable[tuple[int, int]], day: int) -> bool:
        """Whether only articles support a day."""
        return all(
            witness.kind in ("stated", "moved", "published")
            for other, shown in self.counted(window, day)
            for witness in self.evidence(other, shown)
            if witness.weight > 0
        )

    def counted(self, window: Iterable[tuple[int, int]], day: int) -> Iterator[tuple[int, int]]:
        """Yield the groups whose evidence counts for a day, and the corresponding day of each.

        Across a gap in the closes, their distance in days is unknown.
        """
        for other, offset in window:
            if not offset or self.closes.has_no_gap(day, day + offset):
                yield other, day + offset
