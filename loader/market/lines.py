"""The lines of one board that dating looks at: its indices, and a number for its shares."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from loader.market.model import INDICES

Figure = tuple[str, bool, int, int]
"""Symbol, whether it is a share, price and base in hundredths."""

Lines = tuple[int | None, ...]
"""Prices of INDICES, their bases, and the numbers of all share prices and of all share bases:
the columns of board_indices after board_id."""


def lines_of(figures: Sequence[Figure]) -> Lines | None:
    """What dating keeps of a board; None for a board without KSE100, which has no group."""
    indices = {symbol: (price, base) for symbol, share, price, base in figures if not share}
    if INDICES[0] not in indices:
        return None
    nothing = (None, None)
    lines = [indices.get(symbol, nothing) for symbol in INDICES]
    shares = sorted([(symbol, price, base) for symbol, share, price, base in figures if share])
    return (
        *[price for price, _ in lines],
        *[base for _, base in lines],
        _number_of([f"('{symbol}', {price})" for symbol, price, _ in shares]),
        _number_of([f"('{symbol}', {base})" for symbol, _, base in shares]),
    )


def _number_of(figures: Sequence[str]) -> int:
    """A number that equal figures share and, for all that matters, no others do.

    By symbol, so that it is the same in every archive and may break ties.
    """
    text = f"[{', '.join(figures)}]"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big")
