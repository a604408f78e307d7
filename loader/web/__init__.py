"""The Datasette plugin of the archive (entry point `datasette` in pyproject.toml).

A package and not a module: Datasette 0.65 finds templates and static files of packages only.
This file holds the hooks; what they do stands in the modules beside it. Each of them acts on
archives of this loader only: other databases of the environment are served as without it.
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
from loader.web.data.counting import COUNT_CAP
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
from loader.web.render.core_pages import mended
from loader.web.render.text_format import FILTERS, marked

_DESCRIBED = "_recorder_described"


# trylast: after Datasette's own registration, so that this replaces its escape_fts.
@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:
    """Any user text is a valid search, in `?_search=` and in the canned queries alike."""
    if Sites.of(datasette).of_database(database):
        for name in ("fts_query", "escape_fts"):
            conn.create_function(name, 1, fts_query, deterministic=True)


@hookimpl  # type: ignore[untyped-decorator]
def get_metadata(datasette: Any) -> dict[str, Any]:
    """Titles, units and canned queries of archives that the user's metadata does not describe."""
    kept = getattr(datasette, _DESCRIBED, None)
    if kept is None:
        kept = Described(datasette)
        setattr(datasette, _DESCRIBED, kept)
    databases = kept.databases()
    return {"databases": databases} if databases else {}


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Any) -> list[Route]:
    """Home, symbols, days, search, raw captures, charts, OpenAPI, safe CSV."""
    return own_routes(datasette)


# trylast: outermost, so that what others do to a costly answer (gzip) is done in its lane too.
@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[Application], Application]:
    """405 for methods that write, 400 for what is misspelt, headers, 304 for row pages."""
    return lambda app: Guard(app, datasette)


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Filters for figures, times, snippets and Datasette's own pages; addresses of our files."""
    env.filters.update({**FILTERS, "mended": mended})
    env.globals["recorder_count_cap"] = COUNT_CAP
    env.globals["recorder_files"] = functools.cache(lambda: _files(datasette))


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: Any, database: str, datasette: Any) -> Any:
    """Words that a search marked, in tables and canned queries; all else as Datasette does."""
    is_marked = isinstance(value, str) and "⟦" in value and "⟧" in value
    return marked(value) if is_marked and Sites.of(datasette).of_database(database) else None


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(
    view_name: str | None, table: str | None, request: Any, datasette: Any
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """The archive that a page is about, its first query, and what pages of rows show besides."""

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
    """403 with a reason, for JSON clients as JSON."""
    if Sites.of(datasette).of_path(request.path) is None:
        return None
    return functools.partial(refuse, datasette, request, refusal_of(Forbidden(message)))


# A wrapper: Datasette's own answer would print a page of locals for each misspelt address.
@hookimpl(hookwrapper=True)  # type: ignore[untyped-decorator]
def handle_exception(
    datasette: Any, request: Any, exception: Exception
) -> Generator[None, Any, None]:
    """Errors on pages of an archive as a plain page, for JSON clients as JSON."""
    outcome = yield
    if Sites.of(datasette).of_path(request.path) is None:
        return
    refusal = refusal_of(exception)
    ours = functools.partial(refuse, datasette, request, refusal)
    # A fault of ours is told on the terminal too, as Datasette does.
    outcome.force_result([ours, *(outcome.get_result() if refusal.status == 500 else ())])


async def _visible(datasette: Any, request: Any, names: tuple[str, ...]) -> list[str]:
    """Those of the databases that the visitor may see, as Datasette's front page lists them."""
    visible = []
    for name in names:
        permissions = [("view-database", name), "view-instance"]
        if (await datasette.check_visibility(request.actor, permissions=permissions))[0]:
            visible.append(name)
    return visible


def _files(datasette: Any) -> dict[str, str]:
    """Our style sheets and script, with a hash so that a new version is fetched."""
    static = resources.files(__package__) / "static"
    addresses: dict[str, str] = {}
    for name in ("colours.css", "recorder.css", "chart.css", "chart.js", "core.js", "suggest.js"):
        digest = hashlib.sha256((static / name).read_bytes()).hexdigest()[:12]
        # Datasette serves loader/web/static under the name of the distribution.
        address = datasette.urls.static_plugins(PLUGIN, name)
        addresses[name] = f"{address}?{digest}"
    return addresses
