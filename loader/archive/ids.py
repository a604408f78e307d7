"""Looking up and handing out ids. One process writes, so ids are given here, not by SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

_CHUNK = 500  # bound parameters in one statement; SQLite's oldest default allows 999

Value = TypeVar("Value")


def chunks(values: Sequence[Value]) -> Iterator[tuple[str, Sequence[Value]]]:
    """Runs of values with the placeholders that bind them: `("?,?,?", values)`."""
    for start in range(0, len(values), _CHUNK):
        chunk = values[start : start + _CHUNK]
        yield ",".join("?" * len(chunk)), chunk


def ids_of(
    conn: sqlite3.Connection, table: str, key: str, values: Iterable[str | None]
) -> dict[str, int]:
    """Ids of the rows of `table` whose column `key` is among `values` (names are ours)."""
    found: dict[str, int] = {}
    wanted = list({value for value in values if value is not None})
    for marks, chunk in chunks(wanted):
        found.update(conn.execute(f"select {key}, id from {table} where {key} in ({marks})", chunk))
    return found


def next_id(conn: sqlite3.Connection, table: str) -> int:
    """The id after the greatest one of `table`."""
    row = conn.execute(f"select coalesce(max(id), 0) + 1 from {table}").fetchone()
    return int(row[0])


def new_ids(
    conn: sqlite3.Connection, table: str, known: dict[str, int], values: Iterable[str]
) -> dict[str, int]:
    """Fresh ids for those of `values` that are not `known`, in order of appearance."""
    fresh = [value for value in dict.fromkeys(values) if value not in known]
    return {value: new_id for new_id, value in enumerate(fresh, next_id(conn, table))}
