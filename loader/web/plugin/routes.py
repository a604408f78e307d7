"""Map paths to views. Plugin routes are tried before Datasette's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from loader.web.data.sites import Sites
from loader.web.pages.api import api_page
from loader.web.pages.article_table import article_table
from loader.web.pages.author import agency_page, author_page
from loader.web.pages.changes import article_page, changes_page
from loader.web.pages.charts import symbol_embed, symbol_svg
from loader.web.pages.core_csv import core_csv
from loader.web.pages.day import day_page, latest_day
from loader.web.pages.home import coverage_year, home
from loader.web.pages.page import own_page
from loader.web.pages.raw import raw_capture
from loader.web.pages.search import search_page, suggest_page
from loader.web.pages.sector import sector_page
from loader.web.pages.shown_data import sector_file, symbol_file
from loader.web.pages.symbol import symbol_list, symbol_page
from loader.web.pages.symbol_csv import symbol_boards
from loader.web.pages.symbol_json import symbol_json
from loader.web.pages.symbol_reactions import reactions_csv, reactions_json
from loader.web.pages.wanted import wanted_list
from loader.web.plugin.openapi import openapi_document

_PAGES: tuple[tuple[str, Callable[..., Any]], ...] = (
    (r"/$", own_page(home)),
    (r"/symbol/?$", own_page(symbol_list)),
    (r"/symbol/(?P<symbol>[^/]+)\.json$", own_page(symbol_json)),
    (r"/symbol/(?P<symbol>[^/]+)$", own_page(symbol_page)),
    (r"/symbol/(?P<symbol>[^/]*)/boards\.csv$", own_page(symbol_boards)),
    (r"/symbol/(?P<symbol>[^/]*)/reactions\.csv$", own_page(reactions_csv)),
    (r"/symbol/(?P<symbol>[^/]*)/reactions\.json$", own_page(reactions_json)),
    (r"/sector/(?P<sector>[^/]+)$", own_page(sector_page)),
    (r"/author/(?P<slug>[^/]+?)(?:\.json)?$", own_page(author_page)),
    (r"/agency/(?P<slug>[^/]+?)(?:\.json)?$", own_page(agency_page)),
    (r"/day/?$", own_page(latest_day)),
    (r"/day/(?P<date>[^/]+?)(?:\.json)?$", own_page(day_page)),
    (r"/coverage/(?P<year>[0-9]{4})$", own_page(coverage_year)),
    (r"/search(?:\.json)?$", own_page(search_page)),
    (r"/suggest\.json$", own_page(suggest_page)),
    (r"/article/(?P<id>[0-9]{1,15})/?$", own_page(article_page)),
    (r"/article/(?P<id>[0-9]{1,15})/changes(?:\.json)?$", own_page(changes_page)),
    (r"/table/(?P<id>[0-9]{1,15})/(?P<number>[0-9]{1,6})\.csv$", own_page(article_table)),
    (r"/wanted\.txt$", own_page(wanted_list)),
    (r"/api/?$", own_page(api_page)),
    (r"/raw/(?P<id>[0-9]{1,15})$", raw_capture),
    (r"/chart/symbol/(?P<symbol>[^/]+)\.svg$", own_page(symbol_svg)),
    (r"/chart/symbol/(?P<symbol>[^/]+)\.(?P<ending>csv|xlsx)$", own_page(symbol_file)),
    (r"/chart/sector/(?P<sector>[^/]+)\.(?P<ending>csv|xlsx)$", own_page(sector_file)),
    (r"/embed/symbol/(?P<symbol>[^/]+)$", own_page(symbol_embed)),
    (r"/-/openapi\.json$", openapi_document),
)


class ArchivePattern:
    """A route that matches only below the current prefix of an archive.

    Datasette collects routes before its databases are known. It accepts any object that has the
    method `match` of a compiled expression.
    """

    def __init__(self, datasette: Any, pattern: str) -> None:
        self._datasette = datasette
        self._pattern = re.compile(pattern)

    def match(self, path: str) -> re.Match[str] | None:
        """Return the match of a path without the prefix of its archive."""
        found = Sites.of(self._datasette).of_page(path)
        return self._pattern.match(found[1]) if found else None


class TablePattern(ArchivePattern):
    """A route that matches Datasette's own paths below an archive."""

    def match(self, path: str) -> re.Match[str] | None:
        """Return the match of a whole path."""
        site = Sites.of(self._datasette).of_path(path)
        is_table = site is not None and site.table_path(path) is not None
        return self._pattern.match(path) if is_table else None


Route = tuple[ArchivePattern, Callable[..., Any]]


def own_routes(datasette: Any) -> list[Route]:
    """Return patterns and their handlers."""
    pages = [(ArchivePattern(datasette, pattern), handler) for pattern, handler in _PAGES]
    return [*pages, *((TablePattern(datasette, pattern), handler) for pattern, handler in _csv())]


def _csv() -> list[tuple[str, Callable[..., Any]]]:
    """Return Datasette's own patterns for CSV."""
    # Datasette imports its plugins before its views.
    from datasette.views.database import DatabaseView
    from datasette.views.row import RowView
    from datasette.views.table import TableView

    database = r"/(?P<database>[^/.]+)"
    ending = r"\.(?P<format>csv)$"
    return [
        (database + ending, core_csv(DatabaseView)),
        (rf"{database}/(?P<table>[^/.]+){ending}", core_csv(TableView)),
        (rf"{database}/(?P<table>[^/]+?)/(?P<pks>[^/]+?){ending}", core_csv(RowView)),
    ]
