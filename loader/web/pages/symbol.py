"""`/symbol/OGDC`: one share or index over the days; `/symbol/`: which there are."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any
from urllib.parse import urlencode

from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.parameters import choice, in_path, text
from loader.web.data.prices import Instrument, find_instrument, joined_prices
from loader.web.errors import PageError
from loader.web.pages.coverage import span
from loader.web.pages.page import Page, Redirect
from loader.web.render.svg import line_chart
from loader.web.render.text_format import signed

RANGES = {"1m": 31, "3m": 92, "6m": 183, "1y": 365, "all": None}  # days
_USUAL_RANGE = "1y"
_SYMBOL = re.compile(r"[A-Z0-9.&-]{1,20}$")
_MAX_ROWS = 130  # half a year of trading days in the table; the rest as CSV
_MAX_ARTICLES = 200
_FEW_MENTIONS = 2000  # so many are read and sorted by date


async def symbol_list(archive: ArchiveDb, request: Any) -> Page | Redirect:
    """Every symbol that stands on a board, by sector."""
    rows = await archive.kept("symbols", lambda: archive.rows("symbols"))
    sectors: dict[str, list[Row]] = {}
    for row in rows:
        name = "Indices" if row["kind"] == "index" else row["sector"] or "Sector not known"
        sectors.setdefault(name, []).append(row)
    ordered = sorted(sectors.items(), key=lambda item: (item[0] != "Indices", item[0]))
    return Page("recorder_symbols.html", {"sectors": ordered, "count": len(rows)})


async def symbol_page(archive: ArchiveDb, request: Any) -> Page | Redirect:
    """The page of one instrument; an old symbol leads to the one it became."""
    wanted = in_path(request, "symbol")
    instrument = await wanted_instrument(archive, wanted)
    if instrument.renamed_to:
        return Redirect(f"/symbol/{instrument.renamed_to}?from={instrument.symbol}")
    if instrument.symbol != wanted:
        return Redirect(f"/symbol/{instrument.symbol}")
    length = choice(request, "range", tuple(RANGES), _USUAL_RANGE)
    days, last = await _days_of(archive, length)
    rows = await joined_prices(archive, instrument, *days)
    other, other_rows = await _compared(archive, request, instrument, days)
    articles = await _articles(archive, instrument, rows)
    chart = chart_data(instrument.symbol, rows, other.symbol if other else None, other_rows)
    chart["articles"] = _marks(articles, rows)
    return Page(
        "recorder_symbol.html",
        {
            "instrument": instrument.row,
            "events": instrument.events,
            "earlier": _earlier(instrument),
            "came_from": text(request, "from") if request.args.get("from") else "",
            "ranges": list(RANGES),
            "range": length,
            "rows": rows[::-1][:_MAX_ROWS],
            "seen_at": await _seen_at(archive, rows[-_MAX_ROWS:]),
            "row_count": len(rows),
            **_selection(days, [(instrument, rows), *([(other, other_rows)] if other else [])]),
            "summary": _summary(instrument.symbol, rows),
            "svg": line_chart(
                [row["date"] for row in rows],
                [row["price"] for row in rows],
                f"{instrument.symbol}, last price seen on each day",
            ),
            "chart": json.dumps(chart),
            "other": other.row if other else None,
            "compared": _rebased(chart, other_rows),
            "articles": articles,
            "last_archive_day": last,
            "symbols": await archive.kept("symbols", lambda: archive.rows("symbols")),
        },
    )


def _selection(days: tuple[int, int], shown: list[tuple[Instrument, list[Row]]]) -> dict[str, Any]:
    """The rows of the page as parameters of the view daily_prices, and how many it has of them."""
    symbols = [symbol for found, _ in shown for symbol in (*_earlier(found), found.symbol)]
    rows = [row for _, rows in shown for row in rows]
    index_only_count = sum(row["is_index_only"] for row in rows)
    dates = {
        name: f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"
        for name, day in zip(("date__gte", "date__lte"), days, strict=True)
    }
    return {
        "selection": urlencode({"symbol__in": ",".join(symbols), **dates, "_sort": "date"}),
        "selected_count": len(rows) - index_only_count,
        "index_only_count": index_only_count,
    }


def _earlier(instrument: Instrument) -> list[str]:
    return [symbol for _, symbol in instrument.earlier]


async def _seen_at(archive: ArchiveDb, rows: list[Row]) -> dict[int, str | None]:
    """When the board of each row was first captured, by its number."""
    ids = json.dumps([row["board_id"] for row in rows])
    boards = await archive.rows("boards_seen", {"ids": ids})
    return {board["id"]: board["first_captured_at"] for board in boards}


async def wanted_instrument(archive: ArchiveDb, wanted: str) -> Instrument:
    """The instrument an address names, in any case; PageError 404 when there is none."""
    symbol = wanted.strip().upper()
    instrument = await find_instrument(archive, symbol) if _SYMBOL.match(symbol) else None
    if instrument is None:
        raise PageError(
            404, "No such symbol", f"The archive knows no share or index called {wanted[:40]!r}."
        )
    return instrument


async def _days_of(archive: ArchiveDb, length: str) -> tuple[tuple[int, int], str | None]:
    """First and last day of a range, counted back from the latest day of the archive."""
    last_day = (await span(archive))["last_day"]
    if not last_day:
        return (0, 0), None
    last = datetime.date(last_day // 10000, last_day // 100 % 100, last_day % 100)
    days = RANGES[length]
    first = last - datetime.timedelta(days=days) if days else datetime.date(1900, 1, 1)
    return (int(first.strftime("%Y%m%d")), last_day), last.isoformat()


async def _compared(
    archive: ArchiveDb, request: Any, instrument: Instrument, days: tuple[int, int]
) -> tuple[Instrument | None, list[Row]]:
    wanted = text(request, "with").upper()
    if not wanted or wanted == instrument.symbol:
        return None, []
    other = await wanted_instrument(archive, wanted)
    if other.renamed_to:
        other = await wanted_instrument(archive, other.renamed_to)
    return other, await joined_prices(archive, other, *days)


async def _articles(archive: ArchiveDb, instrument: Instrument, rows: list[Row]) -> list[Row]:
    if not rows:
        span_dates = {"first_date": "0001", "last_date": "9999"}
    else:
        span_dates = {"first_date": rows[0]["date"], "last_date": rows[-1]["date"]}
    found: list[Row] = []
    for instrument_id in (instrument.row["id"], *(old_id for old_id, _ in instrument.earlier)):
        asked = {"instrument_id": instrument_id, "limit": _MAX_ARTICLES, **span_dates}
        few = await archive.has_at_most(_FEW_MENTIONS, "mentions_count", asked)
        found += await archive.rows("symbol_mentions" if few else "symbol_mentions_common", asked)
    found.sort(key=lambda row: (row["date"], row["id"]), reverse=True)
    return found[:_MAX_ARTICLES]


def chart_data(
    symbol: str, rows: list[Row], other: str | None = None, other_rows: list[Row] | None = None
) -> dict[str, Any]:
    """What static/recorder.js draws. With another symbol both start at 100 on the first
    day that shows both."""
    data: dict[str, Any] = {
        "symbol": symbol,
        "dates": [row["date"] for row in rows],
        "prices": [row["price"] for row in rows],
        "percents": [row["percent"] for row in rows],
        "suspect": [int(not is_sound(row)) for row in rows],
    }
    if other is None:
        return data
    theirs = {row["date"]: row["price"] for row in other_rows or []}
    common = [row for row in rows if row["date"] in theirs]
    data["other"] = other
    if not common or not common[0]["price"] or not theirs[common[0]["date"]]:
        return data
    start, their_start = common[0]["price"], theirs[common[0]["date"]]
    data["base_date"] = common[0]["date"]
    data["rebased"] = [round(100 * row["price"] / start, 2) for row in rows]
    data["other_dates"] = list(theirs)
    data["other_rebased"] = [round(100 * price / their_start, 2) for price in theirs.values()]
    return data


def is_sound(row: Row) -> bool:
    """Whether a quote has passed every check that could be made."""
    return bool(row["percent_ok"] and row["sign_ok"] and row["within_daily_limit"] != 0)


def _rebased(chart: dict[str, Any], other_rows: list[Row]) -> dict[str, dict[str, Any]]:
    """For the table: by date the other symbol's price and both figures from 100."""
    if "rebased" not in chart:
        return {}
    own = dict(zip(chart["dates"], chart["rebased"], strict=True))
    theirs = dict(zip(chart["other_dates"], chart["other_rebased"], strict=True))
    prices = {row["date"]: row for row in other_rows}
    return {
        date: {
            "own": own[date],
            "other": theirs.get(date),
            "price": prices[date]["price"] if date in prices else None,
            "board_id": prices[date]["board_id"] if date in prices else None,
        }
        for date in own
    }


