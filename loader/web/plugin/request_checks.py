"""Check requests for tables, rows and queries before Datasette handles them.

Datasette 0.65 treats a misspelt column as a text and returns no rows, and fails with status 500 on
several unexpected values. These checks respond with status 400 and the reason.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qs

from datasette.filters import Filters
from datasette.utils import derive_named_parameters, tilde_decode, urlsafe_components

from loader.web.data.shapes import Shape, near, read_shapes
from loader.web.data.sites import Site
from loader.web.errors import PageError
from loader.web.plugin.errors import refusal_of

_ADDRESS = re.compile(r"/(?P<table>[^/]+?)(?:/(?P<key>[^/]+?))?(?:\.(?P<format>\w+))?$")
# Parameters of Datasette and of optional plugins.
_KNOWN: Final = frozenset(
    "_search _searchmode _sort _sort_desc _sort_by_desc _next _size _col _nocol _where _facet"
    " _facet_array _facet_date _facet_size _through _labels _label _shape _json _json_infinity _nl"
    " _stream _header _dl _trace _ttl _timelimit _nocount _nofacet _nosuggest _filter_column"
    " _filter_op _filter_value _fts_table _fts_pk _extras _format _blob_column _blob_hash _success"
    " _hide_sql _show_sql _table_format _context".split()
)
_FACETS: Final = frozenset({"_facet", "_facet_array", "_facet_date"})
_LOOKUPS: Final = frozenset(key for key, _, _ in Filters([]).lookups())
_NUMERIC: Final = frozenset({"gt", "gte", "lt", "lte"})
_BOOLEANS: Final = frozenset({"on", "off", "true", "false", "1", "0"})
_LISTS: Final = frozenset({"in", "notin"})
# Tracking parameters that other sites append to shared URLs.
_PASSED_ON = re.compile(r"utm_\w+|[a-z]{1,6}clid")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_COUNT = re.compile(r"[0-9]{1,9}")
_ENCODED_COMMA = re.compile("%2c", re.IGNORECASE)

MAX_ROWS: Final = 500  # of a page on a public server, which takes a tenth of a second

Arguments = dict[str, list[str]]


class MovedError(Exception):
    """Redirects to the intended URL, given without base_url."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


async def check_request(datasette: Any, site: Site, path: str, query_string: str) -> None:
    """Raise PageError for a request that Datasette would misread, MovedError for a correctable one.

    `path` is relative to the archive's name (`/quotes.json`), still encoded.
    """
    asked = parse_qs(query_string, keep_blank_values=True)
    _check_counts(asked)
    if any("\0" in sql for sql in asked.get("sql", ())):  # Python 3.10: a ValueError, so a 500
        raise _bad("A query may not contain a NUL character.")
    match = _ADDRESS.match(path)
    if match is None:
        return
    name = tilde_decode(match["table"])
    try:
        shapes = await site.archive.cached("shapes", lambda: site.archive.run(read_shapes))
    except sqlite3.Error as error:
        raise refusal_of(error) from error
    if match["key"] is not None:
        _check_row(shapes.get(name), name, match["key"], f"/{site.part}{path}")
        return
    query = await datasette.get_canned_query(site.name, name, None)
    if query is not None:
        database = datasette.databases[site.name]
        _check_query(await derive_named_parameters(database, query["sql"]), asked)
    elif name in shapes:
        _check_table(shapes, name, asked, datasette.table_metadata(site.name, name))
    elif "%" not in match["table"]:  # otherwise Datasette redirects to its own encoding
        queries = await datasette.get_canned_queries(site.name, None)
        hint = near(name, {*shapes, *queries})
        raise PageError(404, "No such table", f"There is no table, view or query {name!r}.{hint}")


def check_page_size(path: str, query_string: str) -> None:
    """Refuse an HTML page that takes seconds to render; JSON and CSV of that size do not."""
    match = _ADDRESS.match(path)
    sizes = parse_qs(query_string).get("_size", [])
    is_long = any(
        size == "max" or (size.isdecimal() and int(size[:9]) > MAX_ROWS) for size in sizes
    )
    if is_long and (match is None or match["format"] is None):
        raise _bad(
            f"A page shows at most {MAX_ROWS} rows on this server; .json and .csv give more."
        )


def _check_counts(asked: Arguments) -> None:
    """Refuse invalid numbers and flags, which Datasette does not check."""
    for name in ("_timelimit", "_ttl"):
        for value in asked.get(name, ()):
            if value and not _COUNT.fullmatch(value):
                raise _bad(f"{name} must be a number, not {_shown(value)}.")
    for value in asked.get("_json_infinity", ()):
        if value.lower() not in _BOOLEANS:
            raise _bad(f"_json_infinity must be on or off, not {_shown(value)}.")
    for value in asked.get("_facet_size", ()):
        if value != "max" and not _COUNT.fullmatch(value):
            raise _bad(f"_facet_size must be a number or max, not {_shown(value)}.")


