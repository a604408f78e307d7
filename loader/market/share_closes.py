"""Closing prices that articles state for shares, against the share bases of a group of boards.

A board counts from the last price of the session before, an article gives the official close, an
average of the last minutes: they are seldom equal, and seldom further apart than a per cent. One
share tells little, since most prices move by no more than that in a day; several together do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from loader.market.links import Shares
from loader.market.model import Passage, Witness

NEAR: Final = 3  # for each share within a per cent; half of the prices of the next day are, too
OFF: Final = -10  # for each other: an ex-date, a misprint, or another day
MOST: Final = 25  # shares of one market move together, so that many of them add little
LEAST: Final = -30
FEWEST: Final = 4
"""Shares below which nothing is said."""

_PARTS: Final = 100


class StatedShares(NamedTuple):
    """Closes in hundredths of a rupee that articles state of one session, and where the first is.

    Of one share there are several where articles disagree.
    """

    closes: Mapping[int, Sequence[int]]
    source: Passage


def weigh_shares(day: int, bases: Sequence[Shares], stated: StatedShares) -> Witness | None:
    """Return what the closes of the session before `day` say of boards with one of these bases."""
    best: tuple[int, int, int] | None = None
    for shares in bases:
        common = [key for key in stated.closes if key in shares]
        near = sum(_is_near(shares[key], stated.closes[key]) for key in common)
        weight = NEAR * near + OFF * (len(common) - near)
        if len(common) >= FEWEST and (best is None or (weight, near) > best[:2]):
            best = weight, near, len(common)
    if best is None:
        return None
    weight, near, common_count = best
    detail = (
        f"{near} of {common_count} share bases are within 1 % of closes that articles state of the"
        " day before"
    )
    return Witness("stated", day, day, min(max(weight, LEAST), MOST), detail, stated.source)


def _is_near(base: int, closes: Sequence[int]) -> bool:
    return any(abs(base - close) * _PARTS <= close for close in closes)
