"""Handle users' own tables, views, triggers and columns in a shared copy.

If parts of the archive are omitted, an unknown table may contain just these parts. So it is omitted
too, and listed, unless the user asks to keep it.
"""

from __future__ import annotations

import sqlite3

from loader.archive.schema import fresh_archive
from loader.archive.users import UserObject, drop, naming, quoted, users_columns, users_objects
from loader.errors import ArchiveError


def leave_out_tables(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Drop users' tables, the views and triggers that need them, and columns added to ours.

    Returns their descriptions. Raises ArchiveError for one that cannot be dropped.
    """
    users = users_objects(conn)
    tables = [item for item in users if item.kind == "table"]
    names = {item.name for item in tables}
    gone = [*tables, *naming(users, names)]
    drop(conn, gone)
    with fresh_archive() as fresh:
        columns = list(users_columns(conn, fresh))
    for table, column in columns:
        try:
            conn.execute(f"alter table {quoted(table)} drop column {quoted(column)}")
        except sqlite3.OperationalError as error:
            fault = f"cannot be left out: {error}"
            raise ArchiveError(f"column {table}.{column}", fault, "--keep-own-tables") from error
    return (*map(str, gone), *(f"column {table}.{column}" for table, column in columns))


def drop_triggers(conn: sqlite3.Connection) -> list[UserObject]:
    """Drop users' triggers, which would fire on deletions here; return them to be restored."""
    triggers = [item for item in users_objects(conn) if item.kind == "trigger"]
    drop(conn, triggers)
    return triggers
