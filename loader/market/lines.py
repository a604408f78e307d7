"""The lines of one board that dating looks at: its indices, and a number for its shares."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from loader.market.model import INDICES

Figure = tuple[str, bool, int, int]
"""Symbol, whether it is a share, price and base in hundredths."""


class IndexRow(NamedTuple):
    """Prices and bases of INDICES, and the numbers of all share prices and of all share bases."""

    kse100_hundredths: int
    kse30_hundredths: int | None
    br100_hundredths: int | None
    br30_hundredths: int | None
    kse100_base_hundredths: int
    kse30_base_hundredths: int | None
    br100_base_hundredths: int | None
    br30_base_hundredths: int | None
    share_prices_hash: int
    share_bases_hash: int


def index_row(figures: Sequence[Figure]) -> IndexRow | None:
    """Return what dating keeps of a board; None without KSE100, for such a board has no group."""
    indices = {symbol: (price, base) for symbol, share, price, base in figures if not share}
    if INDICES[0] not in indices:
        return None
    nothing = (None, None)
    lines = [indices.get(symbol, nothing) for symbol in INDICES]
    shares = sorted([(symbol, price, base) for symbol, share, price, base in figures if share])
    return IndexRow._make(
        [
            *[price for price, _ in lines],
            *[base for _, base in lines],
            _hash([f"('{symbol}', {price})" for symbol, price, _ in shares]),
            _hash([f"('{symbol}', {base})" for symbol, _, base in shares]),
        ]
    )


def _hash(figures: Sequence[str]) -> int:
    """Return a number that equal figures share and, for all that matters, no others do.

    By symbol, so that it is the same in every archive and may break ties.
    """
    text = f"[{', '.join(figures)}]"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big")
