"""Add variables to the row pages of articles, boards and snapshots."""

from __future__ import annotations

import json
from typing import Any

from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.parameters import day as parse_day
from loader.web.pages.author import signature
from loader.web.pages.capture_calendar import read_calendar
from loader.web.pages.changes import read_versions
from loader.web.pages.reactions import reactions
from loader.web.render.names_in_text import names_by_paragraph
from loader.web.render.text_format import paragraphs

_MAX_CAPTURES = 30
_MAX_CITED = 20
_MAX_LINKS = 20


_TEMPLATES = {
    "articles": "recorder_article.html",
    "boards": "recorder_board.html",
    "snapshots": "recorder_snapshot.html",
}


def row_template(table: str) -> str | None:
    """Return the template for rows of a table; None for Datasette's own."""
    return _TEMPLATES.get(table)


async def row_context(archive: ArchiveDb, table: str, row_id: str) -> dict[str, Any]:
    """Return the variables of the template; empty for other tables."""
    makers = {"articles": _article, "boards": _board, "snapshots": _snapshot}
    if table not in makers or not (row_id.isascii() and row_id.isdigit() and len(row_id) < 18):
        return {}
    return await makers[table](archive, int(row_id))


async def _article(archive: ArchiveDb, article_id: int) -> dict[str, Any]:
    article = await archive.row("article", {"id": article_id})
    if article is None:
        return {}
    day = (article["article_date"] or "")[:10]
    date = parse_day(day)
    number = int(date.strftime("%Y%m%d")) if date else -1
    versions = await read_versions(archive, article["page_id"])
    forms = await archive.rows("version_forms", {"page_id": article["page_id"]})
    mentions = await archive.rows("article_mentions", {"id": article_id, "day": number})
    names = await archive.rows("article_names", {"id": article_id})
    teasers = await archive.rows("article_teasers", {"id": article_id})
    tables = await archive.rows("article_tables", {"id": article_id})
    captures = await archive.rows("article_captures", {"id": article_id, "limit": _MAX_CAPTURES})
    tags = [row["name"] for row in await archive.rows("article_tags", {"id": article_id})]
    signed = await archive.rows(
        "credits_of_article", {"byline": article["byline"], "agency": article["agency"]}
    )
    return {
        "article": article,
        "byline": signature(article["byline"], (r for r in signed if r["place"] == "byline")),
        "agency": signature(article["agency"], (r for r in signed if r["place"] == "agency")),
        "calendar": await read_calendar(archive, article["page_id"], article_id, versions, forms),
        "day": day if date else None,
        "parts": body_parts(paragraphs(article["body"]), teasers, tables),
        "images": await archive.rows("article_images", {"id": article_id}),
        "authors": await archive.rows("article_authors", {"id": article_id}),
        "teasers": teasers,
        "text_links": await archive.rows(
            "article_text_links", {"id": article_id, "limit": _MAX_LINKS + 1}
        ),
        "versions": versions if len(versions) > 1 else [],
        "cited_by": await archive.rows(
            "cited_by", {"page_id": article["page_id"], "limit": _MAX_CITED + 1}
        ),
        "max_cited": _MAX_CITED,
        "form_of": next((row["version"] for row in forms if row["id"] == article_id), None),
        "mentions": mentions,
        "names": names_by_paragraph(article["body"], names),
        "has_market": any(row["board_id"] for row in mentions),
        "captures": captures,
        "max_captures": _MAX_CAPTURES,
        "tags": tags,
        "addresses": await archive.rows(
            "article_addresses", {"id": article_id, "limit": _MAX_LINKS}
        ),
        "links": await archive.rows("article_links", {"id": article_id, "limit": _MAX_LINKS}),
        "max_links": _MAX_LINKS,
        "kind": await archive.row("article_kind", {"id": article_id}),
        "reactions": reactions(await archive.rows("article_reactions", {"id": article_id})),
    }


def _opened(table: Row) -> Row:
    """Return a table with its decoded rows and its number of columns."""
    rows = json.loads(table["cells"])
    return {**table, "rows": rows, "width": max(map(len, rows), default=1)}


def body_parts(
    parts: list[tuple[str, str]], teasers: list[Row], tables: list[Row]
) -> list[tuple[str, Any]]:
    """Return the paragraphs, with teasers at their positions and tables instead of their text."""
    merged: list[tuple[str, Any]] = []
    covered = {
        number
        for table in tables
        for number in range(table["position"], table["position"] + table["paragraph_count"])
    }
    for index, part in enumerate(parts, 1):
        if index not in covered:
            merged.append(part)
        merged.extend(("rows", _opened(table)) for table in tables if table["position"] == index)
        merged.extend(("teaser", teaser) for teaser in teasers if teaser["position"] == index)
    beyond = [teaser for teaser in teasers if not 1 <= teaser["position"] <= len(parts)]
    merged.extend(("teaser", teaser) for teaser in beyond)
    return merged


async def _board(archive: ArchiveDb, board_id: int) -> dict[str, Any]:
    board = await archive.row("board", {"id": board_id})
    if board is None:
        return {}
    quotes = await archive.rows("board_quotes", {"board_id": board_id})
    return {
        "board": board,
        "quotes": [{**quote, "checks": checks(quote)} for quote in quotes],
        "failed": sum(any(not passed for _, passed, _ in checks(quote)) for quote in quotes),
        "captures": await archive.rows("board_captures", {"id": board_id, "limit": _MAX_CAPTURES}),
        "max_captures": _MAX_CAPTURES,
        "cited": await archive.row("citation", {"board_id": board_id}),
    }


def checks(quote: Row) -> list[tuple[str, bool, str]]:
    """Return each applicable check of a quote: name, whether it passed, and description."""
    error = quote["percent_error"]
    found = [
        ("sign", bool(quote["sign_ok"]), "word and sign agree"
         if quote["sign_ok"] else "word and sign disagree"),
        ("per cent", bool(quote["percent_ok"]), "follows from price and change"
         if quote["percent_ok"] else "cannot be computed" if error is None
         else f"differs by {error:+.2f} from price and change"),
    ]  # fmt: skip
    if quote["within_daily_limit"] is not None:
        held = bool(quote["within_daily_limit"])
        found.append(("limit", held, "within" if held else "more than the daily limit"))
    return found


async def _snapshot(archive: ArchiveDb, snapshot_id: int) -> dict[str, Any]:
    snapshot = await archive.row("snapshot", {"id": snapshot_id})
    if snapshot is None:
        return {}
    return {
        "snapshot": snapshot,
        "problems": await archive.rows("snapshot_problems", {"id": snapshot_id}),
    }