def _check_row(shape: Shape | None, name: str, key: str, path: str) -> None:
    if shape is None or shape.is_view:
        kind = "a view: its rows have no address of their own" if shape else "no table"
        raise PageError(404, "No such row", f"{name!r} is {kind}.")
    wanted = len(shape.keys)
    if len(urlsafe_components(key)) == wanted:
        return
    if len(_ENCODED_COMMA.sub(",", key).split(",")) == wanted:
        head, _, tail = path.rpartition("/")
        raise MovedError(f"{head}/{_ENCODED_COMMA.sub(',', tail)}")
    columns = ",".join(column for column, _ in shape.keys)
    values = "one value" if wanted == 1 else f"{wanted} values with a comma between"
    raise _bad(f"A row of {name} is named by {columns}: {values}.")


def _check_query(parameters: Iterable[str], asked: Arguments) -> None:
    own = [name for name in parameters if not name.startswith("_")]
    _check_special(asked)
    for name in asked:
        if name not in own and not name.startswith("_") and not _PASSED_ON.fullmatch(name):
            takes = f"takes {', '.join(own)}" if own else "takes no parameter"
            raise _bad(f"This query has no parameter {name!r}; it {takes}.{near(name, own)}")


def _check_table(
    shapes: dict[str, Shape], name: str, asked: Arguments, described: dict[str, Any]
) -> None:
    shape = shapes[name]
    columns = shape.columns
    if shape.keys == (("rowid", True),):
        columns = (*columns, "rowid")
    _check_special(asked)
    for key, values in asked.items():
        if not (key.startswith("_") and "__" not in key):
            for value in values:
                _check_filter(key, value, columns)
        elif key in _FACETS:
            for value in values:
                _check_column(value, columns, key)
    sort = (asked.get("_sort") or [""])[0]
    sort_desc = (asked.get("_sort_desc") or [""])[0]
    if sort and sort_desc:
        raise _bad("_sort and _sort_desc exclude each other.")
    for key, value in (("_sort", sort), ("_sort_desc", sort_desc)):
        if value:
            _check_column(value, columns, key)
    is_sorted = bool(sort or sort_desc or described.get("sort") or described.get("sort_desc"))
    for value in asked.get("_next", [])[:1]:
        if value:
            _check_next(value, shape, is_sorted)
    for value in asked.get("_through", ()):
        _check_through(value, shapes)


def _check_special(asked: Arguments) -> None:
    """Refuse misspelt parameters of Datasette; others may belong to plugins."""
    for key in asked:
        if key in _KNOWN or not key.startswith("_") or "__" in key:
            continue
        if key.startswith(("_search_", "_filter_")):
            continue
        hint = near(key, _KNOWN)
        if hint or key.startswith(("_search", "_facet")):
            raise _bad(f"There is no parameter {key!r}.{hint}")


def _check_filter(key: str, value: str, columns: Iterable[str]) -> None:
    column, separator, lookup = key.rpartition("__")
    if not separator:
        column, lookup = key, "exact"
    _check_column(column, columns, "A filter")
    if lookup not in _LOOKUPS:
        raise _bad(f"There is no comparison {lookup!r} ({key}).{near(lookup, _LOOKUPS)}")
    if lookup in _NUMERIC and value.isdigit() and not _INTEGER.fullmatch(value):
        raise _bad(f"{key}: {_shown(value)} is not a number that can be compared.")
    if lookup in _LISTS and value.startswith("["):
        listed = _json(value, key)
        if not all(_is_scalar(each) for each in listed):
            raise _bad(f"{key} must be a list of texts and numbers.")


def _check_column(name: str, columns: Iterable[str], given_by: str) -> None:
    if name not in columns:
        hint = near(name, columns) or f" Columns: {', '.join(columns)}."
        raise _bad(f"{given_by} must name a column, and {_shown(name)} is not one.{hint}")


def _check_next(value: str, shape: Shape, is_sorted: bool) -> None:
    if shape.is_view:
        if not _COUNT.fullmatch(value):
            raise _bad("_next of a view is a number of rows.")
        return
    components = urlsafe_components(value)
    keys = components[1:] if is_sorted else components
    if len(components) != len(shape.keys) + is_sorted or not all(
        _INTEGER.fullmatch(each) or not is_integer
        for each, (_, is_integer) in zip(keys, shape.keys, strict=False)
    ):
        raise _bad("_next must be taken from the previous page, in the same order.")


def _check_through(value: str, shapes: dict[str, Shape]) -> None:
    through = _json(value, "_through")
    wanted = 'an object such as {"table": "mentions", "column": "instrument_id", "value": 1}'
    if not isinstance(through, dict) or not {"table", "column", "value"} <= set(through):
        raise _bad(f"_through must be {wanted}.")
    table, column = through["table"], through["column"]
    if not isinstance(table, str) or table not in shapes:
        raise _bad(f"_through must name a table.{near(str(table), shapes)}")
    if not isinstance(column, str):
        raise _bad(f"_through must be {wanted}.")
    _check_column(column, shapes[table].columns, "_through")
    if not _is_scalar(through["value"]):
        raise _bad("The value of _through must be a text or a number.")


def _json(value: str, name: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise _bad(f"{name} is not valid JSON.") from None


def _is_scalar(value: Any) -> bool:
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or isinstance(value, (str, float))


def _shown(value: str) -> str:
    return repr(value if len(value) <= 60 else f"{value[:60]}…")


def _bad(message: str) -> PageError:
    return PageError(400, "Invalid request", message)
