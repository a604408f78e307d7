"""Chart the sessions around an article: a share and the KSE-100 index, both rebased to 100.

The base is the end of the last session before the article (offset -1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from loader.web.charts.layout import SMALL, Layout
from loader.web.charts.scale import Tick
from loader.web.charts.series import Mark, Point, Series

Levels = tuple[float | None, ...]

INDEX: Final = "KSE100"
BASE_OFFSET: Final = -1
_BASE: Final = 100.0


class Move(NamedTuple):
    """Return of a session (0.01 is one per cent), and the previous price it is relative to.

    The return is None without a board; the price of a mean is None.
    """

    session_return: float | None
    base: float | None = None

    @property
    def price(self) -> float | None:
        """Price at the end of the session, None if unknown."""
        if self.session_return is None or self.base is None:
            return None
        return self.base * (1 + self.session_return)


def levels(moves: Sequence[Move]) -> Levels:
    """Return the levels at offsets -1, 0, 1 ..., None for a session without a return.

    Returns are chained, so that an ex-date shows no fall. After an unknown session the level is
    computed from prices, as on a price chart; without prices it is None.

    >>> levels([Move(None), Move(0.01), Move(-0.02), Move(None), Move(0.03)])
    (100.0, 101.0, 98.98, None, None)
    >>> levels([Move(0.05, 38.0), Move(None), Move(0.10, 42.0)])
    (100.0, None, 115.79)
    """
    return tuple(None if level is None else round(level, 2) for level in _exact(moves))


def _exact(moves: Sequence[Move]) -> Iterator[float | None]:
    first, later = moves[0], moves[1:]
    is_based = first.price is not None or (later and later[0].session_return is not None)
    before: float | None = _BASE if is_based else None
    yield before
    known, price = before, first.price  # last known
    for move in later:
        if move.session_return is None:
            before = None
        elif before is not None:
            before *= 1 + move.session_return
        elif known is not None and price and move.price is not None:
            before = known * move.price / price
        if before is not None:
            known, price = before, move.price
        yield before


def reaction_layout(
    name: str, own: Levels, index: Levels, values: tuple[float, float] | None = None
) -> Layout | None:
    """Return the chart of a share's and the index's levels; None without a level of the share.

    `values` are the ends of the value axis, if several charts share it.
    """
    lines = tuple(
        line for line in (_series(name, own), _series(INDEX, index)) if len(line.points) > 1
    )
    if not lines or lines[0].name != name:
        return None
    offsets = range(BASE_OFFSET, BASE_OFFSET + len(own))
    labelled = offsets[::2]  # labels of all would not fit into a column of an article's page
    return Layout(
        in_words(name, own, index),
        lines,
        SMALL,
        marks=(Mark(0, 1, ""),),
        days=(offsets[0], offsets[-1]),
        values=values,
        ticks=tuple(Tick(offset, offset_label(offset)) for offset in labelled),
    )


def in_words(name: str, own: Levels, index: Levels) -> str:
    """Return the text alternative of the chart."""
    phrases = "; ".join(f"{who} {_in_words(found)}" for who, found in ((name, own), (INDEX, index)))
    return f"By session from 100 at offset -1: {phrases}."


def offset_label(offset: int) -> str:
    """Return the axis label of an offset: -1, 0, +1."""
    return f"{offset:+d}".replace("-", "−") if offset else "0"


def span_of(charts: Sequence[Levels]) -> tuple[float, float] | None:
    """Return the lowest and highest known level; None without any."""
    known = [level for found in charts for level in found if level is not None]
    return (min(known), max(known)) if known else None


def _series(name: str, found: Levels) -> Series:
    pairs = zip((None, *found), found, strict=False)
    points = (
        Point(offset, level, follows=before is not None)
        for offset, (before, level) in enumerate(pairs, BASE_OFFSET)
        if level is not None
    )
    return Series(name, tuple(points))


def _in_words(found: Levels) -> str:
    if all(level is None for level in found):
        return "not known"
    return ", ".join("not known" if level is None else f"{level:,.2f}" for level in found)
