"""Compute the average reaction of a share to articles that name it, as an event study.

An event is the first session that could react to an article naming the share; several articles
make one event. Texts without a clock time are left out, since half of them may have appeared after
the close.
"""

from __future__ import annotations

import json
import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from loader.web.charts.draw import legend, page_svg
from loader.web.charts.layout import Layout
from loader.web.charts.reaction import BASE_OFFSET, Levels, Move, levels, reaction_layout
from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.prices import Instrument
from loader.web.pages.page import File, Page
from loader.web.pages.symbol_articles import MOST_ARTICLES, symbol_articles
from loader.web.pages.symbol_view import SymbolView, symbol_view
from loader.web.render.csv_cells import as_csv

_UNSURE: Final = ("time not known", "hours not known")
_OFFSETS: Final = range(BASE_OFFSET, 6)
COLUMNS: Final = (
    "symbol", "first_session", "article_count", "session_offset", "session", "session_return",
    "kse100_return", "excess_return",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """Means over the events with known returns of this session; 0.01 is one per cent.

    `standard_error` is that of the excess, None for fewer than two events. Levels are 100 at the
    end of offset -1, and None from the first offset without a known return.
    """

    session_offset: int
    event_count: int
    mean_return: float | None
    mean_kse100_return: float | None
    mean_excess_return: float | None
    standard_error: float | None
    level: float | None
    kse100_level: float | None


@dataclass(frozen=True, slots=True)
class EventStudy:
    """Reactions of one share to the newest articles of a period.

    `unsure_count` articles have no clock time, and `unplaced_count` no session in the calendar.
    """

    symbol: str
    article_count: int
    unsure_count: int
    unplaced_count: int
    is_cut: bool  # to the newest articles of the period
    event_count: int
    steps: tuple[Step, ...]
    rows: tuple[Row, ...]  # COLUMNS for each event and offset

    def layout(self) -> Layout | None:
        """Return the chart; None if the first session is unknown for all events."""
        return reaction_layout(
            self.symbol,
            tuple(step.level for step in self.steps),
            tuple(step.kse100_level for step in self.steps),
        )

    def shown(self) -> dict[str, Any]:
        """Return the variables of the template: figures, chart and legend."""
        layout = self.layout()
        return {
            "study": self,
            "svg": page_svg(layout) if layout else None,
            "legend": legend(layout.series) if layout else None,
        }


async def event_study(
    archive: ArchiveDb, instrument: Instrument, articles: Sequence[Row]
) -> EventStudy | None:
    """Return the study of a share over some articles; None for an index or without articles."""
    if instrument.row["kind"] != "share" or not articles:
        return None
    ids = json.dumps([article["id"] for article in articles])
    timings = await archive.rows("symbol_timings", {"ids": ids})
    sure = [row for row in timings if row["timing"] not in _UNSURE]
    placed = Counter(row["session"] for row in sure if row["session"])
    rows = await _rows(archive, instrument, placed)
    return EventStudy(
        symbol=instrument.symbol,
        article_count=placed.total(),
        unsure_count=len(timings) - len(sure),
        unplaced_count=len(sure) - placed.total(),
        is_cut=len(articles) >= MOST_ARTICLES,
        event_count=len(placed),
        steps=_steps(rows),
        rows=tuple(rows),
    )


async def _rows(archive: ArchiveDb, instrument: Instrument, events: Counter[str]) -> list[Row]:
    """Return COLUMNS for each event and offset; the current symbol wins if a session has both."""
    found: dict[tuple[str, int], Row] = {}
    for instrument_id in (*(old_id for old_id, _ in instrument.earlier), instrument.row["id"]):
        asked = {"instrument_id": instrument_id, "sessions": json.dumps(sorted(events))}
        for row in await archive.rows("symbol_reactions", asked):
            key = row["first_session"], row["session_offset"]
            if key not in found or row["session_return"] is not None:
                found[key] = row
    return [
        {
            "symbol": instrument.symbol,
            **row,
            "article_count": events[row["first_session"]],
            "excess_return": _excess(row),
        }
        for _, row in sorted(found.items())
    ]


def _excess(row: Row) -> float | None:
    if row["session_return"] is None or row["kse100_return"] is None:
        return None
    excess: float = row["session_return"] - row["kse100_return"]
    return excess


def _steps(rows: Sequence[Row]) -> tuple[Step, ...]:
    """Return means by offset, over events with known returns of share and index."""
    known: dict[int, list[Row]] = {offset: [] for offset in _OFFSETS}
    for row in rows:
        if row["excess_return"] is not None:
            known[row["session_offset"]].append(row)
    own = {offset: _mean(found, "session_return") for offset, found in known.items()}
    index = {offset: _mean(found, "kse100_return") for offset, found in known.items()}
    own_levels, index_levels = (
        levels([Move(mean) for mean in means.values()]) for means in (own, index)
    )
    return tuple(
        _step(offset, known[offset], own[offset], index[offset], own_levels, index_levels)
        for offset in _OFFSETS
    )


def _step(
    offset: int, found: list[Row], own: float | None, index: float | None, own_levels: Levels,
    index_levels: Levels,
) -> Step:  # fmt: skip
    excesses = [row["excess_return"] for row in found]
    return Step(
        session_offset=offset,
        event_count=len(found),
        mean_return=own,
        mean_kse100_return=index,
        mean_excess_return=_mean(found, "excess_return"),
        standard_error=(
            statistics.stdev(excesses) / math.sqrt(len(excesses)) if len(excesses) > 1 else None
        ),
        level=own_levels[offset - BASE_OFFSET],
        kse100_level=index_levels[offset - BASE_OFFSET],
    )


def _mean(rows: Sequence[Row], column: str) -> float | None:
    return statistics.fmean(row[column] for row in rows) if rows else None


async def _asked(
    archive: ArchiveDb, request: Any, address: str
) -> tuple[SymbolView, EventStudy | None]:
    view = await symbol_view(archive, request, address)
    articles = await symbol_articles(archive, view.main.instrument, view.main.rows)
    return view, await event_study(archive, view.main.instrument, articles)


async def reactions_csv(archive: ArchiveDb, request: Any) -> File:
    """Return each event and session of the study, as CSV."""
    view, study = await _asked(archive, request, "/symbol/{}/reactions.csv")
    rows = study.rows if study else ()
    text = as_csv([COLUMNS, *([row[name] for name in COLUMNS] for row in rows)])
    name = f"{view.main.symbol}-reactions.csv"
    return File(name, "text/csv; charset=utf-8", text.encode())


async def reactions_json(archive: ArchiveDb, request: Any) -> Page:
    """Return the study as JSON: means by offset, and each event and session."""
    view, study = await _asked(archive, request, "/symbol/{}/reactions.json")
    data = {
        "symbol": view.main.symbol,
        "period": view.period.as_json(),
        "event_count": study.event_count if study else 0,
        "article_count": study.article_count if study else 0,
        "articles_without_time": study.unsure_count if study else 0,
        "articles_without_session": study.unplaced_count if study else 0,
        "offsets": [asdict(step) for step in study.steps] if study else [],
        "events": [{name: row[name] for name in COLUMNS} for row in study.rows] if study else [],
    }
    return Page("", data=data)
