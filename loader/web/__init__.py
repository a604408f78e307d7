"""Register the archive's plugin with Datasette (entry point `datasette` in pyproject.toml).

Datasette 0.65 finds templates and static files only in a package, not in a module. This file has
the hooks, and the modules of the package do the work. Hooks act only on archives of this loader:
other databases are served as without the plugin.
"""

from __future__ import annotations

import functools
import hashlib
import sqlite3
from collections.abc import Awaitable, Callable, Generator
from importlib import resources
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import Forbidden

from loader.archive.fts_query import fts_query
from loader.web.charts.series import is_sound
from loader.web.data.archive_database import COUNT_CAP
from loader.web.data.described import Described
from loader.web.data.sites import Sites
from loader.web.pages.first_query import first_query
from loader.web.pages.page import refuse
from loader.web.pages.rows import row_context, row_template
from loader.web.plugin.errors import refusal_of
from loader.web.plugin.lanes import Application
from loader.web.plugin.routes import Route, own_routes
from loader.web.plugin.security import Guard
from loader.web.plugin.settings import PLUGIN
from loader.web.render.core_pages import accessible
from loader.web.render.text_format import FILTERS, marked

_DESCRIBED = "_recorder_described"


# trylast: after Datasette's own registration, so that this replaces its escape_fts.
@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:
    """Register functions that make any text a valid search, in `?_search=` and canned queries."""
    if Sites.of(datasette).of_database(database):
        for name in ("fts_query", "escape_fts"):
            conn.create_function(name, 1, fts_query, deterministic=True)


@hookimpl  # type: ignore[untyped-decorator]
def get_metadata(datasette: Any) -> dict[str, Any]:
    """Return titles, units and canned queries of archives without metadata from the user."""
    kept = getattr(datasette, _DESCRIBED, None)
    if kept is None:
        kept = Described(datasette)
        setattr(datasette, _DESCRIBED, kept)
    databases = kept.databases()
    return {"databases": databases} if databases else {}


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Any) -> list[Route]:
    """Return the routes of the plugin's pages and files."""
    return own_routes(datasette)


# trylast: outermost, so that other middleware (gzip) also runs in the lane of a costly request.
@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[Application], Application]:
    """Wrap Datasette with checks of requests, limits, response headers and 304 for row pages."""
    return lambda app: Guard(app, datasette)


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Add filters for numbers, times, snippets and Datasette's own pages, and URLs of our files."""
    env.filters.update({**FILTERS, "accessible": accessible, "is_sound": is_sound})
    env.globals["recorder_count_cap"] = COUNT_CAP
    env.globals["recorder_files"] = functools.cache(lambda: _files(datasette))


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: Any, database: str, datasette: Any) -> Any:
    """Highlight search matches in tables and canned queries; leave other cells to Datasette."""
    is_marked = isinstance(value, str) and "⟦" in value and "⟧" in value
    return marked(value) if is_marked and Sites.of(datasette).of_database(database) else None


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(
    view_name: str | None, table: str | None, request: Any, datasette: Any
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Return the archive of a page, its first query, and further variables of row pages."""

    async def variables() -> dict[str, Any]:
        site = Sites.of(datasette).of_path(request.path) if request else None
        if not site:
            return {}
        found = {"site": site, "other_databases": await _visible(datasette, request, site.beside)}
        if view_name == "database" and "sql" not in request.args:
            return {**found, "first_query": await first_query(site.archive)}
        if view_name != "row" or not table:
            return found
        context = await row_context(site.archive, table, request.url_vars["pks"])
        return {**found, **context, "row_template": row_template(table) if context else None}

    return variables


@hookimpl  # type: ignore[untyped-decorator]
def forbidden(datasette: Any, request: Any, message: str) -> Callable[[], Awaitable[Any]] | None:
    """Return 403 with a reason, as JSON for JSON clients."""
    if Sites.of(datasette).of_path(request.path) is None:
        return None
    return functools.partial(refuse, datasette, request, refusal_of(Forbidden(message)))


# A wrapper, since Datasette's own handler prints a page of locals for each misspelt address.
@hookimpl(hookwrapper=True)  # type: ignore[untyped-decorator]
def handle_exception(
    datasette: Any, request: Any, exception: Exception
) -> Generator[None, Any, None]:
    """Return errors on pages of an archive as a plain page, or as JSON for JSON clients."""
    outcome = yield
    if Sites.of(datasette).of_path(request.path) is None:
        return
    refusal = refusal_of(exception)
    ours = functools.partial(refuse, datasette, request, refusal)
    # An internal error is also printed on the terminal, as by Datasette.
    outcome.force_result([ours, *(outcome.get_result() if refusal.status == 500 else ())])


async def _visible(datasette: Any, request: Any, names: tuple[str, ...]) -> list[str]:
    """Return the databases that the visitor may see, as listed on Datasette's front page."""
    visible = []
    for name in names:
        permissions = [("view-database", name), "view-instance"]
        if (await datasette.check_visibility(request.actor, permissions=permissions))[0]:
            visible.append(name)
    return visible


def _files(datasette: Any) -> dict[str, str]:
    """Return the URLs of our style sheets and scripts, with a hash to invalidate caches."""
    static = resources.files(__package__) / "static"
    addresses: dict[str, str] = {}
    for name in ("colours.css", "recorder.css", "chart.css", "chart.js", "core.js", "suggest.js"):
        digest = hashlib.sha256((static / name).read_bytes()).hexdigest()[:12]
        # Datasette serves loader/web/static under the distribution's name.
        address = datasette.urls.static_plugins(PLUGIN, name)
        addresses[name] = f"{address}?{digest}"
    return addresses
