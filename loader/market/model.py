"""Records of dating: index lines of boards, groups of boards, witnesses, decisions.

Prices are integers in hundredths of a point (docs/page-format.md: no decision depends on floats).
In this package a day is its number in a `Sessions` list, so that the next trading day is + 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal, NamedTuple, get_args

INDICES = ("KSE100", "KSE30", "BR100", "BR30")
"""The indices of a full board; KSE100 comes first, since boards are grouped by it."""

Points = tuple[int | None, ...]
"""One figure for each of INDICES, None if the board does not have the index."""

LinkKind = Literal["next", "near", "twin"]

WitnessKind = Literal[
    "close", "stated", "moved", "capture", "masthead", "published", "neighbour", "alone",
    "unconfirmed",
]  # fmt: skip

# Strongest first (docs/dating.md). The last two are not evidence, but qualify the basis of a day:
# `alone` if it is the unconfirmed time of a single page, `unconfirmed` if the exchange may have
# been closed and only times support the day.
KINDS: tuple[WitnessKind, ...] = get_args(WitnessKind)


@dataclass(frozen=True, slots=True)
class IndexLines:
    """Data of one board for grouping; `board` is its digest.

    `shares` are (instrument, base) pairs, needed only for a board without a second index.
    """

    board: str
    bases: Points
    shares: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class TimeClaim:
    """Evidence of capture times: if fresh, a group is of a session from `first` to `last`.

    A board may be older than its capture (frozen, cached), but not newer: no board of a group is of
    a day after the smallest `last`. `count` is the number of captures with this claim.
    """

    kind: Literal["capture", "masthead"]
    first: int
    last: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Bound:
    """Evidence of publication: a fresh page shows session `first` or a later one.

    `count` captures have a text published after the opening of session `first`.
    """

    first: int
    count: int = 1
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Boards with the same index bases, and so of one trading day: the unit of dating.

    `lows` and `highs` are the smallest and largest base of each index, which differ by rounding,
    at most by about a point.
    """

    key: int
    lows: Points
    highs: Points
    claims: tuple[TimeClaim, ...] = ()
    bounds: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A relation of two groups, from their figures only.

    `next`: in every common index, a price of `before` equals the base of `after`. `near`: the same,
    within the error of a provisional base. `twin`: both have nearly the same bases. `equal` of
    `common` shares agree.
    """

    before: int
    after: int
    kind: LinkKind
    indices: int
    equal: int
    common: int

    @property
    def step(self) -> int:
        """Number of trading days from `before` to `after`."""
        return 0 if self.kind == "twin" else 1

    @property
    def shares_agree(self) -> bool:
        """Whether shares confirm the link."""
        return most_agree(self.equal, self.common)


MIN_SHARES = 8
"""Minimum number of common shares for their agreement to count."""


def most_agree(equal: int, common: int) -> bool:
    """Whether most of `common` shares are equal, and there are enough of them."""
    return common >= MIN_SHARES and 2 * equal > common


class Passage(NamedTuple):
    """The characters from `start` to `end` in the body of the article with this digest."""

    digest: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Witness:
    """One piece of evidence that a group is of a day between sessions `first` and `last`.

    `weight` is in decibans, ten times the decimal logarithm of the evidence's likelihood ratio:
    10 is ten to one, 30 a thousand to one. It is negative for evidence against the day in question.
    `source` is that of a close: the user's file, or the passage that states it. `fact` identifies
    a close by symbol and session: a price of one day and the base of the next are the same fact,
    and count once.
    """

    kind: WitnessKind
    first: int
    last: int
    weight: int
    detail: str
    source: str | Passage = ""
    fact: tuple[str, int] | None = None


class Undated(Enum):
    """Reasons why a group of boards has no day, described in `market/words.py`."""

    NO_EVIDENCE = auto()
    TOO_WEAK = auto()
    SEVERAL_DAYS = auto()
    NEIGHBOURS_DISAGREE = auto()
    AGAINST_NEIGHBOURS = auto()
    DAY_TAKEN = auto()

    @property
    def is_conflict(self) -> bool:
        """Whether the evidence is contradictory rather than insufficient."""
        return self not in (Undated.NO_EVIDENCE, Undated.TOO_WEAK)


@dataclass(frozen=True, slots=True)
class Decision:
    """The day of a group, or None with the reason and the best candidates (day, weight)."""

    day: int | None
    basis: tuple[WitnessKind, ...] = ()
    reason: Undated | None = None
    candidates: tuple[tuple[int, int], ...] = ()
