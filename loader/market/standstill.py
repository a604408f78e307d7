"""Infer holidays from boards: sessions on which only an older day was captured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from loader.market.model import Group

_FEWEST = 3
"""Minimum number of consecutive sessions: fewer may be due to a frozen page."""


class Standstill(NamedTuple):
    """Only the group `key` was captured on the sessions `first` to `last`."""

    key: int
    first: int
    last: int


def possible_holidays(groups: Iterable[Group]) -> Iterator[Standstill]:
    """Yield runs of three sessions or more in which all captures show the same day.

    Only captures whose time determines one session count. Runs are consecutive in the calendar.
    """
    shown: dict[int, set[int]] = {}
    for group in groups:
        for claim in group.claims:
            if claim.kind == "capture" and claim.first == claim.last:
                shown.setdefault(claim.first, set()).add(group.key)
    alone = sorted((min(keys), day) for day, keys in shown.items() if len(keys) == 1)
    # Consecutive days have a constant difference from their position in the list.
    places = [(key, day - place, day) for place, (key, day) in enumerate(alone)]
    for (key, _), run in groupby(places, lambda item: item[:2]):
        days = [day for _, _, day in run]
        if len(days) >= _FEWEST:
            yield Standstill(key, days[0], days[-1])
