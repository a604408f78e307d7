"""`/symbol/OGDC`: one share or index over a period; `/symbol/`: the list of all."""

from __future__ import annotations

import datetime
from typing import Any

from loader.market.closing import seen_when
from loader.web.charts.draw import legend, page_svg
from loader.web.charts.script_data import script_data
from loader.web.charts.series import Mark
from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.parameters import text
from loader.web.data.prices import seen_boards
from loader.web.pages.charts import file_name
from loader.web.pages.own_closes import INDEX_SLACK, beside_prices
from loader.web.pages.page import Page
from loader.web.pages.period import RANGE_NAMES
from loader.web.pages.symbol_articles import symbol_articles
from loader.web.pages.symbol_basics import (
    MOST_UNDATED,
    read_basics,
    read_other_days,
    read_peers,
)
from loader.web.pages.symbol_reactions import event_study
from loader.web.pages.symbol_view import (
    MOST_OTHERS,
    Shown,
    SymbolView,
    in_words,
    symbol_view,
)

_MAX_ROWS = 130  # rows of the table, half a year of trading days; the CSV has all
_MAX_PEERS = 24


async def symbol_list(archive: ArchiveDb, request: Any) -> Page:
    """Return the page of all symbols that are on a board, by sector."""
    rows = await archive.cached("symbols", lambda: archive.rows("symbols"))
    sectors: dict[str, list[Row]] = {}
    for row in rows:
        name = "Indices" if row["kind"] == "index" else row["sector"] or "Sector not known"
        sectors.setdefault(name, []).append(row)
    ordered = sorted(sectors.items(), key=lambda item: (item[0] != "Indices", item[0]))
    return Page("recorder_symbols.html", {"sectors": ordered, "count": len(rows)})


async def symbol_page(archive: ArchiveDb, request: Any) -> Page:
    """Return the page of one instrument; an old symbol redirects to its successor."""
    view = await symbol_view(archive, request)
    rows = view.main.rows
    articles = await symbol_articles(archive, view.main.instrument, rows)
    study = await event_study(archive, view.main.instrument, articles)
    index_only_count = sum(row["is_index_only"] for each in view.shown for row in each.rows)
    return Page(
        "recorder_symbol.html",
        {
            "instrument": view.main.instrument.row,
            "unit": view.main.instrument.unit,
            "events": view.main.instrument.events,
            "earlier": view.main.symbols[:-1],
            "came_from": text(request, "came_from"),
            "ranges": RANGE_NAMES,
            "period": view.period,
            "query": view.query,
            "file_name": file_name(view, "svg"),
            "others": [each.instrument.row for each in view.others],
            "most_others": MOST_OTHERS,
            "rows": rows[::-1][:_MAX_ROWS],
            "seen": _seen_by_day(view.main, await seen_boards(archive, rows[-_MAX_ROWS:])),
            "row_count": len(rows),
            "basics": await read_basics(archive, view.main),
            "peers": await read_peers(archive, view.main),
            "max_peers": _MAX_PEERS,
            **await read_other_days(archive, view.main),
            "max_undated": MOST_UNDATED,
            "own_closes": await beside_prices(archive, view),
            "selection": view.selection,
            "selected_count": sum(len(each.rows) for each in view.shown) - index_only_count,
            "index_only_count": index_only_count,
            "cited": (
                await archive.row("citation", {"board_id": rows[-1]["board_id"]}) if rows else None
            ),
            "summary": in_words(view.main.symbol, rows),
            "chart": _chart(view, marks_of(articles)),
            "compared": _compared(view),
            "articles": articles,
            "reactions": study.shown() if study else None,
            "symbols": await archive.cached("symbols", lambda: archive.rows("symbols")),
        },
    )


def _chart(view: SymbolView, marks: tuple[Mark, ...]) -> dict[str, Any] | None:
    """Return the chart, its legend and the data for the script; None without prices."""
    layout = view.layout(marks)
    if layout is None:
        return None
    return {
        "svg": page_svg(layout),
        "data": script_data(layout),
        "legend": legend(layout.series) if view.others else "",
        "base_date": view.base_day,
        "names": ", ".join(line.name for line in view.lines),
        "unseen": view.unseen,
    }


def _compared(view: SymbolView) -> dict[str, list[dict[str, Any]]]:
    """Return price, board and rebased value of each symbol by date, for the table."""
    if not view.others:
        return {}
    rows = view.main.rows[-_MAX_ROWS:]
    first = datetime.date.fromisoformat(rows[0]["date"]).toordinal() if rows else 0
    rebased = {
        line.name: {
            datetime.date.fromordinal(point.day).isoformat(): point.value
            for point in line.points
            if point.day >= first
        }
        for line in view.lines
    }
    by_date = [{row["date"]: row for row in each.rows} for each in view.shown]
    return {
        row["date"]: [
            {
                "row": known.get(row["date"]),
                "rebased": rebased.get(each.symbol, {}).get(row["date"]),
            }
            for each, known in zip(view.shown, by_date, strict=True)
        ]
        for row in rows
    }


def _seen_by_day(shown: Shown, boards: dict[int, Row]) -> dict[str, dict[str, Any]]:
    """Return each day's time of the last price, whether the session was over, and the next base."""
    slack = INDEX_SLACK if shown.instrument.is_index else 0
    by_day: dict[str, dict[str, Any]] = {}
    for row, base in shown.followed():
        board = boards.get(row["board_id"])
        if board is None:
            continue
        first, last = (
            seen_when(row["date"], board[name])
            for name in ("first_captured_at", "last_captured_at")
        )
        by_day[row["date"]] = {
            "first": board["first_captured_at"],
            "state": f"{'' if first is last else 'still '}{last.value}" if last else None,
            "next_day": base,
            "agrees": None if base is None else _agrees(row["price"], base, slack),
        }
    return by_day


def _agrees(price: float, base: float, slack: int) -> bool:
    """Whether a price equals the next session's base, by the rule of the view daily_prices."""
    return abs(round(100 * price) - round(100 * base)) <= slack


def marks_of(articles: list[Row]) -> tuple[Mark, ...]:
    """Return the days of articles, each with their number and the first headline."""
    marks: dict[str, Mark] = {}
    for article in articles:
        date = article["date"]
        day = datetime.date.fromisoformat(date).toordinal()
        before = marks.get(date, Mark(day, 0, article["headline"] or ""))
        marks[date] = before._replace(article_count=before.article_count + 1)
    return tuple(marks.values())
