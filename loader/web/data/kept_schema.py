"""Cache the schema of a database for Datasette, for each state of the file.

Datasette 0.65 queries tables and columns for each page, each time in a thread: 360 queries for the
page of a database of 77 tables and views, and twenty for a page of a table.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from loader.web.data.archive_db import Shelf, file_state
from loader.web.data.served_file import ServedFile

_MOST: Final = 2000  # a few entries for each table and view
# Also Datasette 0.65.5's query for the spelling of a table's name when it checks permissions, and
# the row count of a whole table.
_KEPT = re.compile(
    r"select name from sqlite_master where type in \('table', 'view'\) and name = \? collate nocase"
    r"|select count\(\*\) from \[?\w+\]? *"
)


def _once(name: str) -> Callable[..., Awaitable[Any]]:
    """Return a method of Database that queries a part of the schema and caches the result."""
    ask = getattr(ServedFile, name)

    async def method(self: KeptSchema, *arguments: Any) -> Any:
        return copy.copy(await self.kept((name, arguments), lambda: ask(self, *arguments)))

    return method


class KeptSchema(ServedFile):
    """Datasette's Database with a cache of the schema and of whole tables' counts."""

    def __init__(self, datasette: Any, path: Path, is_mutable: bool = True) -> None:
        super().__init__(datasette, path, is_mutable)
        self._shelf = Shelf(_MOST)

    table_exists = _once("table_exists")
    table_names = _once("table_names")
    view_names = _once("view_names")
    hidden_table_names = _once("hidden_table_names")
    table_columns = _once("table_columns")
    table_column_details = _once("table_column_details")
    primary_keys = _once("primary_keys")
    fts_table = _once("fts_table")
    label_column_for_table = _once("label_column_for_table")
    foreign_keys_for_table = _once("foreign_keys_for_table")
    get_all_foreign_keys = _once("get_all_foreign_keys")
    get_table_definition = _once("get_table_definition")

    async def execute(self, sql: str, params: Any = None, **options: Any) -> Any:
        """Execute as Database does; a count that timed out is tried again for the next page."""
        ask = super().execute
        if not _KEPT.fullmatch(sql):
            return await ask(sql, params, **options)
        return await self.kept((sql, repr(params)), lambda: ask(sql, params, **options))

    async def kept(self, key: Any, make: Callable[[], Awaitable[Any]]) -> Any:
        """Return the cached result under a key, or make it if the file has changed since."""
        return await self._shelf.kept(file_state(Path(self.path)), key, make)
