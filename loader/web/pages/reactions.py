"""Prepare an article's table and charts of the sessions around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from urllib.parse import urlencode

from markupsafe import Markup

from loader.web.charts.draw import legend, page_svg
from loader.web.charts.reaction import INDEX, Levels, Move, levels, reaction_layout, span_of
from loader.web.charts.series import Series
from loader.web.data.archive_db import Row

_LEGEND = legend((Series("the share", ()), Series(INDEX, ())))


@dataclass(frozen=True, slots=True)
class Reactions:
    """Changes in per cent by symbol and session, the index first; None without a board.

    `timing` is the reason for `first_session`. `charts` has a chart of each share with two known
    sessions, and `undrawn` the other shares.
    """

    first_session: str
    timing: str
    sessions: tuple[tuple[int, str | None], ...]
    moves: tuple[tuple[str, tuple[float | None, ...]], ...]
    charts: tuple[tuple[str, Markup], ...]
    undrawn: tuple[str, ...]
    legend: Markup = _LEGEND

    @property
    def row_count(self) -> int:
        """Number of underlying rows of article_reactions."""
        return len(self.sessions) * (len(self.moves) - 1)

    def selection(self, article_id: int) -> str:
        """Return query parameters that select these rows."""
        symbols = ",".join(symbol for symbol, _ in self.moves[1:])
        return urlencode({"article_id": article_id, "symbol__in": symbols})


def reactions(rows: Sequence[Row]) -> Reactions | None:
    """Return the table for rows of article_reactions; None if no change is known."""
    if not any(row["percent"] is not None for row in rows):
        return None
    groups = [(symbol, list(group)) for symbol, group in groupby(rows, itemgetter("symbol"))]
    first = groups[0][1]
    charts = _charts(groups)
    drawn = {symbol for symbol, _ in charts}
    return Reactions(
        first[0]["first_session"],
        first[0]["timing"],
        tuple((row["session_offset"], row["session"]) for row in first),
        (
            (INDEX, tuple(row["kse100_percent"] for row in first)),
            *((symbol, tuple(row["percent"] for row in group)) for symbol, group in groups),
        ),
        charts,
        tuple(symbol for symbol, _ in groups if symbol not in drawn),
    )


def _charts(groups: Sequence[tuple[str, list[Row]]]) -> tuple[tuple[str, Markup], ...]:
    """Return the charts, all on one scale."""
    pairs = {
        symbol: (_levels(group, "percent", "base"), _levels(group, "kse100_percent", "kse100_base"))
        for symbol, group in groups
    }
    scale = span_of([found for pair in pairs.values() for found in pair])
    layouts = (
        (symbol, reaction_layout(symbol, own, index, scale))
        for symbol, (own, index) in pairs.items()
    )
    return tuple((symbol, page_svg(layout)) for symbol, layout in layouts if layout)


def _levels(group: Sequence[Row], percent: str, base: str) -> Levels:
    return levels(
        [Move(None if row[percent] is None else row[percent] / 100, row[base]) for row in group]
    )
