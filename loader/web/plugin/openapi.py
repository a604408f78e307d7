"""`/-/openapi.json`: canned queries, views and our own paths as OpenAPI 3.1.

It is generated from metadata.yml, the views of the archive and the tables below, so that it cannot
list a query that no longer exists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from datasette.utils.asgi import Response

from loader.version import __version__
from loader.web.data.shapes import read_view_types
from loader.web.data.sites import Site
from loader.web.pages.page import site_of_page
from loader.web.plugin.openapi_data import (
    INVALID_ADDRESS,
    INVALID_REQUEST,
    JSON_PAGES,
    NOT_HELD,
    REDIRECTS,
    SHAPE,
    STRING,
    json_error,
    page_operation,
    view_operation,
)
from loader.web.render.workbook import MEDIA

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")
_NUMBER = {"type": ["number", "null"]}
_INTEGER = {"type": ["integer", "null"]}
_TEXT = {"type": ["string", "null"]}
# Types of the columns of canned queries; all others are text.
_COLUMN_TYPES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(
        ("price", "change", "percent", "previous_price", "percent_error",
         "common_share", "mean_return", "mean_excess_return"), _NUMBER),
    **dict.fromkeys(
        ("id", "rank", "position", "board_id", "article_id", "snapshot_id", "percent_ok",
         "sign_ok", "news_id", "page_id", "version", "version_count", "words_added",
         "words_removed", "headline_changes", "silent_changes", "article_id_before", "link_count",
         "teaser_count", "text_link_count", "listing_count", "other_article_id", "session_offset",
         "return_count"), _INTEGER),
}  # fmt: skip
# Descriptions of the search filters, shared by the search page and its canned query.
_FILTERS: dict[str, str] = {
    "section": "Section of the newspaper.",
    "agency": "News agency.",
    "place": "Dateline.",
    "author": "Author, desk or agency: the name, or as in /author/a-writer.",
    "symbol": "Symbol of a share or index that the text names.",
    "from": "First day of publication, 2024-05-03.",
    "to": "Last day of publication.",
    "sort": "rank or date.",
}
# Description of each canned query's parameter, with an example that has results.
_PARAMETERS: dict[str, tuple[str, str]] = {
    "q": ('Words, "phrases", -without, prefix* and OR.', "oil"),
    "symbol": ("A symbol such as OGDC or KSE100; empty means KSE100.", "OGDC"),
    "board_id": ("Id of a board; empty means the latest board.", ""),
    "news_id": ("Number in the URL of a page.", "40298271"),
    "page": ("Page of results, from 1; empty means the first.", ""),
    "kind": ("copy or near; empty means both.", ""),
}
# Columns of each canned query's result, in order.
COLUMNS: dict[str, tuple[str, ...]] = {
    "search_articles": (
        "id", "headline", "snippet", "dateline", "article_date", "article_date_basis",
        "published_at", "section",
    ),
    "symbol_history": (
        "trading_day", "first_captured_at", "price", "change", "percent", "previous_price",
        "percent_ok", "board_id",
    ),
    "board_movers": (
        "rank", "symbol", "name", "price", "change", "percent", "direction", "board_id",
    ),
    "copies_and_wraps": (
        "kind", "common_share", "article_id", "headline", "article_date", "url",
        "other_article_id", "other_headline", "other_article_date", "other_url",
    ),
    "event_study": (
        "session_offset", "return_count", "mean_return", "mean_excess_return",
    ),
    "latest_board": (
        "position", "symbol", "name", "price", "change", "percent", "direction",
        "previous_price", "trading_day", "first_captured_at", "percent_ok", "board_id",
    ),
    "articles_under_board": (
        "snapshot_id", "article_id", "headline", "dateline", "published_at", "captured_at",
        "masthead_date", "board_id",
    ),
    "most_changed_pages": (
        "news_id", "headline", "version_count", "words_added", "words_removed",
        "headline_changes", "silent_changes", "first_seen_at", "last_seen_at", "url", "article_id",
    ),
    "pages_changed_in_silence": (
        "news_id", "version", "headline", "headline_before", "words_added", "words_removed",
        "before_seen_until", "first_seen_at", "updated_at", "url", "article_id",
        "article_id_before",
    ),
    "most_wanted_pages": (
        "url", "news_id", "headline", "link_count", "teaser_count", "text_link_count",
        "listing_count",
    ),
    "links_to_page": (
        "kind", "resolved_by", "headline", "citing_headline", "cited_at", "article_id",
        "snapshot_id",
    ),
    "failed_checks": (
        "board_id", "symbol", "price", "change", "percent", "percent_error", "sign_ok",
        "percent_ok", "first_captured_at",
    ),
}  # fmt: skip
_DAY = {"type": "string", "format": "date"}
_PERIOD: tuple[dict[str, Any], ...] = (
    {"name": "range", "in": "query", "description": "Length of the period.",
     "schema": {"type": "string", "enum": ["1y", "1m", "3m", "6m", "all"]}},
    {"name": "from", "in": "query", "description": "First day, instead of range.",
     "schema": _DAY},
    {"name": "to", "in": "query", "description": "Last day.", "schema": _DAY},
)  # fmt: skip
_CHART_FILE = "The chart of a symbol, or its days."
# Parameters of the chart of a symbol.
_CHART: tuple[dict[str, Any], ...] = (
    {"name": "symbol", "in": "path", "required": True, "schema": STRING, "example": "OGDC"},
    *_PERIOD,
    {"name": "with", "in": "query", "description": "Up to five other symbols, all rebased to 100.",
     "schema": {"type": "array", "items": STRING}},
)  # fmt: skip
_DATE: dict[str, Any] = {
    "name": "date", "in": "path", "required": True, "schema": _DAY, "example": "2024-05-03",
}  # fmt: skip
_SEARCH: tuple[dict[str, Any], ...] = tuple(
    {"name": name, "in": "query", "schema": STRING, "description": words}
    for name, words in (
        ("q", _PARAMETERS["q"][0]), *_FILTERS.items(), ("page", "Page of results, from 1."))
)  # fmt: skip
_CHANGES: tuple[dict[str, Any], ...] = (
    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}, "example": 1,
     "description": "Id of the article, otherwise the number in its page's URL."},
    *({"name": name, "in": "query", "schema": {"type": "integer"}, "description": meaning}
      for name, meaning in (("old", "Version to compare."), ("new", "Version to compare with."))),
)  # fmt: skip
_SLUG: dict[str, Any] = {
    "name": "slug", "in": "path", "required": True, "schema": STRING, "example": "reuters",
    "description": "The name in lower case with hyphens; any spelling redirects there.",
}  # fmt: skip
_JSON_PARAMETERS: dict[str, tuple[dict[str, Any], ...]] = {
    "symbolJson": _CHART, "dayJson": (_DATE,), "searchJson": _SEARCH, "suggestJson": _SEARCH[:1],
    "changesJson": _CHANGES, "symbolReactions": _CHART[:-1],
    "authorJson": (_SLUG,), "agencyJson": (_SLUG,),
}  # fmt: skip


class OwnPage(NamedTuple):
    """One of our pages or files: its path, its purpose, its parameters and its media type."""

    path: str
    operation: str
    summary: str
    parameters: tuple[dict[str, Any], ...] = ()
    media: str = "text/html"


_OWN_PAGES: tuple[OwnPage, ...] = (
    OwnPage("/", "home", "Front page: latest board, movers, newest articles, coverage."),
    OwnPage("/symbol/", "symbolList", "Every share and index on a board."),
    OwnPage("/sector/{sector}", "sector", "The shares of a sector over a period.", (
        {"name": "sector", "in": "path", "required": True, "schema": STRING, "example": "cement"},
        *_PERIOD,
    )),
    OwnPage("/symbol/{symbol}", "symbol", "One share or index by day.", _CHART),
    OwnPage("/embed/symbol/{symbol}", "symbolEmbed", "Its chart, to be embedded.", _CHART),
    OwnPage("/day/", "latestDay", "Redirects to the latest trading day."),
    OwnPage("/day/{date}", "day", "The market and the articles of one day.", (_DATE,)),
    OwnPage("/coverage/{year}", "coverage", "The days of a year with boards and articles.", (
        {"name": "year", "in": "path", "required": True,
         "schema": {"type": "string", "pattern": "^[0-9]{4}$"}, "example": "2024"},
    )),
    OwnPage("/search", "search", "Full-text search of articles; the status is always 200.",
            _SEARCH),
    OwnPage("/article/{id}", "article", "Redirects to the page of an article.", _CHANGES[:1]),
    OwnPage("/article/{id}/changes", "changes", "An editor's changes between two versions.",
            _CHANGES),
    OwnPage("/author/{slug}", "author", "Articles by an author or a desk.", (_SLUG,)),
    OwnPage("/agency/{slug}", "agency", "Articles by a news agency.", (_SLUG,)),
    OwnPage("/api", "api", "Code that reads this archive, to be copied."),
    OwnPage("/chart/symbol/{symbol}.svg", "symbol_svg", _CHART_FILE, _CHART, "image/svg+xml"),
    OwnPage("/chart/symbol/{symbol}.csv", "symbol_csv", _CHART_FILE, _CHART, "text/csv"),
    OwnPage("/chart/symbol/{symbol}.xlsx", "symbol_xlsx", _CHART_FILE, _CHART, MEDIA),
    OwnPage("/symbol/{symbol}/boards.csv", "symbolBoards",
            "Every board with a symbol, oldest first; boards without a day last.", _CHART[:1],
            "text/csv"),
    OwnPage("/symbol/{symbol}/reactions.csv", "symbolReactionsCsv",
            "Each event of reactions.json.", _CHART[:-1], "text/csv"),
    OwnPage("/wanted.txt", "wanted", "Linked pages that were never captured.", (), "text/plain"),
)  # fmt: skip


async def openapi_document(datasette: Any, request: Any) -> Response:
    """Return the document of one archive, with the base_url of its server."""
    site = site_of_page(datasette, request)
    queries = await datasette.get_canned_queries(site.name, request.actor)
    headers = {"Access-Control-Allow-Origin": "*"} if datasette.cors else {}
    base = datasette.setting("base_url").rstrip("/")
    types = await site.archive.cached("view types", lambda: site.archive.run(read_view_types))
    views = {
        f"/{site.part}/{name}.json": {
            "get": view_operation(name, columns, datasette.table_metadata(site.name, name))
        }
        for name, columns in types.items()
    }
    document = make_document(site, queries, base)
    document["paths"] = {**views, **document["paths"]}  # a query hides a view of the same name
    return Response.json(document, headers=headers)


def make_document(
    site: Site, queries: Mapping[str, Mapping[str, Any]], base: str
) -> dict[str, Any]:
    """Return OpenAPI 3.1 for these canned queries and our own paths."""
    paths: dict[str, Any] = {}
    for name, query in queries.items():
        if name in COLUMNS:
            paths[f"/{site.part}/{name}.json"] = {"get": _query_operation(name, query)}
    for page in JSON_PAGES:
        parameters = _JSON_PARAMETERS[page.operation]
        paths[site.prefix + page.path] = {"get": page_operation(page, parameters)}
    for own in _OWN_PAGES:
        paths[site.prefix + own.path] = {"get": _page_operation(own)}
    paths[f"{site.prefix}/raw/{{id}}"] = {"get": _raw_operation()}
    paths[f"{site.prefix}/-/openapi.json"] = {"get": _document_operation()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Recorder archive",
            "version": __version__,
            "description": "Boards and articles of Business Recorder pages, by capture. Read-only.",
        },
        "servers": [{"url": base or "/"}],
        "paths": paths,
    }


def query_parameters(query: Mapping[str, Any]) -> list[str]:
    """Return the names of a canned query's parameters, in order of appearance."""
    return list(dict.fromkeys(_PARAMETER.findall(query["sql"])))


