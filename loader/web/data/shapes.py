"""Read the names of tables, columns and keys, to check requests before SQL is built."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, NamedTuple

_HIDDEN: Final = 1  # in table_xinfo: internal columns of a virtual table
_NEAR: Final = 0.6  # similarity by difflib, from 0 to 1


class Shape(NamedTuple):
    """A table or view; `keys` are its key columns, each with whether it is an integer."""

    columns: tuple[str, ...]
    keys: tuple[tuple[str, bool], ...]
    is_view: bool


def read_shapes(conn: sqlite3.Connection) -> dict[str, Shape]:
    """Return all tables and views of a database by name."""
    names = conn.execute(
        "select name, type = 'view' from sqlite_master where type in ('table', 'view')"
    ).fetchall()
    return {name: _shape(conn, name, bool(is_view)) for name, is_view in names}


def read_view_types(conn: sqlite3.Connection) -> dict[str, dict[str, str]]:
    """Return the columns of each view with their declared types, empty for computed ones."""
    rows = conn.execute(
        "select sqlite_master.name, columns.name, upper(columns.type)"
        " from sqlite_master, pragma_table_xinfo(sqlite_master.name) as columns"
        " where sqlite_master.type = 'view' order by sqlite_master.name, columns.cid"
    )
    views: dict[str, dict[str, str]] = {}
    for view, column, declared in rows:
        views.setdefault(view, {})[column] = declared
    return views


def near(name: str, known: Iterable[str]) -> str:
    """Return ` Did you mean …?` for an unknown name; empty if no known name is similar."""
    by_lower = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), by_lower, 1, _NEAR)
    return f" Did you mean {by_lower[found[0]]}?" if found else ""


def _shape(conn: sqlite3.Connection, name: str, is_view: bool) -> Shape:
    rows = conn.execute(
        "select name, lower(type) = 'integer', pk, hidden from pragma_table_xinfo(:name)",
        {"name": name},
    ).fetchall()
    columns = tuple(column for column, _, _, hidden in rows if hidden != _HIDDEN)
    ordered = sorted((pk, column, bool(is_integer)) for column, is_integer, pk, _ in rows if pk)
    keys = tuple((column, is_integer) for _, column, is_integer in ordered)
    if not keys and not is_view:
        keys = (("rowid", True),)
    return Shape(columns, keys, is_view)
