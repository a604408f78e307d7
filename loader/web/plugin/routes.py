"""Which address shows what. Plugin routes are tried before Datasette's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from loader.web.pages.day import day_page, latest_day
from loader.web.pages.home import coverage_year, home
from loader.web.pages.page import own_page
from loader.web.pages.raw import bokeh_script, raw_capture
from loader.web.pages.search import search_page
from loader.web.pages.symbol import symbol_list, symbol_page
from loader.web.pages.symbol_csv import symbol_boards
from loader.web.plugin.openapi import openapi_document

Route = tuple[str, Callable[..., Any]]


def own_routes() -> list[Route]:
    """Patterns and their handlers."""
    return [
        (r"^/$", own_page(home)),
        (r"^/symbol/?$", own_page(symbol_list)),
        (r"^/symbol/(?P<symbol>[^/]+)$", own_page(symbol_page)),
        (r"^/symbol/(?P<symbol>[^/]*)/boards\.csv$", own_page(symbol_boards)),
        (r"^/day/?$", own_page(latest_day)),
        (r"^/day/(?P<date>[^/]+)$", own_page(day_page)),
        (r"^/coverage/(?P<year>[0-9]{4})$", own_page(coverage_year)),
        (r"^/search$", own_page(search_page)),
        (r"^/raw/(?P<id>[0-9]{1,15})$", raw_capture),
        (r"^/-/bokeh/(?P<name>[a-z0-9.-]+)$", bokeh_script),
        (r"^/-/openapi\.json$", openapi_document),
    ]
