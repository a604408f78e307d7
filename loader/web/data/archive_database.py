"""Speed up Datasette's Database for an archive: cached schema and aggregates, capped counts.

Datasette 0.65 queries tables and columns for each page, each time in a thread: 360 queries for the
page of a database of 77 tables and views, and twenty for a page of a table. It counts all filtered
rows of a table page before it shows the first fifty (later versions stop at 10,000), and recomputes
views that aggregate whole tables for each visitor.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from datasette.database import QueryInterrupted

from loader.archive.schema import view_names
from loader.web.data.archive_db import Cache, file_state
from loader.web.data.served_file import ServedFile

COUNT_CAP = 10_000  # rows; the limit of Datasette 1.0
_MOST_OF_SCHEMA: Final = 2000  # a few entries for each table and view
_MOST_AGGREGATES: Final = 64
# Datasette 0.65's count above a table: `select count(*) from quotes where ...`.
_COUNT = re.compile(r"select count\(\*\) (from \[?(\w+)\]? (where .+)?)", re.DOTALL)
# Also Datasette 0.65.5's query for the spelling of a table's name when it checks permissions, and
# the row count of a whole table.
_SCHEMA = re.compile(
    r"select name from sqlite_master where type in \('table', 'view'\) and name = \? collate nocase"
    r"|select count\(\*\) from \[?\w+\]? *"
)
# Views that read or aggregate whole tables.
_AGGREGATE = re.compile(
    r"\bfrom \[?(quality|credited_names|authors|agencies|wanted_pages|changed_pages)\]?(\s|$)"
)


def _cached(name: str) -> Callable[..., Awaitable[Any]]:
    """Return a method of Database that queries a part of the schema and caches the result."""
    ask = getattr(ServedFile, name)

    async def method(self: ArchiveDatabase, *arguments: Any) -> Any:
        key = (name, arguments)
        return copy.copy(await self.schema.cached(self.state(), key, lambda: ask(self, *arguments)))

    return method


class ArchiveDatabase(ServedFile):
    """Datasette's Database with capped counts, and caches for each state of the file."""

    def __init__(self, datasette: Any, path: Path, is_mutable: bool = True) -> None:
        super().__init__(datasette, path, is_mutable)
        self.schema = Cache(_MOST_OF_SCHEMA)
        self.aggregates = Cache(_MOST_AGGREGATES)

    table_exists = _cached("table_exists")
    table_names = _cached("table_names")
    view_names = _cached("view_names")
    hidden_table_names = _cached("hidden_table_names")
    table_columns = _cached("table_columns")
    table_column_details = _cached("table_column_details")
    primary_keys = _cached("primary_keys")
    fts_table = _cached("fts_table")
    label_column_for_table = _cached("label_column_for_table")
    foreign_keys_for_table = _cached("foreign_keys_for_table")
    get_all_foreign_keys = _cached("get_all_foreign_keys")
    get_table_definition = _cached("get_table_definition")

    async def execute(self, sql: str, params: Any = None, **options: Any) -> Any:
        """Execute as Database does, but raise QueryInterrupted for a count above COUNT_CAP.

        Datasette then shows the page without a count (message in `templates/recorder_base.html`).
        A count of a whole table that timed out is tried again for the next page.
        """
        ask = super().execute
        if capped := capped_count(sql):
            answer = await ask(capped, params, **options)
            if answer.rows[0][0] > COUNT_CAP:
                raise QueryInterrupted(None, sql, params)
            return answer
        if _SCHEMA.fullmatch(sql):
            cache = self.schema
        elif _AGGREGATE.search(sql):
            cache = self.aggregates
        else:
            return await ask(sql, params, **options)
        key = repr((sql, params, sorted(options.items())))
        return await cache.cached(self.state(), key, lambda: ask(sql, params, **options))

    def state(self) -> str:
        """Return a text that changes with every commit, and if the file is replaced."""
        return file_state(Path(self.path))


def capped_count(sql: str) -> str | None:
    """Return a capped count of a filtered table or a view; None for other SQL.

    An unfiltered table is counted in full, since SQLite does that without reading rows.

    >>> capped_count("select count(*) from quotes where price > 5")
    'select count(*) from (select 1 from quotes where price > 5 limit 10001)'
    """
    match = _COUNT.fullmatch(sql)
    if match is None or (match[3] is None and match[2] not in view_names()):
        return None
    return f"select count(*) from (select 1 {match[1]} limit {COUNT_CAP + 1})"
