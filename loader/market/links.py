"""Which group of boards stands a trading day before which: facts about two groups.

Rule 5 of docs/dating.md: what one day's last boards show is what the next day counts from.
Whether such a fact is believed depends on all groups, and is `loader.market.chains`' matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from loader.market.model import Group, Link, LinkKind, Points

# Half a point of the price, half of the base's price, half a tenth of its change.
EXACT = 105
# A provisional base was 0.013 per cent off (docs/page-format.md); allow twice that and a bit.
_NEAR_PARTS = 3
_PARTS = 10_000

Shares = Mapping[int, int]
"""Hundredths of a rupee by instrument: the prices, or the bases, of one board."""


def near(figure: int) -> int:
    """How far from `figure` a provisional index base may be, both in hundredths."""
    return figure * _NEAR_PARTS // _PARTS


def matches(prices: Points, group: Group, *, provisional: bool = False) -> int:
    """How many indices of a board stand where `group` counts from; 0 where one does not.

    KSE100 and one more must be there. `provisional` allows for a base that was no close.
    """
    if prices[0] is None or group.lows[0] is None:
        return 0
    common = 0
    for price, low, high in zip(prices, group.lows, group.highs, strict=True):
        if price is None or low is None or high is None:
            continue
        slack = EXACT + (near(price) if provisional else 0)
        if not low - slack <= price <= high + slack:
            return 0
        common += 1
    return common if common > 1 else 0


def differ(prices: Points, group: Group) -> bool:
    """Return whether an index of a board stands away from where `group` counts from.

    Provisional bases and the rounding allowed for. Indices that only one of both has tell nothing.
    """
    return any(
        price is not None
        and low is not None
        and high is not None
        and not low - (slack := EXACT + near(price)) <= price <= high + slack
        for price, low, high in zip(prices, group.lows, group.highs, strict=True)
    )


def near_bases(one: Group, other: Group) -> int:
    """How many index bases two groups share but for a provisional error; 0 if one differs."""
    if one.lows[0] is None or other.lows[0] is None:
        return 0
    common = 0
    for low, high, other_low, other_high in zip(
        one.lows, one.highs, other.lows, other.highs, strict=True
    ):
        if low is None or high is None or other_low is None or other_high is None:
            continue
        if max(low, other_low) - min(high, other_high) > EXACT + near(high):
            return 0
        common += 1
    return common


def best_agreement(ones: Sequence[Shares], others: Sequence[Shares]) -> tuple[int, int]:
    """(equal, common) of the pair of boards whose shares agree best."""
    pairs = [agreement(one, other) for one in ones for other in others]
    return max(pairs, key=lambda pair: (2 * pair[0] - pair[1], pair), default=(0, 0))


def agreement(one: Shares, other: Shares) -> tuple[int, int]:
    """How many shares have the same figure, to the paisa, and how many both boards have."""
    return len(one.items() & other.items()), len(one.keys() & other.keys())


def make_link(
    before: Group,
    after: Group,
    boards: Iterable[Points],
    shares: tuple[int, int],
) -> Link | None:
    """The link from `before`, of which `boards` are the prices, to `after`; None without one.

    `shares` are (equal, common): share prices there against share bases here.
    """
    exact = provisional = 0
    for prices in boards:
        exact = max(exact, matches(prices, after))
        provisional = max(provisional, matches(prices, after, provisional=True))
    kind: LinkKind = "next" if exact else "near"
    if not (exact or provisional):
        return None
    link = Link(before.key, after.key, kind, exact or provisional, *shares)
    return link if exact or link.shares_agree else None


def make_twins(one: Group, other: Group, shares: tuple[int, int]) -> Link | None:
    """Return the link between two groups of one day, of which one counts from provisional bases."""
    indices = near_bases(one, other)
    if indices < 2:
        return None
    before, after = sorted((one.key, other.key))
    link = Link(before, after, "twin", indices, *shares)
    return link if link.shares_agree else None
