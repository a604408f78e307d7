"""Look up ids, and assign them here rather than in SQLite, since a single process writes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, count
from typing import Final, TypeVar

Value = TypeVar("Value")

AMONG: Final = "(select value from json_each(?))"
"""The right side of `in` for any number of values, bound as a `json_list`."""


def json_list(values: Iterable[int] | Iterable[str]) -> str:
    """Return values as the JSON array for AMONG."""
    return json.dumps(list(values))


def in_chunks(values: Sequence[Value], size: int = 500) -> Iterator[Sequence[Value]]:
    """Yield slices of values, to bound the memory for work on each slice."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def insert_into(table: str, columns: Iterable[str]) -> str:
    """Return the statement that inserts one row by position; names must be trusted."""
    names = list(columns)
    return f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})"


# Rows inserted by a statement, since starting one takes as long as several rows. SQLite binds at
# most 32,766 values.
_ROWS_A_STATEMENT: Final = 1000


def insert_many(conn: sqlite3.Connection, statement: str, rows: Sequence[Sequence[object]]) -> None:
    """Execute a statement of `insert_into` for each row, in a third of the time of `executemany`.

    Rows have at most 32 values.
    """
    whole = len(rows) - len(rows) % _ROWS_A_STATEMENT
    if whole:
        more = f", ({', '.join('?' * len(rows[0]))})" * (_ROWS_A_STATEMENT - 1)
        for chunk in in_chunks(rows[:whole], _ROWS_A_STATEMENT):
            conn.execute(statement + more, list(chain.from_iterable(chunk)))
    conn.executemany(statement, rows[whole:])


def ids_of(conn: sqlite3.Connection, table: str, key: str, values: Iterable[str]) -> dict[str, int]:
    """Return the ids of the rows of `table` whose column `key` is among `values`."""
    wanted = json_list(set(values))
    return dict(conn.execute(f"select {key}, id from {table} where {key} in {AMONG}", (wanted,)))


def next_id(conn: sqlite3.Connection, table: str) -> int:
    """Return the id after the largest one in `table`."""
    row = conn.execute(f"select coalesce(max(id), 0) + 1 from {table}").fetchone()
    return int(row[0])


def new_ids(
    conn: sqlite3.Connection, table: str, known: dict[str, int], values: Iterable[str]
) -> dict[str, int]:
    """Return ids for the `values` that are not `known`, in order of appearance.

    They are new, except for rows that were deleted within `keeping_ids`.
    """
    fresh = [value for value in dict.fromkeys(values) if value not in known]
    numbers = count(next_id(conn, table))
    former = _former_ids(conn, table)
    if not former:
        return dict(zip(fresh, numbers, strict=False))
    taken = set(former.values())
    return {
        value: former[value]
        if value in former
        else next(number for number in numbers if number not in taken)
        for value in fresh
    }


_FORMER: Final = "former_ids"
_IS_KEEPING: Final = f"select 1 from sqlite_temp_master where name = '{_FORMER}'"


@contextmanager
def keeping_ids(conn: sqlite3.Connection, ids: Mapping[str, Mapping[str, int]]) -> Iterator[None]:
    """Make `new_ids` assign rows their former ids, given by table and key.

    Users' tables refer to articles and boards by id, and so do addresses of web pages.
    """
    conn.execute(f"create temp table {_FORMER} (owner text, key text, id integer)")
    conn.executemany(
        f"insert into temp.{_FORMER} values (?, ?, ?)",
        ((table, key, row_id) for table, keys in ids.items() for key, row_id in keys.items()),
    )
    yield
    conn.execute(f"drop table temp.{_FORMER}")


def _former_ids(conn: sqlite3.Connection, table: str) -> dict[str, int]:
    if not conn.execute(_IS_KEEPING).fetchone():
        return {}
    return dict(conn.execute(f"select key, id from temp.{_FORMER} where owner = ?", (table,)))
