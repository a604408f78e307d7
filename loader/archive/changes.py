"""Change rows of an archive: in a transaction, by id, or only where they differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager

from loader.archive.ids import insert_into


@contextmanager
def transaction(conn: sqlite3.Connection) -> Iterator[None]:
    """Commit the changes of a block as a whole, or roll them back after an exception."""
    conn.execute("begin immediate")
    try:
        yield
        conn.execute("commit")
    except BaseException:
        if conn.in_transaction:
            conn.execute("rollback")
        raise


def update_by_id(table: str, columns: Iterable[str]) -> str:
    """Return the statement that sets columns of a row by position; the id comes last."""
    return f"update {table} set {', '.join(f'{name} = ?' for name in columns)} where id = ?"


def replace_rows(
    conn: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    key: Sequence[str],
    wanted: Set[tuple[object, ...]],
    where: str,
    parameters: Sequence[object] = (),
) -> None:
    """Replace the rows of a table that satisfy a condition by `wanted`, writing only differences.

    `wanted` rows have the given columns; those of `key` identify a row. Names must be trusted.
    """
    listed = ", ".join((*key, *columns))
    stored = {
        row[len(key) :]: row[: len(key)]
        for row in conn.execute(f"select {listed} from {table} where {where}", parameters)
    }
    condition = " and ".join(f"{name} = ?" for name in key)
    conn.executemany(
        f"delete from {table} where {condition}",
        [stored[row] for row in stored.keys() - wanted],
    )
    conn.executemany(insert_into(table, columns), sorted(wanted - stored.keys(), key=repr))
