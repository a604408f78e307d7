"""Save users' own tables, views, indexes and triggers from a damaged archive."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import NamedTuple

from loader.archive.ids import insert_into
from loader.archive.users import UserObject, quoted, stored_columns, users_objects
from loader.maintain.verify.finding import DAMAGE


class SavedObjects(NamedTuple):
    """Descriptions of saved objects, and of those lost completely or in part."""

    taken: tuple[str, ...]
    stayed: tuple[str, ...]


def save_users_objects(conn: sqlite3.Connection, target: sqlite3.Connection) -> SavedObjects:
    """Recreate users' objects in `target` with their readable rows, in its transaction."""
    taken, stayed = [], []
    try:
        found = users_objects(conn)
    except DAMAGE:
        return SavedObjects((), ("whatever is yours: the list of tables cannot be read",))
    for item in found:
        try:
            if item.is_virtual:
                raise sqlite3.NotSupportedError("virtual")
            target.execute(item.sql)
            is_whole = item.kind != "table" or _copy_rows(conn, target, item)
        except sqlite3.Error:
            stayed.append(str(item))
        else:
            taken.append(str(item))
            if not is_whole:
                stayed.append(f"rows of {item}")
    return SavedObjects(tuple(taken), tuple(stayed))


def _copy_rows(conn: sqlite3.Connection, target: sqlite3.Connection, item: UserObject) -> bool:
    """Copy rows up to the first that cannot be read; return whether all were copied."""
    columns = [quoted(name) for name in stored_columns(conn, item.name)]
    write = insert_into(quoted(item.name), columns)
    is_whole = False
    with suppress(*DAMAGE):
        for row in conn.execute(f"select {', '.join(columns)} from {quoted(item.name)}"):
            target.execute(write, row)
        is_whole = True
    return is_whole
