"""Accept links between groups, and follow them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from loader.market.model import Link

# Minimum number of agreeing indices of a link that shares do not confirm.
_ENOUGH_INDICES = 3

# Group -> (neighbour, trading days from group to neighbour), sorted.
Chains = dict[int, list[tuple[int, int]]]


def accepted(links: Iterable[Link]) -> list[Link]:
    """Return the accepted links: at most one to the day before and one to the day after a group.

    Exact links confirmed by shares come first, then exact links of three indices, then provisional
    ones. If two links of one rank compete, neither is accepted. Twins never compete.
    """
    links = sorted(links, key=lambda link: (link.before, link.after))
    found = _unrivalled([link for link in links if link.kind == "next" and link.shares_agree], [])
    found += _unrivalled(
        [link for link in links if link.kind == "next" and link.indices >= _ENOUGH_INDICES], found
    )
    found += _unrivalled([link for link in links if link.kind == "near"], found)
    return found + [link for link in links if link.kind == "twin"]


def _unrivalled(links: Sequence[Link], accepted: Sequence[Link]) -> list[Link]:
    """Return the links that compete neither with each other nor with accepted ones."""
    taken_after = {link.before for link in accepted}
    taken_before = {link.after for link in accepted}
    links = [
        link for link in links if link.before not in taken_after and link.after not in taken_before
    ]
    outgoing = Counter(link.before for link in links)
    incoming = Counter(link.after for link in links)
    return [link for link in links if outgoing[link.before] == 1 and incoming[link.after] == 1]


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
    """Yield runs of linked open groups: the offset of each in trading days, and the borders.

    A border is a linked group that is not open, with its offset. A run with contradictory offsets
    is omitted.
    """
    seen: set[int] = set()
    for start in sorted(groups):
        if start in seen or not is_open(start):
            continue
        offsets = {start: 0}
        borders: set[tuple[int, int]] = set()
        queue = deque([start])
        is_consistent = True
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
                    is_consistent = is_consistent and offsets[neighbour] == offset
        seen |= offsets.keys()
        if is_consistent:
            yield offsets, sorted(borders)
