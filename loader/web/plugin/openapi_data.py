"""Data of `/-/openapi.json`: views as tables, and our own pages as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

Schema = dict[str, Any]
STRING: Final[Schema] = {"type": "string"}
_TYPES: Final[Mapping[str, Schema]] = {
    "TEXT": {"type": ["string", "null"]},
    "INTEGER": {"type": ["integer", "null"]},
    "REAL": {"type": ["number", "null"]},
}
_INTEGER: Final[Schema] = {"type": "integer"}
_BOOLEAN: Final[Schema] = {"type": "boolean"}
_OBJECT: Final[Schema] = {"type": "object"}
_OBJECT_OR_NULL: Final[Schema] = {"type": ["object", "null"]}
REDIRECTS: Final[Mapping[str, Schema]] = {
    "302": {"description": "The page is at another URL."},
    "304": {"description": "Unchanged since the response with this ETag."},
}
INVALID_ADDRESS: Final = "The URL is invalid."
INVALID_REQUEST: Final = "A parameter of the request is invalid."
NOT_HELD: Final = "The archive has no such page."
_RANGED: Final = ("date", "day", "_at")  # suffixes of columns that are compared as texts
_MOST_ROWS: Final = 5000  # max_returned_rows


class JsonPage(NamedTuple):
    """The JSON form of one of our pages: its path, its contents, and the meaning of each key."""

    path: str
    operation: str
    summary: str
    keys: Mapping[str, str]
    example: str


_SIGNED: Final = {
    "kind": "author, desk or agency.",
    "slug": "The name in lower case with hyphens, the same for all spellings.",
    "name": "The most frequent spelling.",
    "spellings": "All spellings with their numbers of articles.",
    "article_count": "Number of articles.",
    "years": "Numbers of articles by year, latest first; null for articles without a date.",
    "sections": "Numbers of articles by section, up to 30.",
    "articles": "The newest 50 articles.",
    "pages_on_site": "URLs of the author's pages on the site.",
}
JSON_PAGES: Final = (
    JsonPage(
        "/symbol/{symbol}.json", "symbolJson", "All days of a symbol in a period.",
        {
            "symbol": "The current symbol; an earlier one redirects to it.",
            "name": "Name of the company or index.",
            "kind": "share or index.",
            "sector": "Sector of the exchange.",
            "unit": "rupees or points.",
            "earlier_symbols": "Symbols before a renaming; their days are included.",
            "events": "Renames, mergers and listings.",
            "period": "Requested first and last day, and the range.",
            "basics": "Last and previous price, high and low with their days, number of days, last"
            " capture; null without a day in the period.",
            "peers": "Other shares of its sector; of an index the other indices.",
            "known_days": "First and last day, if none is in the period.",
            "undated": "Quotes of boards without a day, if the symbol is on no board with a day.",
            "compared_with": "The symbols given by `with`.",
            "own_closes": "Closes imported by the operator, also of days without a board.",
            "days": "A row for each day and symbol, oldest first: the columns of the CSV.",
        },
        "/symbol/OGDC.json?range=1m",
    ),
    JsonPage(
        "/symbol/{symbol}/reactions.json", "symbolReactions",
        "Reactions of a share to the newest articles of the period that mention it.",
        {
            "symbol": "The current symbol; an earlier one redirects to it.",
            "period": "Requested first and last day, and the range.",
            "event_count": "Sessions that could first react to an article.",
            "article_count": "Articles to which these sessions could first react.",
            "articles_without_time": "Articles left out: no clock time, or unknown trading hours.",
            "articles_without_session": "Articles left out: no later session in the calendar.",
            "offsets": "For each session from -1 to 5 the number of events with known returns,"
            " their means (0.01 is one per cent), the standard error of the excess, and levels"
            " from 100.",
            "events": "A row for each event and session: the columns of the CSV.",
        },
        "/symbol/OGDC/reactions.json?range=6m",
    ),
    JsonPage(
        "/day/{date}.json", "dayJson", "The market and the articles of one day.",
        {
            "date": "The day.",
            "trading_day": "The evidence for it; null without a board of that day.",
            "unconfirmed": "The unconfirmed lunar holiday that may fall on it, otherwise null.",
            "previous_day": "The previous trading day in the archive.",
            "next_day": "The next one.",
            "boards": "Its last 30 boards, latest first.",
            "board_count": "Number of its boards.",
            "last_board_id": "The last board of the day.",
            "quotes": "The quotes of that board.",
            "quote_count": "Number of these quotes.",
            "articles": "Articles of the day, up to 60, without their bodies.",
            "article_count": "Number of its articles, counted up to 1,000.",
            "witnesses": "Evidence for the day.",
        },
        "/day/2024-05-10.json",
    ),
    JsonPage(
        "/search.json", "searchJson", "Full-text search of articles; the status is always 200.",
        {
            "words": "The searched words.",
            "filters": "The valid filters.",
            "sort": "rank or date.",
            "page": "Page of results, from 1.",
            "has_next": "Whether another page follows.",
            "count": "Number of results, counted up to 1,000.",
            "count_is_capped": "Whether there are more than that.",
            "notes": "Messages about invalid parameters.",
            "leads": "Pages that the words name: a symbol, a company, a sector, a day, an author,"
            " an article.",
            "results": "Up to 20 articles.",
        },
        "/search.json?q=oil",
    ),
    JsonPage(
        "/article/{id}/changes.json", "changesJson",
        "Versions of an article's page, and an editor's changes between two of them.",
        {
            "article_id": "Id of the article.",
            "page_id": "Id of its page; null if its URL is unknown.",
            "url": "Canonical URL of the page.",
            "versions": "The newest 200 versions.",
            "changes": "Numbers of the `old` and `new` version, and their paragraphs side by side,"
            " in changed and unchanged pieces; null for a page with one version.",
        },
        "/article/1/changes.json",
    ),
    JsonPage(
        "/author/{slug}.json", "authorJson", "Articles by an author or a desk.", _SIGNED,
        "/author/recorder-report.json",
    ),
    JsonPage(
        "/agency/{slug}.json", "agencyJson", "Articles by a news agency.", _SIGNED,
        "/agency/reuters.json",
    ),
    JsonPage(
        "/suggest.json", "suggestJson", "Pages that the words name, for a search box.",
        {"words": "The typed words.", "leads": "Title, kind and path of each page."},
        "/suggest.json?q=ogdc",
    ),
)  # fmt: skip
# Types of keys whose values are not lists.
_KEY_TYPES: Final[Mapping[str, Schema]] = {
    **dict.fromkeys(("symbol", "kind", "unit", "date", "words", "sort", "slug"), STRING),
    **dict.fromkeys(("name", "sector", "previous_day", "next_day", "unconfirmed"), _TYPES["TEXT"]),
    **dict.fromkeys(
        ("page", "count", "board_count", "quote_count", "article_count", "event_count",
         "articles_without_time", "articles_without_session"), _INTEGER),
    **dict.fromkeys(("has_next", "count_is_capped"), _BOOLEAN),
    **dict.fromkeys(("period", "filters"), _OBJECT),
    **dict.fromkeys(("trading_day", "basics", "known_days", "changes"), _OBJECT_OR_NULL),
    **dict.fromkeys(("page_id", "last_board_id"), _TYPES["INTEGER"]),
    "article_id": _INTEGER,
    "url": _TYPES["TEXT"],
}  # fmt: skip
SHAPE: Final[Schema] = {
    "name": "_shape", "in": "query", "required": True,
    "description": "array: only the rows, as objects.",
    "schema": {"type": "string", "enum": ["array"]},
}  # fmt: skip


def page_operation(page: JsonPage, parameters: tuple[Schema, ...]) -> Schema:
    """Return the operation of the JSON form of one of our pages."""
    properties = {
        key: {**_KEY_TYPES.get(key, {"type": "array"}), "description": meaning}
        for key, meaning in page.keys.items()
    }
    answer = {"type": "object", "properties": properties, "required": list(properties)}
    responses = {
        "200": _json("The data of the page.", answer),
        **REDIRECTS,
    }
    if "{" in page.path:
        responses["400"] = json_error(INVALID_ADDRESS)
        responses["404"] = json_error(NOT_HELD)
    return {
        "operationId": page.operation,
        "summary": page.summary,
        "parameters": list(parameters),
        "responses": responses,
    }


def view_operation(view: str, types: Mapping[str, str], described: Mapping[str, Any]) -> Schema:
    """Return the operation of a view as a table; `types` are its declared column types."""
    meanings = described.get("columns") or {}
    columns = list(types)
    parameters = [
        SHAPE,
        {"name": "_size", "in": "query", "description": "Number of rows on a page.",
         "schema": {"type": "integer", "minimum": 1, "maximum": _MOST_ROWS}},
        *({"name": name, "in": "query", "description": words,
           "schema": {"type": "string", "enum": columns}}
          for name, words in (("_sort", "Column to sort by."),
                              ("_sort_desc", "The same in descending order."))),
        *(_filter(name, meanings.get(column, ""))
          for column, declared in types.items() for name in _filters(column, declared)),
    ]  # fmt: skip
    row = {
        "type": "object",
        "properties": {column: _TYPES.get(declared, {}) for column, declared in types.items()},
        "required": columns,
    }
    return {
        "operationId": f"view_{view}",
        "summary": f"Rows of the view {view}.",
        "description": f"{described.get('description', '')} Columns also accept the other"
        " comparisons of Datasette (`__in`, `__contains`, `__notblank` ...).".strip(),
        "parameters": parameters,
        "responses": {
            "200": _json("The rows.", {"type": "array", "items": row}),
            "400": json_error(INVALID_REQUEST),
        },
    }


def _filters(column: str, declared: str) -> tuple[str, ...]:
    is_ranged = declared in ("INTEGER", "REAL") or column.endswith(_RANGED)
    return (column, f"{column}__gte", f"{column}__lte") if is_ranged else (column,)


def _filter(name: str, meaning: str) -> Schema:
    bound = {"gte": "At least this. ", "lte": "At most this. "}.get(name.rpartition("__")[2], "")
    return {"name": name, "in": "query", "schema": STRING, "description": f"{bound}{meaning}"}


def json_error(description: str) -> Schema:
    """Return the schema of an error response in JSON."""
    return _json(description, {"type": "object", "required": ["ok", "error"]})


def _json(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
