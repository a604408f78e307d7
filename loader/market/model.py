"""The records of dating: index lines of boards, groups of boards, witnesses, decisions.

Prices are integers of hundredths of a point (docs/page-format.md: no float decides). A day
inside this package is its number in a `Sessions` list, so that "the next trading day" is + 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal, NamedTuple

INDICES = ("KSE100", "KSE30", "BR100", "BR30")
"""The index lines of a full board; KSE100 comes first, since groups are found by it."""

Points = tuple[int | None, ...]
"""One figure for each of INDICES, None where the board has no such line."""

LinkKind = Literal["next", "near", "twin"]

WitnessKind = Literal[
    "close", "stated", "moved", "capture", "masthead", "published", "neighbour", "alone",
    "unconfirmed",
]  # fmt: skip

# Strongest first (docs/dating.md). The last two are no evidence, but words in the basis of a day:
# `alone` where it is the time of a single page, which nothing confirms, `unconfirmed` where the
# exchange may have been closed and only times speak for the day.
KINDS: tuple[WitnessKind, ...] = (
    "close", "stated", "moved", "capture", "masthead", "published", "neighbour", "alone",
    "unconfirmed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IndexLines:
    """What grouping looks at of one board; `board` is its digest.

    `shares` are (instrument, base) pairs, wanted only for a board with no second index.
    """

    board: str
    prices: Points
    bases: Points
    shares: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class TimeClaim:
    """What capture times say of a group: shown between sessions `first` and `last`, if fresh.

    A board may be older than its capture (frozen, cached), never younger: no board of a group
    belongs to a day after the smallest `last`. `count` captures say the same.
    """

    kind: Literal["capture", "masthead"]
    first: int
    last: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Bound:
    """What publication says of a group: `count` captures show a text that was published when
    session `first` had opened, or later. A fresh page shows that session or one after it.
    """

    first: int
    count: int = 1
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Boards that share their index bases and so show one trading day: what is dated.

    `lows` and `highs` are the smallest and largest base of each index, which rounding keeps
    within about a point.
    """

    key: int
    lows: Points
    highs: Points
    claims: tuple[TimeClaim, ...] = ()
    bounds: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A fact about two groups, from their figures alone.

    `next`: a board of `before` shows, in every common index, what `after` counts from.
    `near`: the same within a provisional base's error. `twin`: both count from nearly the
    same bases. `equal` of `common` shares say so too.
    """

    before: int
    after: int
    kind: LinkKind
    indices: int
    equal: int
    common: int

    @property
    def step(self) -> int:
        """Trading days from `before` to `after`."""
        return 0 if self.kind == "twin" else 1

    @property
    def shares_agree(self) -> bool:
        """Whether most of the shares agree, of enough to tell."""
        return self.common >= MIN_SHARES and 2 * self.equal > self.common


MIN_SHARES = 8
"""Common shares below which their agreement proves nothing."""


class Passage(NamedTuple):
    """Characters `start` to `end` of the body of the article with this digest."""

    digest: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Witness:
    """One piece of evidence on a group: it claims a day between sessions `first` and `last`.

    `weight` is in decibans, ten times the decimal logarithm of how much likelier the
    evidence is if the claim is true: 10 is ten to one, 30 a thousand to one; negative where
    the evidence speaks against the day that was asked about. `source` is that of a close: the
    user's file, or the passage that states it. `fact` names the close (symbol and session): what
    one board shows and what the next day counts from are one fact, and count once.
    """

    kind: WitnessKind
    first: int
    last: int
    weight: int
    detail: str
    source: str | Passage = ""
    fact: tuple[str, int] | None = None


class Undated(Enum):
    """Why a group of boards has no day; `market/words.py` has the words."""

    NO_EVIDENCE = auto()
    TOO_WEAK = auto()
    SEVERAL_DAYS = auto()
    NEIGHBOURS_DISAGREE = auto()
    AGAINST_NEIGHBOURS = auto()
    DAY_TAKEN = auto()

    @property
    def is_conflict(self) -> bool:
        """Whether evidence contradicts itself, rather than being too little."""
        return self not in (Undated.NO_EVIDENCE, Undated.TOO_WEAK)


@dataclass(frozen=True, slots=True)
class Decision:
    """The day of a group, or None with the reason and the best candidates (day, weight)."""

    day: int | None
    basis: tuple[WitnessKind, ...] = ()
    reason: Undated | None = None
    candidates: tuple[tuple[int, int], ...] = ()
