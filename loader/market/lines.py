"""The lines of one board that dating looks at: its indices, and a number for its shares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from loader.market.model import INDICES

Figure = tuple[str, bool, int, int]
"""Symbol, whether it is a share, price and base in hundredths."""

Lines = tuple[int | None, ...]
"""Prices of INDICES, their bases, and the numbers of all share prices and of all share bases:
the columns of board_indices after board_id."""


def lines_of(figures: Iterable[Figure]) -> Lines | None:
    """What dating keeps of a board; None for a board without KSE100, which has no group."""
    indices: dict[str, tuple[int, int]] = {}
    shares: list[tuple[str, int, int]] = []
    for symbol, is_share, price, base in figures:
        if is_share:
            shares.append((symbol, price, base))
        else:
            indices[symbol] = (price, base)
    if INDICES[0] not in indices:
        return None
    nothing = (None, None)
    lines = [indices.get(symbol, nothing) for symbol in INDICES]
    shares.sort()
    return (
        *[price for price, _ in lines],
        *[base for _, base in lines],
        _number_of([(symbol, price) for symbol, price, _ in shares]),
        _number_of([(symbol, base) for symbol, _, base in shares]),
    )


def _number_of(figures: list[tuple[str, int]]) -> int:
    """A number that equal figures share and, for all that matters, no others do.

    By symbol, so that it is the same in every archive and may break ties.
    """
    digest = hashlib.blake2b(repr(figures).encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big")
