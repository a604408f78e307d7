"""The Datasette plugin of the archive (entry point `datasette` in pyproject.toml).

A package and not a module: Datasette 0.65 finds templates and static files of packages only.
"""

from __future__ import annotations

import sqlite3

from datasette import hookimpl

from loader.web.search import fts_query


# trylast: after Datasette's own registration, so that this replaces its escape_fts.
@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Any user text is a valid search, in `?_search=` and in the canned queries alike."""
    for name in ("fts_query", "escape_fts"):
        conn.create_function(name, 1, fts_query, deterministic=True)
