"""The Datasette plugin of the archive (entry point `datasette` in pyproject.toml).

A package and not a module: Datasette 0.65 finds templates and static files of packages only.
This file holds the hooks; what they do stands in the modules beside it.
"""

from __future__ import annotations

import functools
import hashlib
import sqlite3
from collections.abc import Awaitable, Callable
from importlib import resources
from typing import Any

from datasette import hookimpl

from loader.web.data.archive_db import DATABASE_NAME, ArchiveDb
from loader.web.data.counting import COUNT_CAP
from loader.web.data.search import fts_query
from loader.web.pages.raw import bokeh_scripts
from loader.web.pages.rows import row_context
from loader.web.plugin.routes import Route, own_routes
from loader.web.plugin.security import Application, guard
from loader.web.render.text_format import FILTERS, marked

_DISTRIBUTION = "brecorder-archive"  # under this name Datasette serves loader/web/static


# trylast: after Datasette's own registration, so that this replaces its escape_fts.
@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Any user text is a valid search, in `?_search=` and in the canned queries alike."""
    for name in ("fts_query", "escape_fts"):
        conn.create_function(name, 1, fts_query, deterministic=True)


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[Route]:
    """Home, symbols, days, search, raw captures, Bokeh's scripts, OpenAPI."""
    return own_routes()


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[Application], Application]:
    """405 for methods that write, the security headers, 304 for row pages."""
    return lambda app: guard(app, datasette)


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Filters for figures, times and snippets; addresses of our files, on error pages too."""
    env.filters.update(FILTERS)
    env.globals["recorder_count_cap"] = COUNT_CAP
    env.globals["recorder_files"] = functools.cache(lambda: _files(datasette))


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: Any) -> Any:
    """Words that a search marked, in tables and canned queries; all else as Datasette does."""
    if isinstance(value, str) and "⟦" in value and "⟧" in value:
        return marked(value)
    return None


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(
    view_name: str | None, database: str | None, table: str | None, request: Any, datasette: Any
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """What the row pages with a template of ours show besides the row."""

    async def variables() -> dict[str, Any]:
        archive = ArchiveDb.of(datasette)
        if view_name == "row" and database == DATABASE_NAME and table and archive and request:
            return await row_context(archive, table, request.url_vars["pks"])
        return {}

    return variables


def _files(datasette: Any) -> dict[str, Any]:
    """Our style sheet and script, with a hash so that a new version is fetched; Bokeh's."""
    static = resources.files(__package__) / "static"
    addresses: dict[str, Any] = {}
    for kind, name in (("css", "recorder.css"), ("js", "recorder.js")):
        digest = hashlib.sha256((static / name).read_bytes()).hexdigest()[:12]
        address = datasette.urls.static_plugins(_DISTRIBUTION, name)
        addresses[kind] = f"{address}?{digest}"
    addresses["bokeh"] = [datasette.urls.path(f"/-/bokeh/{name}") for name in bokeh_scripts()]
    return addresses
