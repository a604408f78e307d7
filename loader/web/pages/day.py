"""`/day/2024-05-03`: boards and articles of one day."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from loader.archive.undated import read_undated
from loader.market.closing import seen_when
from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.parameters import day as parse_day
from loader.web.data.parameters import in_path
from loader.web.data.search_filters import Filters
from loader.web.errors import PageError, Redirect
from loader.web.pages.coverage import span
from loader.web.pages.page import Page
from loader.web.pages.search import CAP
from loader.web.render.text_format import number

_MAX_BOARDS = 30
_MAX_ARTICLES = 60
_MAX_WITNESSES = 40
# Limits of the tints of the heat map in per cent.
_STRONG, _MIDDLE = 3.0, 1.0


async def latest_day(archive: ArchiveDb, request: Any) -> Page:
    """Redirect `/day/` to the latest day of a board, otherwise of an article.

    Without either, the page says why.
    """
    held = await span(archive)
    if latest := held["last_day"] or held["last_article"]:
        raise Redirect(f"/day/{latest}")
    return Page("recorder_no_day.html", {"undated": await archive.run(read_undated)})


async def day_page(archive: ArchiveDb, request: Any) -> Page:
    """Return the page of one day; 404 if the archive has neither board nor article of it."""
    wanted = in_path(request, "date")
    date = parse_day(wanted)
    if date is None:
        raise PageError(400, "No such date", "A day is written as 2024-05-03.")
    day_id = int(date.strftime("%Y%m%d"))
    boards = await archive.rows("day_boards", {"day": day_id, "limit": _MAX_BOARDS})
    articles = await archive.rows("day_articles", {"date": wanted, "limit": _MAX_ARTICLES})
    neighbours = await archive.row("neighbour_days", {"day": day_id}) or {}
    if not boards and not articles:
        near = " and ".join(day for day in neighbours.values() if day)
        hint = f" The nearest days with a board: {near}." if near else ""
        raise PageError(
            404, f"Nothing of {wanted}", f"The archive has no board or article of that day.{hint}"
        )
    day = await archive.row("trading_day", {"day": day_id})
    session = await archive.row("session", {"date": wanted})
    last = await _last_board(archive, day)
    quotes = await archive.rows("board_quotes", {"board_id": last["id"]}) if last else []
    day_quotes = await archive.rows("day_quotes", {"day": day_id, "limit": _MAX_BOARDS})
    shown = {
        "date": wanted,
        "unconfirmed": session["unconfirmed"] if session else None,
        "board_count": day["board_count"] if day else len(boards),
        "quote_count": len(quotes),
        "article_count": await _article_count(archive, wanted, len(articles)),
        "witnesses": await archive.rows("day_witnesses", {"day": day_id, "limit": _MAX_WITNESSES}),
        "articles": articles,
    }
    return Page(
        "recorder_day.html",
        {
            **shown,
            **neighbours,
            "day": day,
            "week": _week(date),
            "last": last,
            "cited": await archive.row("citation", {"board_id": last["id"] if last else None}),
            "seen": seen_when(wanted, last["last_captured_at"]) if last else None,
            "indices": [quote for quote in quotes if quote["kind"] == "index"],
            "sectors": by_sector(quotes),
            "boards": with_differences(boards, day_quotes),
            "day_id": day_id,
            "max_articles": _MAX_ARTICLES,
        },
        data={
            **shown,
            "trading_day": day,
            "previous_day": neighbours.get("previous"),
            "next_day": neighbours.get("next"),
            "boards": boards,
            "last_board_id": last["id"] if last else None,
            "quotes": quotes,
        },
    )


async def _article_count(archive: ArchiveDb, date: str, shown: int) -> int:
    """Return the number of articles of a day, up to the limit of a search."""
    if shown < _MAX_ARTICLES:
        return shown
    asked = {"from": date, "to": date, "cap": CAP}
    conditions = Filters(("from", "to")).of_articles(())
    return int((await archive.rows("browse_count", asked, conditions))[0]["found"])


async def _last_board(archive: ArchiveDb, day: Row | None) -> Row | None:
    """Return the latest board of the day, otherwise the latest one of its indices."""
    board_id = (day["last_board_id"] or day["index_board_id"]) if day else None
    if board_id is None:
        return None
    board = await archive.row("board", {"id": board_id})
    captures = await archive.rows("board_captures", {"id": board_id, "limit": 1})
    return {**board, "snapshot_id": captures[0]["id"] if captures else None} if board else None


def by_sector(quotes: list[Row]) -> list[tuple[str, list[Row]]]:
    """Return the shares by sector, each from the largest gain to the largest loss, with a tint."""
    sectors: dict[str, list[Row]] = {}
    for quote in quotes:
        if quote["kind"] == "share":
            sector = quote["sector"] or "Sector not known"
            sectors.setdefault(sector, []).append({**quote, "tint": tint(quote["percent"])})
    for shares in sectors.values():
        shares.sort(key=lambda share: (-share["percent"], share["symbol"]))
    return sorted(sectors.items(), key=lambda item: (-len(item[1]), item[0]))


def tint(percent: float) -> str:
    """Return the class of a heat map tile: up1 to up3, down1 to down3, or flat."""
    if not percent:
        return "flat"
    size = abs(percent)
    step = 3 if size >= _STRONG else 2 if size >= _MIDDLE else 1
    return f"{'up' if percent > 0 else 'down'}{step}"


def with_differences(boards: list[Row], quotes: list[Row]) -> list[Row]:
    """Return the boards in order of time, each with its differences from the previous one."""
    by_board: dict[int, dict[str, Row]] = {}
    for quote in quotes:
        by_board.setdefault(quote["board_id"], {})[quote["symbol"]] = quote
    shown: list[Row] = []
    before: dict[str, Row] = {}
    for board in reversed(boards):
        present = by_board.get(board["id"], {})
        moved = [
            {"symbol": symbol, "from": before[symbol]["price"], "to": quote["price"]}
            for symbol, quote in present.items()
            if symbol in before and before[symbol]["price"] != quote["price"]
        ]
        moved.sort(key=lambda item: -abs(item["to"] / item["from"] - 1) if item["from"] else 0)
        index = present.get("KSE100") or {}
        shown.append(
            {
                **board,
                "kse100": index.get("price"),
                "kse100_percent": index.get("percent"),
                "is_first": not before,
                "moved": _in_words(moved),
                "moved_count": len(moved),
            }
        )
        before = {**before, **present}
    return shown


def _in_words(moved: list[dict[str, Any]]) -> str:
    words = ", ".join(
        f"{item['symbol']} {number(item['from'])} → {number(item['to'])}" for item in moved[:3]
    )
    return f"{words} …" if len(moved) > 3 else words


def _week(day: datetime.date) -> str:
    """Return the Monday and Friday around a day, as parameters of a period."""
    monday = day - datetime.timedelta(days=day.weekday())
    return urlencode(
        {"from": monday, "to": monday + datetime.timedelta(days=max(4, day.weekday()))}
    )
