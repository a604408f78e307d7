"""What a board is of its day: whole, pre-open, opening, stale shares or frozen.

Indices and shares of a board are not always of one moment (docs/page-format.md). Each state follows
from figures that were compared, and its detail names these and no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from loader.market.links import Shares, agreement
from loader.market.model import MIN_SHARES

StateName = Literal["whole", "pre-open", "opening", "stale shares", "frozen"]

OTHER_SHARES: Final[tuple[StateName, ...]] = ("pre-open", "opening", "stale shares")
"""States of boards whose shares are not of the day that their indices show."""


class State(NamedTuple):
    """Columns of boards that tell its state; `has_stale_shares` is None where nothing tells."""

    has_stale_shares: int | None
    state: StateName | None
    state_detail: str | None


class Compared(NamedTuple):
    """Of `common` shares `equal` count from the prices, or bases, that `of` names."""

    equal: int
    common: int
    of: str

    @property
    def is_most(self) -> bool:
        return 2 * self.equal > self.common

    @property
    def is_nearly_all(self) -> bool:
        """Every share in the first minutes of a session; a few may be printed a moment later."""
        return 4 * self.equal >= 3 * self.common

    @property
    def is_none(self) -> bool:
        """One in ten is equal by chance, where a price did not move for some days."""
        return 10 * self.equal <= self.common

    def __str__(self) -> str:
        return f"{self.equal} of {self.common} share bases are {self.of}"


def compare(bases: Shares, shown: Sequence[Shares], of: str) -> Compared | None:
    """Return how the bases of a board agree with the best of some sets; None of too few shares."""
    found = [agreement(other, bases) for other in shown]
    enough = [pair for pair in found if pair[1] >= MIN_SHARES]
    best = max(enough, key=lambda pair: (2 * pair[0] - pair[1], pair), default=None)
    return Compared(*best, of) if best else None


class Bases(NamedTuple):
    """What the share bases of a board were compared with.

    `before`: the last prices of the session before; `is_final` when its boards show what the
    indices count from, so that no later price of that session is to be expected. `after`: last
    prices of the board's own day, and bases of the next one. `older`: prices of earlier sessions.
    """

    before: Compared | None
    is_final: bool
    after: Compared | None
    older: Compared | None


def by_bases(bases: Bases) -> State | None:
    """Return the state that share bases tell; None where they tell nothing.

    Of a board whose shares count from the session before it is still open whether it stood still,
    so that its state is empty.
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
    """Return the state of a board of which three shares moved further than a day allows."""
    if third_move is None or third_move <= limit:
        return None
    said = f"three shares or more moved further than the limit of the day, {limit / 100:g} %"
    return State(1, "stale shares", said)


def by_unmoved(unmoved: int, shares: int, index: str) -> State | None:
    """Return the state of a board of which half the shares have not moved in a whole session.

    `index` says by what its indices are seen to stand where the session ended. At the end of one
    nearly every share of a board has moved.
    """
    if shares < MIN_SHARES or 2 * unmoved < shares:
        return None
    said = f"{unmoved} of {shares} shares have not moved, and {index}"
    return State(None, "opening", said)


def pre_open(same: Compared | None) -> State:
    """Return the state of a board on which no share has moved; `same` are its prices."""
    said = "no share has moved, while an index has"
    if same and same.is_most:
        said += f"; {same}"
    return State(None, "pre-open", said)


def frozen(said: str, has_stale_shares: int | None) -> State:
    """Return the state of a board that pages showed only when a later session had opened."""
    return State(has_stale_shares, "frozen", said)
