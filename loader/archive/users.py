"""Handle tables, views, indexes and triggers that users added to an archive.

The loader leaves them alone. This module identifies and preserves them when the loader recreates
its own tables, or omits rows from a copy.
"""

from __future__ import annotations

import functools
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from importlib import resources
from typing import Final, NamedTuple

from loader.archive.scripts import read_sql, statements, without_comments
from loader.errors import ArchiveError


class UserObject(NamedTuple):
    """A user's table, view, index or trigger; `table` is the one that it belongs to."""

    kind: str
    name: str
    table: str
    sql: str

    @property
    def is_virtual(self) -> bool:
        return self.sql[:14].lower() == "create virtual"

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Rename(NamedTuple):
    """A column that a migration renames, or a table."""

    table: str
    old: str
    new: str
    is_table: bool = False


# Prefixes of further names that are not users': those of SQLite and of the full-text index.
_OWN_PREFIXES: Final = ("sqlite_", "articles_fts_")
# Names that are not in the scripts: the index of shared copies, and tables of sqlite-utils.
_OTHER_OWN: Final = frozenset(
    {"quotes_history", "_sqlite_migrations", "idx__sqlite_migrations_migration_set_name"}
)
# Views of earlier loaders that no longer exist.
FORMER_VIEWS: Final = frozenset({"article_revisions"})
_OBJECTS: Final = "select type, name, tbl_name, sql from sqlite_master where sql is not null"
_KINDS: Final = ("table", "index", "trigger", "view")  # in order of creation
_NAME: Final = re.compile(
    r"create (?:unique index|virtual table|table|index|trigger|view) (\w+)", re.IGNORECASE
)


@functools.cache
def own_names() -> frozenset[str]:
    """Return the names of all objects created by this loader or an earlier one."""
    steps = (resources.files("loader.archive") / "sql" / "migrations").iterdir()
    scripts = ["schema.sql", "views.sql", *(f"migrations/{step.name}" for step in steps)]
    return (
        _OTHER_OWN
        | FORMER_VIEWS
        | {
            match[1]
            for script in scripts
            for statement in map(without_comments, statements(read_sql(script)))
            if (match := _NAME.match(statement))
        }
    )


def is_own(name: str) -> bool:
    """Return whether an object of this name belongs to the loader or SQLite."""
    return name in own_names() or name.startswith(_OWN_PREFIXES)


def users_objects(conn: sqlite3.Connection) -> list[UserObject]:
    """Return users' objects, tables first.

    The shadow tables of a virtual table belong to it and are not included.
    """
    found = [UserObject._make(row) for row in conn.execute(_OBJECTS) if not is_own(row[1])]
    virtual = tuple(f"{item.name}_" for item in found if item.is_virtual)
    shadows = {
        item.name for item in found if not item.is_virtual and item.name.startswith(virtual or "/")
    } & _shadows(conn)
    return sorted(
        (item for item in found if not {item.name, item.table} & shadows),
        key=lambda item: _KINDS.index(item.kind),
    )


def _shadows(conn: sqlite3.Connection) -> set[str]:
    rows = conn.execute("select name from pragma_table_list where type = 'shadow'")
    return {name for (name,) in rows}


def users_columns(
    conn: sqlite3.Connection, wanted: sqlite3.Connection
) -> Iterator[tuple[str, str]]:
    """Yield table and name of columns that users added to tables of the loader.

    `wanted` is an unmodified archive of the same schema.
    """
    for (table,) in wanted.execute("select name from sqlite_master where type = 'table'"):
        ours = set(_columns(wanted, table))
        if not table.startswith("articles_fts"):
            yield from ((table, name) for name in _columns(conn, table) if name not in ours)


def _columns(conn: sqlite3.Connection, table: str) -> list[str]:
    return [name for (name,) in conn.execute("select name from pragma_table_xinfo(?)", (table,))]


def fits(conn: sqlite3.Connection, wanted: sqlite3.Connection, table: str) -> bool:
    """Return whether a table recreated by another tool has the loader's columns and keys.

    Additional columns are allowed if they do not require a value.
    """
    ours = {row[0]: row for row in wanted.execute(_SHAPE, (table,))}
    theirs = {row[0]: row for row in conn.execute(_SHAPE, (table,))}
    added = [row for name, row in theirs.items() if name not in ours]
    return (
        ours.items() <= theirs.items()
        and all(not row.is_needed for row in map(_Column._make, added))
        and _unique_keys(wanted, table) == _unique_keys(conn, table)
        and set(wanted.execute(_PARENTS, (table,))) <= set(conn.execute(_PARENTS, (table,)))
    )


class _Column(NamedTuple):
    name: str
    type: str
    is_needed: int
    key: int
    hidden: int


_SHAPE: Final = """
select name, upper(type), "notnull" and dflt_value is null, pk, hidden from pragma_table_xinfo(?)
"""
_PARENTS: Final = 'select "table", "from", "to" from pragma_foreign_key_list(?)'