def parameter_meaning(query: str, parameter: str) -> tuple[str, str]:
    """Return description and example of a query's parameter. Raises KeyError if undescribed."""
    if query == "search_articles" and parameter in _FILTERS:
        return _FILTERS[parameter], ""
    return _PARAMETERS[parameter]


def column_schema(column: str) -> dict[str, Any]:
    """Return the JSON schema of a column of a result."""
    return _COLUMN_TYPES.get(column, _TEXT)


def _query_operation(name: str, query: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [
        {
            "name": parameter, "in": "query", "schema": STRING,
            "description": meaning, "example": example,
        }
        for parameter in query_parameters(query)
        for meaning, example in [parameter_meaning(name, parameter)]
    ]  # fmt: skip
    columns = COLUMNS[name]
    row = {
        "type": "object",
        "properties": {column: column_schema(column) for column in columns},
        "required": list(columns),
    }
    content = {"application/json": {"schema": {"type": "array", "items": row}}}
    return {
        "operationId": name,
        "summary": query.get("title", name),
        "description": query.get("description", ""),
        "parameters": [SHAPE, *parameters],
        "responses": {
            "200": {"description": "The rows.", "content": content},
            "400": json_error(INVALID_REQUEST),
        },
    }


def _page_operation(page: OwnPage) -> dict[str, Any]:
    responses = {
        "200": {"description": "The page or file.", "content": {page.media: {"schema": STRING}}},
        **REDIRECTS,
    }
    if page.operation != "search":
        responses["400"] = _plain(INVALID_ADDRESS)
        responses["404"] = _plain(NOT_HELD)
    return {
        "operationId": page.operation,
        "summary": page.summary,
        "parameters": list(page.parameters),
        "responses": responses,
    }


def _raw_operation() -> dict[str, Any]:
    content = {"schema": {"type": "string", "format": "binary"}}
    return {
        "operationId": "rawCapture",
        "summary": "The exact bytes of a capture, as a download.",
        "parameters": [
            {"name": "id", "in": "path", "required": True, "example": 1,
             "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999_999_999}}
        ],
        "responses": {
            "200": {
                "description": "The bytes.",
                "content": {"text/plain": content, "application/octet-stream": content},
            },
            "304": REDIRECTS["304"],
            "404": _plain("There is no capture of that number."),
        },
    }  # fmt: skip


def _document_operation() -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "openapi",
        "summary": "This document.",
        "responses": {"200": {"description": "The document.", "content": content}},
    }


def _plain(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"text/html": {"schema": STRING}}}
