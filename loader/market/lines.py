"""Extract the values of a board that dating needs: its indices, and hashes of its shares."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple

from loader.market.model import INDICES

LIMIT_TOLERANCE: Final = 100
"""Maximum difference of a share's base from the official close, to which the exchange's limit
applies, in hundredths of a per cent (docs/dating.md, "within_daily_limit")."""

_ONE_RUPEE: Final = 100
_SEVERAL: Final = 3

Figure = tuple[str, bool, int, int]
"""Symbol, whether it is a share, price and base in hundredths."""


class IndexRow(NamedTuple):
    """Columns of board_indices: INDICES, hashes of all share prices and bases, the third move."""

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
    third_move_hundredths: int | None


def index_row(figures: Sequence[Figure]) -> IndexRow | None:
    """Return the index row of a board; None without KSE100, since such a board has no group."""
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
            third_move([(price, base) for _, price, base in shares]),
        ]
    )


def third_move(shares: Sequence[tuple[int, int]]) -> int | None:
    """Return the third largest daily limit that moves need; None for fewer than three.

    `shares` are prices and bases. A single move beyond the limit is an ex-date or a misprint; three
    of them indicate that the bases are not those of the day.
    """
    needed = sorted([limit for price, base in shares if (limit := needed_limit(price, base))])
    return needed[-_SEVERAL] if len(needed) >= _SEVERAL else None


def needed_limit(price: int, base: int) -> int:
    """Return the daily limit that a move from `base` to `price` needs, 0 up to Re 1.

    In hundredths of a per cent, rounded up, less LIMIT_TOLERANCE: the inverse of
    `page.checks.within_daily_limit`.
    """
    move = abs(price - base) * 10_000 - LIMIT_TOLERANCE * base
    if base <= 0 or move <= _ONE_RUPEE * 10_000:
        return 0
    return -(-move // base)


def _hash(figures: Sequence[str]) -> int:
    """Return a practically unique hash of figures.

    These have symbols, not ids, so the hash is the same in every archive and can break ties.
    """
    text = f"[{', '.join(figures)}]"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big")