def _marks(articles: list[Row], rows: list[Row]) -> list[dict[str, Any]]:
    """Days of the chart on which articles name the instrument, with how many and the first."""
    shown = {row["date"] for row in rows}
    marks: dict[str, dict[str, Any]] = {}
    for article in articles:
        if article["date"] in shown:
            mark = marks.setdefault(
                article["date"],
                {"date": article["date"], "count": 0, "headline": article["headline"] or ""},
            )
            mark["count"] += 1
    return list(marks.values())


def _summary(symbol: str, rows: list[Row]) -> str:
    if not rows:
        return f"No board of a known day shows {symbol} in this range."
    low, high = (pick(rows, key=lambda row: row["price"]) for pick in (min, max))
    change = rows[-1]["price"] / rows[0]["price"] * 100 - 100 if rows[0]["price"] else 0.0
    suspect = sum(not is_sound(row) for row in rows)
    doubt = f" {suspect} of them failed a check." if suspect else ""
    return (
        f"{symbol} was last seen at {rows[-1]['price']:,.2f} on {rows[-1]['date']}, against"
        f" {rows[0]['price']:,.2f} on {rows[0]['date']} ({signed(change, 1)} per cent). Lowest"
        f" {low['price']:,.2f} on {low['date']}, highest {high['price']:,.2f} on {high['date']},"
        f" of {len(rows)} {'day' if len(rows) == 1 else 'days'} with a board.{doubt}"
    )
