"""Choose the links between groups to accept, and follow them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from loader.market.model import Link

# Minimum number of agreeing indices for a link that is not confirmed by shares.
_ENOUGH_INDICES = 3

# Group -> (neighbour, trading days from group to neighbour), sorted.
Chains = dict[int, list[tuple[int, int]]]


def believed(links: Iterable[Link]) -> list[Link]:
    """Return the accepted links: at most one to the day before and one to the day after a group.

    Exact links confirmed by shares come first, then an exact one that is the only link in both
    directions, then provisional ones. Twins never compete. If two links compete on equal terms,
    neither is accepted.
    """
    links = sorted(links, key=lambda link: (link.before, link.after))
    kept = _unrivalled([link for link in links if link.kind == "next" and link.shares_agree], [])
    kept += _unrivalled(
        [link for link in links if link.kind == "next" and link.indices >= _ENOUGH_INDICES], kept
    )
    kept += _unrivalled([link for link in links if link.kind == "near"], kept)
    return kept + [link for link in links if link.kind == "twin"]


def _unrivalled(links: Sequence[Link], kept: Sequence[Link]) -> list[Link]:
    """Return the links that compete neither with each other nor with the links `kept`."""
    taken_after = {link.before for link in kept}
    taken_before = {link.after for link in kept}
    links = [
        link for link in links if link.before not in taken_after and link.after not in taken_before
    ]
    outgoing = _count(link.before for link in links)
    incoming = _count(link.after for link in links)
    return [link for link in links if outgoing[link.before] == 1 and incoming[link.after] == 1]


def _count(keys: Iterable[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return counts


def chains_of(links: Iterable[Link]) -> Chains:
    """Return the neighbours of each group in both directions."""
    chains: Chains = {}
    for link in links:
        chains.setdefault(link.before, []).append((link.after, link.step))
        chains.setdefault(link.after, []).append((link.before, -link.step))
    for neighbours in chains.values():
        neighbours.sort()
    return chains


def around(start: int, chains: Chains, depth: int) -> Iterator[tuple[int, int]]:
    """Yield (group, trading days from `start`) for groups up to `depth` links away."""
    seen = {start}
    queue = deque([(start, 0, 0)])
    while queue:
        group, offset, distance = queue.popleft()
        yield group, offset
        if distance < depth:
            for neighbour, step in chains.get(group, ()):
                if neighbour not in seen:
                    seen.add(neighbour)
                    queue.append((neighbour, offset + step, distance + 1))


def stretches(
    groups: Iterable[int], chains: Chains, is_open: Callable[[int], bool]
) -> Iterator[tuple[dict[int, int], list[tuple[int, int]]]]:
    """Yield runs of linked groups that are `is_open`: offsets within the run, and its borders.

    A border is (a linked group that is not open, its offset). A run with contradictory offsets is
    left out.
    """
    seen: set[int] = set()
    for start in sorted(groups):
        if start in seen or not is_open(start):
            continue
        offsets = {start: 0}
        borders: set[tuple[int, int]] = set()
        queue = deque([start])
        sound = True
        while queue:
            group = queue.popleft()
            for neighbour, step in chains.get(group, ()):
                offset = offsets[group] + step
                if not is_open(neighbour):
                    borders.add((neighbour, offset))
                elif neighbour not in offsets:
                    offsets[neighbour] = offset
                    queue.append(neighbour)
                else:
                    sound = sound and offsets[neighbour] == offset
        seen |= offsets.keys()
        if sound:
            yield offsets, sorted(borders)
