"""`/search?q=`: full text search of articles, for any input."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from loader.archive.fts_query import NOTHING, fts_query, is_too_short
from loader.rows.suggest import suggest_symbols, with_suggestion
from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.parameters import MAX_LENGTH, cleaned
from loader.web.data.parameters import day as parse_day
from loader.web.data.prices import known_symbols
from loader.web.data.search_filters import FEW, NAMES, Filters, signed_articles, small_sets
from loader.web.data.shapes import near
from loader.web.pages.author import slug_of
from loader.web.pages.leads import find_leads
from loader.web.pages.page import Page

PAGE_SIZE = 20
CAP = 1000  # matches that are counted and ranked; beyond that the page says "more than"
_SCANNED = 20_000  # up to so many articles of a section or of some days are tested for an author
_MAX_PAGE = 500
_SORTS = ("rank", "date")
# `matches` is defined in search_by_date_common.sql; the plus keeps SQLite from sorting them all.
_AMONG_MATCHES = "and +articles.id in (select id from matches)"
_PARAMETERS = ("q", *NAMES, "sort", "page")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """The valid part of a request; `notes` report the rest."""

    words: str
    query: str
    sort: str
    page: int
    filters: dict[str, str]
    notes: tuple[str, ...]

    def address(self, **changes: object) -> str:
        """Return the query string of this search, with some parts changed."""
        parts: dict[str, object] = {"q": self.words, **self.filters}
        if self.sort != _SORTS[0]:
            parts["sort"] = self.sort
        parts.update(changes)
        return urlencode({name: value for name, value in parts.items() if value})


async def search_page(archive: ArchiveDb, request: Any) -> Page:
    """Return results, always with status 200: invalid parameters are reported on the page."""
    asked = _parse(request)
    symbol = asked.filters.get("symbol")
    instrument = await archive.row("instrument", {"symbol": symbol}) if symbol else None
    notes = list(asked.notes)
    if symbol and instrument is None:
        meant = suggest_symbols(symbol, await known_symbols(archive))
        notes.append(with_suggestion(f"No share or index is called {symbol}.", meant))
    # No instrument has the id -1, so that an unknown symbol finds nothing.
    parameters: dict[str, Any] = {
        **asked.filters,
        "query": asked.query,
        "instrument_id": instrument["id"] if instrument else -1,
        "limit": PAGE_SIZE + 1,
        "offset": (asked.page - 1) * PAGE_SIZE,
        "cap": CAP + 1,
    }
    find = _find if asked.words else _browse
    found, count = await find(archive, asked, parameters)
    leads = await find_leads(archive, asked.words) if asked.page == 1 else []
    shown = {
        "has_next": len(found) > PAGE_SIZE and asked.page < _MAX_PAGE,
        "notes": notes + _help(asked, found),
        "results": found[:PAGE_SIZE],
    }
    return Page(
        "recorder_search.html",
        {
            **shown,
            "searched": asked,
            "browsing": not asked.words,
            "leads": leads,
            "first_number": parameters["offset"] + 1,
            "count": count,
            "cap": CAP,
            **await _choices(archive),
        },
        data={
            **shown,
            "words": asked.words,
            "filters": asked.filters,
            "sort": asked.sort,
            "page": asked.page,
            "count": min(count, CAP),
            "count_is_capped": count > CAP,
            "leads": [lead._asdict() for lead in leads],
        },
    )


async def suggest_page(archive: ArchiveDb, request: Any) -> Page:
    """Return suggestions for the search box, `/suggest.json?q=`."""
    words = cleaned(request.args.get("q"))[:100]
    leads = await find_leads(archive, words)
    return Page("", data={"words": words, "leads": [lead._asdict() for lead in leads]})


async def _find(
    archive: ArchiveDb, asked: SearchRequest, parameters: dict[str, Any]
) -> tuple[list[Row], int]:
    """Return one page of results with one row more if there is one, and the capped count."""
    filters = Filters(asked.filters)
    few = bool(filters.leading()) and await archive.has_at_most(
        FEW, "browse_count", parameters, filters.leading()
    )
    small = await small_sets(archive, filters, parameters)
    name = "search_by_rank" if asked.sort == "rank" else "search_by_date"
    answer = (await archive.rows(name, parameters, filters.of_matches(few, small)))[0]
    is_capped = int(answer["matches"]) > CAP
    count = CAP + 1 if is_capped else int(answer["hits"])
    if asked.sort == "date" and is_capped:
        conditions = filters.of_articles(small, among=_AMONG_MATCHES)
        answer = (await archive.rows("search_by_date_common", parameters, conditions))[0]
    ids: list[int] = json.loads(answer["ids"])
    if not ids:
        return [], count
    shown = {**parameters, "ids": answer["ids"], "first": min(ids), "last": max(ids)}
    rows = {row["id"]: row for row in await archive.rows("search_results", shown)}
    return [rows[number] for number in ids], count


async def _browse(
    archive: ArchiveDb, asked: SearchRequest, parameters: dict[str, Any]
) -> tuple[list[Row], int]:
    """Return the same as _find for a search without words: the newest articles by the filters."""
    filters = Filters(asked.filters)
    leading = filters.leading()
    if "author" in filters.names and not (
        leading and await archive.has_at_most(_SCANNED, "browse_count", parameters, leading)
    ):
        most = max(CAP + 1, parameters["offset"] + parameters["limit"])
        return await signed_articles(archive, filters, parameters, most)
    small = await small_sets(archive, filters, parameters)
    conditions = filters.of_articles(small)
    if len(filters.names) == 1 and filters.sets() and not small:
        count = CAP + 1
    else:
        count = int((await archive.rows("browse_count", parameters, conditions))[0]["found"])
    return await archive.rows("browse", parameters, conditions), count


def _parse(request: Any) -> SearchRequest:
    notes = []
    words = cleaned(request.args.get("q"))
    if len(words) > MAX_LENGTH:
        words = words[:MAX_LENGTH]
        notes.append(f"Only the first {MAX_LENGTH} characters were searched for.")
    if any(is_too_short(word) for word in words.split()):
        notes.append(
            "A * needs at least two letters before it: one alone was searched for as a word."
        )
    for name in request.args:
        if hint := "" if name in _PARAMETERS else near(name, _PARAMETERS):
            notes.append(f"There is no filter {name!r}.{hint}")
    filters = {name: cleaned(request.args.get(name))[:100] for name in NAMES}
    for name in ("from", "to"):
        if filters[name] and parse_day(filters[name]) is None:
            notes.append(f"“{filters[name]}” is not a date; write 2024-05-03.")
            filters[name] = ""
    filters["symbol"] = filters["symbol"].upper()
    filters["author"] = slug_of(filters["author"])
    sort = request.args.get("sort")
    number = request.args.get("page") or "1"
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    return SearchRequest(
        words=words,
        query=fts_query(words),
        sort=sort if sort in _SORTS else _SORTS[0],
        page=min(max(page, 1), _MAX_PAGE),
        filters={name: value for name, value in filters.items() if value},
        notes=tuple(notes),
    )


def _help(asked: SearchRequest, found: list[Any]) -> list[str]:
    if asked.words and asked.query == NOTHING:
        if any(char.isalnum() for char in asked.words):
            return ["A search needs a word that must occur: -word only excludes articles."]
        return ["There is no letter or digit to search for."]
    if asked.words and not found:
        if asked.page > 1:
            return ["There is no such page of results."]
        if asked.filters:
            return ["No articles found. Try without the filters."]
        return [
            "No articles found. Try fewer words, the beginning of a word with *, or OR between"
            " words."
        ]
    return []


async def _choices(archive: ArchiveDb) -> dict[str, list[str]]:
    """Return the values that the form offers: `sections`, `agencies` and `places`."""

    async def make() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {"sections": [], "agencies": [], "places": []}
        for row in await archive.rows("choices"):
            found[row["field"]].append(row["value"])
        return found

    return await archive.cached("choices", make)