def _unique_keys(conn: sqlite3.Connection, table: str) -> set[tuple[str, ...]]:
    """Return the columns of each unique key in the table's definition."""
    keys = conn.execute("select name from pragma_index_list(?) where origin <> 'c'", (table,))
    return {
        tuple(row[0] for row in conn.execute("select name from pragma_index_info(?)", (name,)))
        for (name,) in keys.fetchall()
    }


def refer_to_own_tables(conn: sqlite3.Connection) -> list[str]:
    """Return users' tables that have a foreign key to a table of the loader."""
    return [
        item.name
        for item in users_objects(conn)
        if item.kind == "table"
        and any(
            is_own(parent)
            for (parent,) in conn.execute(
                'select "table" from pragma_foreign_key_list(?)', (item.name,)
            )
        )
    ]


def drop(conn: sqlite3.Connection, items: Iterable[UserObject]) -> None:
    """Drop users' objects, in reverse order of creation."""
    for item in sorted(items, key=lambda item: -_KINDS.index(item.kind)):
        try:
            conn.execute(f"drop {item.kind} if exists {quoted(item.name)}")
        except sqlite3.OperationalError as error:  # for a module that this SQLite lacks
            raise ArchiveError(str(item), f"cannot be dropped: {error}") from error


def make(conn: sqlite3.Connection, items: Iterable[UserObject]) -> None:
    """Create users' objects that are missing, such as indexes of a recreated table.

    Raises ArchiveError for one that no longer fits the tables.
    """
    stored = {(kind, name) for kind, name, _, _ in conn.execute(_OBJECTS)}
    for item in items:
        if (item.kind, item.name) not in stored:
            try:
                conn.execute(item.sql)
            except sqlite3.Error as error:
                raise ArchiveError(
                    str(item),
                    f"does not fit the tables of this version: {error}",
                    "drop it, and make it again after the load",
                ) from error


def naming(items: Sequence[UserObject], gone: Collection[str]) -> list[UserObject]:
    """Return the views and triggers that depend, directly or not, on these objects."""
    names, found = set(gone), list[UserObject]()
    rest = [item for item in items if item.kind in ("view", "trigger")]
    while more := [item for item in rest if item.table in names or _names_any(item.sql, names)]:
        found += more
        names |= {item.name for item in more}
        rest = [item for item in rest if item not in more]
    return found


def _names_any(sql: str, names: Collection[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sql, re.IGNORECASE) for name in names)


def failing(conn: sqlite3.Connection) -> Iterator[tuple[UserObject, str]]:
    """Yield users' views and triggers that fail, with the error."""
    for item in users_objects(conn):
        for statement in _uses(conn, item):
            try:
                conn.execute(f"explain {statement}").close()
            except sqlite3.Error as error:
                yield item, str(error)
                break


def _uses(conn: sqlite3.Connection, item: UserObject) -> Iterator[str]:
    """Yield statements that SQLite can compile only if the object works."""
    name = quoted(item.table)
    if item.kind == "view":
        yield f"select * from {name}"
    elif item.kind == "trigger":
        columns = [quoted(column) for column in stored_columns(conn, item.table)]
        event = re.search(r"\b(insert|delete|update)\b", item.sql, re.IGNORECASE)
        if event and event[1].lower() == "delete":
            yield f"delete from {name}"
        elif event and event[1].lower() == "update":
            yield f"update {name} set {', '.join(f'{column} = {column}' for column in columns)}"
        elif event:
            listed = ", ".join(columns)
            yield f"insert into {name} ({listed}) select {listed} from {name}"


def stored_columns(conn: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns of a table that are stored, so neither generated nor hidden."""
    rows = conn.execute("select name from pragma_table_xinfo(?) where hidden = 0", (table,))
    return [name for (name,) in rows]


def quoted(name: str) -> str:
    """Return a name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def following(
    conn: sqlite3.Connection, items: Sequence[UserObject], renames: Iterable[Rename]
) -> list[UserObject]:
    """Return users' objects, adapted to renamed tables and columns of the archive.

    SQLite adapts them in an in-memory database with the same tables and no rows. References that
    it cannot follow, such as to a column of a loader's view, stay unchanged.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as scratch:
        for kind in _KINDS:
            for stored, _, _, sql in conn.execute(_OBJECTS):
                if stored == kind:
                    with suppress(sqlite3.Error):  # for missing modules, or shadow tables
                        scratch.execute(sql)
        # Otherwise a broken object would prevent all others from being adapted.
        scratch.execute("pragma writable_schema = on")
        for table, old, new, is_table in renames:
            target = f"to {new}" if is_table else f"column {quoted(old)} to {quoted(new)}"
            with suppress(sqlite3.Error):
                scratch.execute(f"alter table {quoted(table)} rename {target}")
        now = {(row[0], row[1]): row[2:] for row in scratch.execute(_OBJECTS)}
    return [
        UserObject(item.kind, item.name, *now.get((item.kind, item.name), (item.table, item.sql)))
        for item in items
    ]
