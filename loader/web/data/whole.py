"""Read all rows of a statement in one pass, in batches."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

BATCH_ROWS: Final = 2000  # takes a few milliseconds, and bounds the rows in memory
_PAGE = re.compile(r"\s+limit\s+\d+(\s+offset\s+\d+)?\s*$", re.IGNORECASE)

Rows = list[tuple[Any, ...]]


def without_page(sql: str) -> str:
    """Return Datasette's statement for a page of a table without limit and offset.

    >>> without_page("select id from quotes order by id limit 51 offset 50")
    'select id from quotes order by id'
    """
    return _PAGE.sub("", sql)


async def batches(
    datasette: Any, name: str, sql: str, parameters: Mapping[str, Any]
) -> AsyncGenerator[Rows, None]:
    """Yield the rows of a statement from one consistent state of a database.

    Pages by offset would read all previous rows again. A separate connection is used, since
    Datasette's have a time limit; closing the generator interrupts it.
    """
    database = datasette.databases[name]
    connection: sqlite3.Connection = database.connect()
    try:
        datasette._prepare_connection(connection, name)
        cursor = await asyncio.to_thread(connection.execute, sql, dict(parameters))
        cursor.row_factory = None
        while rows := await asyncio.to_thread(cursor.fetchmany, BATCH_ROWS):
            yield rows
    finally:
        connection.interrupt()
        database._all_file_connections.remove(connection)
        connection.close()
