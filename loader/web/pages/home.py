"""`/`: the latest board, the index, the newest articles, and the coverage."""

from __future__ import annotations

import datetime
from typing import Any

from loader.archive.undated import read_undated
from loader.market.closing import seen_when
from loader.web.charts.draw import page_svg, sparkline
from loader.web.charts.layout import NARROW, SMALL, Layout, Size
from loader.web.charts.series import series_of
from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.prices import daily_prices
from loader.web.errors import PageError
from loader.web.pages.coverage import span, year_calendar, years
from loader.web.pages.page import Page
from loader.words import counted

_INDICES = ("KSE100", "KSE30", "BR100", "BR30")
_SPARK_DAYS = 90  # calendar days up to the last one
_MOVERS = 6
_ARTICLES = 9
_PRICES = 60


async def home(archive: ArchiveDb, request: Any) -> Page:
    """Return the front page."""

    async def make() -> dict[str, Any]:
        return await _summary(archive)

    return Page("recorder_home.html", await archive.cached("home", make))


async def coverage_year(archive: ArchiveDb, request: Any) -> Page:
    """Return the calendar of one year, `/coverage/2024`."""
    year = int(request.url_vars["year"])
    held = await span(archive)
    known = years(held)
    if year not in known:
        raise PageError(404, f"Nothing of {year}", "The archive has nothing of that year.")
    months = await year_calendar(archive, year)
    return Page(
        "recorder_coverage.html", {"year": year, "years": known, "months": months, "span": held}
    )


async def _summary(archive: ArchiveDb) -> dict[str, Any]:
    held = await span(archive)
    board = await archive.row("latest_board")
    prices = [] if board else await archive.rows("latest_prices", {"limit": _PRICES})
    quotes = await archive.rows("board_quotes", {"board_id": board["board_id"]}) if board else []
    known = years(held)
    histories = {symbol: await daily_prices(archive, symbol) for symbol in _INDICES}
    main = histories["KSE100"]
    # The year of the latest board, since articles can be years newer or older than any board.
    year = int(held["last_day"][:4]) if held["last_day"] else known[-1] if known else None
    return {
        "board": board,
        "latest_prices": prices,
        "undated": await archive.run(read_undated),
        "seen": seen_when(board["trading_day"], board["last_captured_at"])
        if board and board["trading_day"]
        else None,
        "cards": [_card(quote, histories[quote["symbol"]]) for quote in _indices(quotes)],
        "gainers": _movers(quotes, gain=True),
        "losers": _movers(quotes, gain=False),
        "main": main,
        "main_chart": page_svg(_layout("KSE100", main, NARROW)) if main else "",
        "articles": await archive.rows("newest_articles", {"limit": _ARTICLES}),
        "span": held,
        "years": known,
        "months": await year_calendar(archive, year) if year else [],
    }


def _indices(quotes: list[Row]) -> list[Row]:
    found = {quote["symbol"]: quote for quote in quotes}
    return [found[symbol] for symbol in _INDICES if symbol in found]


def _card(quote: Row, history: list[Row]) -> dict[str, Any]:
    recent = _latest(history)
    return {
        **quote,
        "days": len(recent),
        "spark": sparkline(_layout(quote["symbol"], recent, SMALL)) if len(recent) > 1 else "",
    }


def _latest(history: list[Row]) -> list[Row]:
    if not history:
        return []
    last = datetime.date.fromisoformat(history[-1]["date"])
    first = (last - datetime.timedelta(days=_SPARK_DAYS)).isoformat()
    return [row for row in history if row["date"] >= first]


def _layout(symbol: str, rows: list[Row], size: Size) -> Layout:
    return Layout(_in_words(symbol, rows), (series_of(symbol, rows),), size)


def _movers(quotes: list[Row], gain: bool) -> list[dict[str, Any]]:
    """Return the largest moves in one direction; `width` of a bar is in per cent of the largest."""
    moved = [
        quote
        for quote in quotes
        if quote["kind"] == "share" and (quote["percent"] > 0 if gain else quote["percent"] < 0)
    ]
    moved.sort(key=lambda quote: (-abs(quote["percent"]), quote["symbol"]))
    largest = max(
        (abs(quote["percent"]) for quote in quotes if quote["kind"] == "share"), default=0
    )
    return [
        {**quote, "width": round(100 * abs(quote["percent"]) / largest)}
        for quote in moved[:_MOVERS]
    ]


def _in_words(symbol: str, rows: list[Row]) -> str:
    """Return the text alternative of a line chart."""
    if len(rows) < 2:
        return f"{symbol}: too few days for a chart"
    low, high = (pick(rows, key=lambda row: row["price"]) for pick in (min, max))
    return (
        f"{symbol} as last seen on {counted(len(rows), 'day')} from {rows[0]['date']} to"
        f" {rows[-1]['date']}: from {rows[0]['price']:,.2f} to {rows[-1]['price']:,.2f},"
        f" lowest {low['price']:,.2f} on {low['date']}, highest {high['price']:,.2f}"
        f" on {high['date']}"
    )
