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
    "slug": "The name as all of its spellings have it.",
    "name": "The spelling that most articles have.",
    "spellings": "Every spelling with its number of articles.",
    "article_count": "Number of articles.",
    "years": "Articles by year, the newest first; null without a date.",
    "sections": "Articles by section, up to 30.",
    "articles": "The newest 50 articles.",
    "pages_on_site": "Addresses of the author's pages on the site.",
}
JSON_PAGES: Final = (
    JsonPage(
        "/symbol/{symbol}.json", "symbolJson", "The days of a symbol, all of the period.",
        {
            "symbol": "The symbol of today; an earlier one leads to it.",
            "name": "Name of the company or index.",
            "kind": "share or index.",
            "sector": "Sector of the exchange.",
            "unit": "rupees or points.",
            "earlier_symbols": "Symbols before a renaming; their days are among the others.",
            "events": "Renames, mergers and listings.",
            "period": "First and last day that were asked for, and the range.",
            "basics": "Last and previous price, high and low with their days, number of days, last"
            " capture; null without a day in the period.",
            "peers": "Other shares of its sector; of an index the other indices.",
            "known_days": "First and last day, where none is in the period.",
            "undated": "Quotes of boards without a day, where no board of a known day shows it.",
            "compared_with": "The symbols given by `with`.",
            "own_closes": "Closes that the keeper brought, of days without a board too.",
            "days": "A row for each day and symbol, oldest first: the columns of the CSV.",
        },
        "/symbol/OGDC.json?range=1m",
    ),
    JsonPage(
        "/symbol/{symbol}/reactions.json", "symbolReactions",
        "What a share did around the newest articles of the period that mention it.",
        {
            "symbol": "The symbol of today; an earlier one leads to it.",
            "period": "First and last day that were asked for, and the range.",
            "event_count": "Sessions that could first react to an article.",
            "article_count": "Articles that these sessions could first react to.",
            "articles_without_time": "Articles left out: no clock time, or hours not known.",
            "articles_without_session": "Articles left out: the calendar knows no session.",
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
            "trading_day": "Its evidence; null without a board of that day.",
            "unconfirmed": "The holiday by the moon that may fall on it, where none is confirmed.",
            "previous_day": "The trading day before it that the archive knows.",
            "next_day": "The one after it.",
            "boards": "Its boards, the latest first, up to 30.",
            "board_count": "Number of all its boards.",
            "last_board_id": "The board that shows the day latest.",
            "quotes": "The quotes of that board.",
            "quote_count": "Number of them.",
            "articles": "Articles of the day, up to 60, without their bodies.",
            "article_count": "Number of all of them, counted up to 1,000.",
            "witnesses": "Evidence for the day.",
        },
        "/day/2024-05-10.json",
    ),
    JsonPage(
        "/search.json", "searchJson", "Full text over the articles; always answers 200.",
        {
            "words": "What was searched for.",
            "filters": "Filters as they were understood.",
            "sort": "rank or date.",
            "page": "Page of results, from 1.",
            "has_next": "Whether another page follows.",
            "count": "Number of results, counted up to 1,000.",
            "count_is_capped": "Whether there are more.",
            "notes": "What could not be understood.",
            "leads": "Where the words lead at once: a symbol, a company, a sector, a day, an"
            " author, a page.",
            "results": "Up to 20 articles.",
        },
        "/search.json?q=oil",
    ),
    JsonPage(
        "/article/{id}/changes.json", "changesJson",
        "Versions of an article's page, and what an editor changed between two of them.",
        {
            "article_id": "The article in the archive.",
            "page_id": "Its page; null where no address is known.",
            "url": "Canonical address of the page.",
            "versions": "The newest 200 versions.",
            "changes": "`old` and `new` version, and their paragraphs beside each other in pieces"
            " that were changed or not; null of a page with one version.",
        },
        "/article/1/changes.json",
    ),
    JsonPage(
        "/author/{slug}.json", "authorJson", "What an author or a desk signed.", _SIGNED,
        "/author/recorder-report.json",
    ),
    JsonPage(
        "/agency/{slug}.json", "agencyJson", "What a news agency signed.", _SIGNED,
        "/agency/reuters.json",
    ),
    JsonPage(
        "/suggest.json", "suggestJson", "Where words lead, for a search box.",
        {"words": "What was typed.", "leads": "Title, kind and address of each."},
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
    "description": "array: the rows as objects, nothing around them.",
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
        "302": {"description": "Another address is the right one."},
        "304": {"description": "Nothing has changed since that ETag."},
    }
    if "{" in page.path:
        responses["400"] = json_error("The address cannot be understood.")
        responses["404"] = json_error("The archive holds nothing of that.")
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
        {"name": "_size", "in": "query", "description": "Rows of a page.",
         "schema": {"type": "integer", "minimum": 1, "maximum": _MOST_ROWS}},
        *({"name": name, "in": "query", "description": words,
           "schema": {"type": "string", "enum": columns}}
          for name, words in (("_sort", "Column to sort by."),
                              ("_sort_desc", "The same, greatest first; not with _sort."))),
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
        "description": f"{described.get('description', '')} Columns take the other comparisons"
        " of Datasette too (`__in`, `__contains`, `__notblank` ...).".strip(),
        "parameters": parameters,
        "responses": {
            "200": _json("The rows.", {"type": "array", "items": row}),
            "400": json_error("Something about the request cannot be understood."),
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
