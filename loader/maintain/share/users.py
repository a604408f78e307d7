"""Tables, views, triggers and columns of users in a copy for others.

Where parts of the archive are left out, a table that the loader does not know may hold just
those: it is left out too, and named, unless the user asks for it.
"""

from __future__ import annotations

import sqlite3

from loader.archive.schema import fresh_archive
from loader.archive.users import UserObject, drop, naming, quoted, users_columns, users_objects
from loader.errors import ArchiveError


def leave_out_tables(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Drop users' tables, views and triggers that need them, and columns added to ours.

    Returns them in words. Raises ArchiveError for one that cannot be dropped.
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


def put_triggers_aside(conn: sqlite3.Connection) -> list[UserObject]:
    """Drop users' triggers, which would take for news what is left out; to be made again."""
    triggers = [item for item in users_objects(conn) if item.kind == "trigger"]
    drop(conn, triggers)
    return triggers
