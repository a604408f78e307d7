"""Compare closing prices of shares stated in articles with the share bases of a group of boards.

The base on a board is the last price of the previous session, whereas an article states the
official close, an average of the last minutes. They are rarely equal, but also rarely differ by
more than a per cent. A single share is weak evidence, since most prices move less than that in a
day; several together are strong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from loader.market.links import Shares
from loader.market.model import Passage, Witness

NEAR: Final = 3  # for each share within a per cent, as are half of the next day's prices
OFF: Final = -10  # for each other share: an ex-date, a misprint, or another day
MOST: Final = 25  # a limit, since shares of one market move together
LEAST: Final = -30
FEWEST: Final = 4
"""Minimum number of shares for evidence."""

_PARTS: Final = 100


class StatedShares(NamedTuple):
    """Stated closes of one session in hundredths of a rupee, and the passage of the first.

    A share has several closes if articles disagree.
    """

    closes: Mapping[int, Sequence[int]]
    source: Passage


def weigh_shares(day: int, bases: Sequence[Shares], stated: StatedShares) -> Witness | None:
    """Weigh the closes of the session before `day` against boards with one of these bases."""
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
