"""Determine the state of a board within its day: whole, pre-open, opening, stale shares or frozen.

Indices and shares of a board are not always of the same time (docs/page-format.md). Each state
follows from a comparison of figures, which its detail describes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from loader.market.links import Shares, agreement, rank_agreement
from loader.market.model import MIN_SHARES

StateName = Literal["whole", "pre-open", "opening", "stale shares", "frozen"]

OTHER_SHARES: Final[tuple[StateName, ...]] = ("pre-open", "opening", "stale shares")
"""States of boards whose shares are of another day than their indices."""


class State(NamedTuple):
    """State columns of boards; `has_stale_shares` is None if unknown."""

    has_stale_shares: int | None
    state: StateName | None
    state_detail: str | None


class Compared(NamedTuple):
    """`equal` of `common` shares have the prices, or bases, described by `of`."""

    equal: int
    common: int
    of: str

    @property
    def is_most(self) -> bool:
        return 2 * self.equal > self.common

    @property
    def is_nearly_all(self) -> bool:
        """Whether nearly all are equal; a few may be updated a moment later."""
        return 4 * self.equal >= 3 * self.common

    @property
    def is_none(self) -> bool:
        """Whether so few are equal that it may be chance, as some prices do not move for days."""
        return 10 * self.equal <= self.common

    def __str__(self) -> str:
        return f"{self.equal} of {self.common} share bases are {self.of}"


def compare(bases: Shares, shown: Sequence[Shares], of: str) -> Compared | None:
    """Compare a board's bases with the set that agrees best; None for too few shares."""
    found = [agreement(other, bases) for other in shown]
    enough = [pair for pair in found if pair[1] >= MIN_SHARES]
    best = max(enough, key=rank_agreement, default=None)
    return Compared(*best, of) if best else None


class Bases(NamedTuple):
    """Results of comparing the share bases of a board.

    `before`: with the last prices of the previous session; `is_final` if its boards show the bases
    of the indices, so that no later prices of that session exist. `after`: with the last prices of
    the board's own day, and bases of the next one. `older`: with prices of earlier sessions.
    """

    before: Compared | None
    is_final: bool
    after: Compared | None
    older: Compared | None


def by_bases(bases: Bases) -> State | None:
    """Return the state by share bases; None if they are inconclusive.

    The state is empty if shares have the bases of the previous session, since the board may still
    be frozen.
    """
    before, after, older = bases.before, bases.after, bases.older
    if after and after.is_nearly_all and (before is None or after.equal > before.equal):
        return State(None, "opening", f"{after}, and the indices have not moved on")
    if before and before.is_most:
        return State(0, None, None)
    if older and older.is_most:
        return State(1, "stale shares", str(older))
    if before and before.is_none and bases.is_final:
        return State(1, "stale shares", str(before))
    return None


def by_moves(third_move: int | None, limit: int) -> State | None:
    """Return the state of a board on which three shares moved beyond the daily limit."""
    if third_move is None or third_move <= limit:
        return None
    words = f"three shares or more moved further than the limit of the day, {limit / 100:g} %"
    return State(1, "stale shares", words)


def by_unmoved(unmoved: int, shares: int, index: str) -> State | None:
    """Return the state of a board on which half of the shares have not moved in a whole session.

    `index` is the evidence that its indices are those of the session's end, by which nearly all
    shares of a board have moved.
    """
    if shares < MIN_SHARES or 2 * unmoved < shares:
        return None
    words = f"{unmoved} of {shares} shares have not moved, and {index}"
    return State(None, "opening", words)


def pre_open(same: Compared | None) -> State:
    """Return the state of a board without moved shares; `same` compares its prices."""
    words = "no share has moved, while an index has"
    if same and same.is_most:
        words += f"; {same}"
    return State(None, "pre-open", words)


def frozen(words: str, has_stale_shares: int | None) -> State:
    """Return the state of a board captured only after a later session had opened."""
    return State(has_stale_shares, "frozen", words)
