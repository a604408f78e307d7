"""`/-/openapi.json`: canned queries, views and our own paths as OpenAPI 3.1.

It is generated from metadata.yml, the views of the archive and the tables below, so that it cannot
list a query that no longer exists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from datasette.utils.asgi import Response

from loader.version import __version__
from loader.web.data.shapes import read_view_types
from loader.web.data.sites import Site
from loader.web.pages.page import site_of_page
from loader.web.plugin.openapi_data import (
    JSON_PAGES,
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
    "section": "Section of the paper.",
    "agency": "News agency.",
    "place": "Dateline.",
    "author": "Author, desk or agency: the name, or as in /author/a-writer.",
    "symbol": "Symbol that the text names.",
    "from": "First day of publication, 2024-05-03.",
    "to": "Last day of publication.",
    "sort": "rank or date.",
}
# Description of each canned query's parameter, with an example that has results.
_PARAMETERS: dict[str, tuple[str, str]] = {
    "q": ('Words, "phrases", -without, prefix* and OR.', "oil"),
    "symbol": ("A symbol such as OGDC or KSE100; empty means KSE100.", "OGDC"),
    "board_id": ("Number of a board; empty means the latest board.", ""),
    "news_id": ("Number in the address of a page.", "40298271"),
    "page": ("Page of the answer, from 1; empty means the first.", ""),
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
    {"name": "range", "in": "query", "description": "How far back.",
     "schema": {"type": "string", "enum": ["1y", "1m", "3m", "6m", "all"]}},
    {"name": "from", "in": "query", "description": "First day; goes before range.", "schema": _DAY},
    {"name": "to", "in": "query", "description": "Last day.", "schema": _DAY},
)  # fmt: skip
# Parameters of the chart of a symbol.
_CHART: tuple[dict[str, Any], ...] = (
    {"name": "symbol", "in": "path", "required": True, "schema": STRING, "example": "OGDC"},
    *_PERIOD,
    {"name": "with", "in": "query", "description": "Other symbols, up to five, all from 100.",
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
     "description": "Number of the article in the archive, else the one in its page's address."},
    *({"name": name, "in": "query", "schema": {"type": "integer"}, "description": meaning}
      for name, meaning in (("old", "Version to compare."), ("new", "Version to compare with."))),
)  # fmt: skip
_SLUG: dict[str, Any] = {
    "name": "slug", "in": "path", "required": True, "schema": STRING, "example": "reuters",
    "description": "The name in small letters with hyphens; any spelling leads there.",
}  # fmt: skip
_JSON_PARAMETERS: dict[str, tuple[dict[str, Any], ...]] = {
    "symbolJson": _CHART, "dayJson": (_DATE,), "searchJson": _SEARCH, "suggestJson": _SEARCH[:1],
    "changesJson": _CHANGES, "symbolReactions": _CHART[:-1],
    "authorJson": (_SLUG,), "agencyJson": (_SLUG,),
}  # fmt: skip
_FILES: dict[str, str] = {"svg": "image/svg+xml", "csv": "text/csv", "xlsx": MEDIA}
_OWN_PAGES: tuple[tuple[str, str, str, tuple[dict[str, Any], ...]], ...] = (
    ("/", "home", "Front page: latest board, movers, newest articles, coverage.", ()),
    ("/symbol/", "symbolList", "Every share and index that stands on a board.", ()),
    ("/sector/{sector}", "sector", "The shares of a sector over a period.", (
        {"name": "sector", "in": "path", "required": True, "schema": STRING, "example": "cement"},
        *_PERIOD,
    )),
    ("/symbol/{symbol}", "symbol", "One share or index over the days.", _CHART),
    ("/embed/symbol/{symbol}", "symbolEmbed", "The same as a page to be framed.", _CHART),
    ("/day/", "latestDay", "Leads to the latest trading day.", ()),
    ("/day/{date}", "day", "The market and the articles of one day.", (_DATE,)),
    ("/coverage/{year}", "coverage", "Which days of a year the archive holds.", (
        {"name": "year", "in": "path", "required": True,
         "schema": {"type": "string", "pattern": "^[0-9]{4}$"}, "example": "2024"},
    )),
    ("/search", "search", "Full text over the articles; always answers 200.", _SEARCH),
    ("/article/{id}", "article", "Leads to the page of an article.", _CHANGES[:1]),
    ("/article/{id}/changes", "changes", "What an editor changed between two versions.", _CHANGES),
    ("/author/{slug}", "author", "What an author or a desk signed.", (_SLUG,)),
    ("/agency/{slug}", "agency", "What a news agency signed.", (_SLUG,)),
    ("/api", "api", "Lines to copy that read this archive.", ()),
)  # fmt: skip


async def openapi_document(datasette: Any, request: Any) -> Response:
    """Return the document of one archive, with the base_url of its server."""
    site = site_of_page(datasette, request)
    queries = await datasette.get_canned_queries(site.name, request.actor)
    headers = {"Access-Control-Allow-Origin": "*"} if datasette.cors else {}
    base = datasette.setting("base_url").rstrip("/")
    types = await site.archive.kept("view types", lambda: site.archive.run(read_view_types))
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
    for path, operation, summary, parameters in _OWN_PAGES:
        paths[site.prefix + path] = {"get": _page_operation(operation, summary, parameters)}
    for ending, media in _FILES.items():
        paths[f"{site.prefix}/chart/symbol/{{symbol}}.{ending}"] = {
            "get": _page_operation(f"symbol_{ending}", "The chart of a symbol.", _CHART, media)
        }
    paths[f"{site.prefix}/symbol/{{symbol}}/boards.csv"] = {"get": _history_operation()}
    paths[f"{site.prefix}/symbol/{{symbol}}/reactions.csv"] = {
        "get": _page_operation(
            "symbolReactionsCsv", "Each event of reactions.json.", _CHART[:-1], "text/csv"
        )
    }
    paths[f"{site.prefix}/wanted.txt"] = {
        "get": _page_operation("wanted", "Pages led to and never captured.", (), "text/plain")
    }
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
            "400": json_error("Something about the request cannot be understood."),
        },
    }


def _page_operation(
    operation: str, summary: str, parameters: tuple[dict[str, Any], ...], media: str = "text/html"
) -> dict[str, Any]:
    responses = {
        "200": {"description": "The page.", "content": {media: {"schema": STRING}}},
        "302": {"description": "Another address is the right one."},
        "304": {"description": "Nothing has changed since that ETag."},
    }
    if operation != "search":
        responses["400"] = _plain("The address cannot be understood.")
        responses["404"] = _plain("The archive holds nothing of that.")
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": list(parameters),
        "responses": responses,
    }


def _history_operation() -> dict[str, Any]:
    return {
        "operationId": "symbolBoards",
        "summary": "Every board that shows a symbol, oldest first, boards without a day last.",
        "parameters": [
            {"name": "symbol", "in": "path", "required": True, "example": "OGDC",
             "schema": STRING}
        ],
        "responses": {
            "200": {"description": "The rows.", "content": {"text/csv": {"schema": STRING}}},
            "302": {"description": "Another address is the right one."},
            "304": {"description": "Nothing has changed since that ETag."},
            "404": _plain("There is no such symbol."),
        },
    }  # fmt: skip


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
            "304": {"description": "Nothing has changed since that ETag."},
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
