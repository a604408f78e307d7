"""Read SQL scripts of the package, and split them into statements."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources


@functools.cache
def read_sql(name: str, room: str = "loader.archive") -> str:
    """Return the text of `sql/<name>` in one of the package's rooms."""
    return (resources.files(room) / "sql" / name).read_text(encoding="utf-8")


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; a trigger with semicolons inside is one statement."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if pending.rstrip().endswith(";") and sqlite3.complete_statement(pending):
            yield pending.strip().rstrip(";")
            pending = ""


def run_sql(conn: sqlite3.Connection, name: str, room: str = "loader.archive") -> None:
    """Run the statements of one of the package's scripts, within the caller's transaction."""
    # Not executescript: that would commit the transaction.
    for statement in statements(read_sql(name, room)):
        conn.execute(statement)


def without_comments(statement: str) -> str:
    """Return a statement without leading comments, as SQLite stores it."""
    lines = statement.splitlines()
    while lines and (not lines[0].strip() or lines[0].startswith("--")):
        del lines[0]
    return "\n".join(lines)


def create_statement(name: str) -> str:
    """Return the statement of schema.sql that creates a table, index or trigger by name."""
    for statement in map(without_comments, statements(read_sql("schema.sql"))):
        first_line = statement.partition("\n")[0]
        if first_line.startswith("create") and name in first_line.split():
            return statement
    raise KeyError(name)


@contextmanager
def without_trigger(conn: sqlite3.Connection, name: str) -> Iterator[None]:
    """Suspend one of the archive's triggers within the caller's transaction."""
    conn.execute(f"drop trigger if exists {name}")
    yield
    conn.execute(create_statement(name))
