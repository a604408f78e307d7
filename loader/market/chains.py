"""Which links between groups are believed, and walking along them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from loader.market.model import Link

# Indices that agree, below which a link that no share confirms is not believed.
_ENOUGH_INDICES = 3

# Group -> (neighbour, trading days from group to neighbour), sorted.
Chains = dict[int, list[tuple[int, int]]]


def believed(links: Iterable[Link]) -> list[Link]:
    """Return the links to go by: one day before and one day after each group, no more.

    Exact links that shares confirm come first; where none leads into or out of a group, an
    exact one alone in both directions; then provisional ones. Twins never compete. Of two
    that compete on equal terms neither is believed.
    """
    links = sorted(links, key=lambda link: (link.before, link.after))
    kept = _unrivalled([link for link in links if link.kind == "next" and link.shares_agree], [])
    kept += _unrivalled(
        [link for link in links if link.kind == "next" and link.indices >= _ENOUGH_INDICES], kept
    )
    kept += _unrivalled([link for link in links if link.kind == "near"], kept)
    return kept + [link for link in links if link.kind == "twin"]


def _unrivalled(links: Sequence[Link], kept: Sequence[Link]) -> list[Link]:
    """Those that neither rival each other nor any of the links `kept` already."""
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
    """Neighbours of each group in both directions."""
    chains: Chains = {}
    for link in links:
        chains.setdefault(link.before, []).append((link.after, link.step))
        chains.setdefault(link.after, []).append((link.before, -link.step))
    for neighbours in chains.values():
        neighbours.sort()
    return chains


def around(start: int, chains: Chains, depth: int) -> Iterator[tuple[int, int]]:
    """(group, trading days from `start`) of the groups up to `depth` links away, start first."""
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
    """Runs of linked groups that are `is_open`: offsets within the run, and its borders.

    A border is (a linked group that is not open, its offset). A run whose links contradict
    each other about an offset is left out.
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
