"""Find groups of boards that are a trading day apart, from the figures of two groups.

Rule 5 of docs/dating.md: the last prices of a day are the bases of the next day. Whether a link is
accepted depends on all groups, and is decided in `loader.market.chains`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from loader.market.model import Group, Link, LinkKind, Points

# Rounding of the price (half a point), of the base's price (the same), and of its change (0.05).
EXACT = 105
# A provisional base was off by 0.013 per cent (docs/page-format.md). Somewhat more than twice that
# is allowed.
_NEAR_PARTS = 3
_PARTS = 10_000

Shares = Mapping[int, int]
"""Prices or bases of one board by instrument, in hundredths of a rupee."""


def near(figure: int) -> int:
    """Return the tolerance for a provisional index base near `figure`, both in hundredths."""
    return figure * _NEAR_PARTS // _PARTS


def matches(prices: Points, group: Group, *, provisional: bool = False) -> int:
    """Return the number of indices whose prices equal the bases of `group`; 0 if one differs.

    KSE100 and another index are required. `provisional` allows for bases that were not closes.
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
    """Return whether the price of an index differs from its base in `group`.

    By more than rounding and the error of a provisional base. Indices missing in one are ignored.
    """
    return any(
        price is not None
        and low is not None
        and high is not None
        and not low - (slack := EXACT + near(price)) <= price <= high + slack
        for price, low, high in zip(prices, group.lows, group.highs, strict=True)
    )


def near_bases(one: Group, other: Group) -> int:
    """Return the number of nearly equal index bases of two groups; 0 if one differs."""
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
    """Return (equal, common) for the pair of boards whose shares agree best."""
    pairs = [agreement(one, other) for one in ones for other in others]
    return max(pairs, key=rank_agreement, default=(0, 0))


def rank_agreement(pair: tuple[int, int]) -> tuple[int, tuple[int, int]]:
    """Return the rank of (equal, common): by the surplus of equal over different shares."""
    return 2 * pair[0] - pair[1], pair


def agreement(one: Shares, other: Shares) -> tuple[int, int]:
    """Return the number of shares with exactly the same figure, and that of common shares."""
    return len(one.items() & other.items()), len(one.keys() & other.keys())


def make_link(
    before: Group, after: Group, boards: Iterable[Points], shares: tuple[int, int]
) -> Link | None:
    """Return the link from `before`, whose boards have these prices, to `after`; None without one.

    `shares` are (equal, common) of share prices in `before` and share bases in `after`.
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
    """Return the link between two groups of one day, one of which has provisional bases."""
    indices = near_bases(one, other)
    if indices < 2:
        return None
    before, after = sorted((one.key, other.key))
    link = Link(before, after, "twin", indices, *shares)
    return link if link.shares_agree else None
