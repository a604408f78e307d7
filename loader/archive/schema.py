"""Create, migrate and recognise the tables and views of an archive."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from loader.archive.changes import transaction
from loader.archive.light_sqlite_utils import Database
from loader.archive.migrations import (
    APPLICATION_ID,
    MADE_ANEW,
    RENAMED,
    create_all,
    migrations,
)
from loader.archive.scripts import read_sql, run_sql, statements, without_comments
from loader.archive.users import (
    FORMER_VIEWS,
    drop,
    fits,
    following,
    is_own,
    make,
    own_names,
    users_columns,
    users_objects,
)
from loader.errors import ArchiveError

MIN_SQLITE: Final = (3, 37, 0)  # STRICT tables

# Tables that identify an archive without its application id, which `.dump` loses.
_KNOWN_BY: Final = frozenset({"snapshots", "boards", "quotes", "articles", "_sqlite_migrations"})


def migrate(conn: sqlite3.Connection) -> None:
    """Migrate an empty or older database to the present schema, completely or not at all.

    All steps share one transaction: a killed run leaves the old version, and two simultaneous
    runs wait for each other.
    """
    foreign_keys = bool(conn.execute("pragma foreign_keys").fetchone()[0])
    # With both, a table that is recreated under its name keeps the references to it.
    conn.execute("pragma foreign_keys = off")
    conn.execute("pragma legacy_alter_table = on")
    try:
        _in_transaction(conn)
    finally:
        conn.execute("pragma legacy_alter_table = off")
        conn.execute(f"pragma foreign_keys = {int(foreign_keys)}")


def _in_transaction(conn: sqlite3.Connection) -> None:
    db = Database(conn, execute_plugins=False)
    try:
        with transaction(conn):
            if is_empty(conn):
                create_all(db)
            else:
                if migrations.pending(db):
                    _apply_steps(db)
                restore_indexes(conn)
                restore_triggers(conn)
                conn.execute(f"pragma application_id = {APPLICATION_ID}")
            _refresh_views(conn)
    except sqlite3.IntegrityError as error:
        raise ArchiveError(
            "archive of an older schema",
            f"has rows that contradict each other: {error}",
            "run `loader verify --repair`",
        ) from error


def _apply_steps(db: Database) -> None:
    """Apply pending steps, and adapt users' objects to renamed tables and columns."""
    conn = db.conn
    _refuse_conflicting_objects(db)
    users = [
        item
        for item in users_objects(conn)
        if item.kind in ("view", "trigger") or (item.kind == "index" and is_own(item.table))
    ]
    after = following(conn, users, RENAMED)
    # Triggers would fire on a step's changes, and indexes would be lost with a recreated table.
    drop(conn, users)
    _drop_own_views(conn)
    migrations.apply(db)
    make(conn, after)


def _refuse_conflicting_objects(db: Database) -> None:
    """Raise ArchiveError for users' columns and tables that conflict with the steps.

    These are columns added to recreated tables, and tables whose names a later schema uses.
    """
    applied = {migration.name for migration in migrations.applied(db)}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        before = Database(conn, execute_plugins=False)
        for step in migrations._migrations:
            if step.name in applied:
                step.fn(before)
        added = users_columns(db.conn, conn)
        made_anew = {
            table for step, names in MADE_ANEW.items() if step not in applied for table in names
        }
        columns = [f"{table}.{name}" for table, name in added if table in made_anew]
        tables = set(_stored(db.conn, "table")) & own_names() - set(_stored(conn, "table"))
    names = [*columns, *sorted(tables - {"_sqlite_migrations"})]
    if names:
        raise ArchiveError(
            "archive of an older schema",
            f"has columns or tables of yours that conflict with a newer one: {', '.join(names)}",
            "rename tables, move columns to a table of your own",
        )


def is_current(conn: sqlite3.Connection) -> bool:
    """Return whether the schema is current: steps, id, views, indexes and triggers."""
    return (
        has_own_id(conn)
        and not migrations.pending(Database(conn, execute_plugins=False))
        and _own_views(conn) == _wanted_views()
        and _wanted("index").items() <= _stored(conn, "index").items()
        and _wanted("trigger").items() <= _stored(conn, "trigger").items()
    )


def has_own_id(conn: sqlite3.Connection) -> bool:
    """Return whether the file's header has the application id of an archive."""
    return bool(conn.execute("pragma application_id").fetchone()[0] == APPLICATION_ID)


def _refresh_views(conn: sqlite3.Connection) -> None:
    """Recreate the loader's views if they differ; without data, views need no step."""
    if _own_views(conn) != _wanted_views():
        _drop_own_views(conn)
        for statement in _wanted_views().values():
            conn.execute(statement)


def _drop_own_views(conn: sqlite3.Connection) -> None:
    for name in _own_views(conn):
        conn.execute(f'drop view "{name}"')


def _own_views(conn: sqlite3.Connection) -> dict[str, str]:
    own = view_names() | FORMER_VIEWS
    stored = conn.execute("select name, sql from sqlite_master where type = 'view'")
    return {name: sql for name, sql in stored if name in own}


def restore_indexes(conn: sqlite3.Connection) -> None:
    """Restore the loader's indexes within the caller's transaction.

    Loaders before the first release changed some without a migration, since indexes have no data of
    their own. Indexes added by others stay.
    """
    _restore(conn, "index")


def restore_triggers(conn: sqlite3.Connection) -> None:
    """Restore the loader's triggers; if any was missing, rebuild the data that they maintain.

    A table recreated by another tool (`sqlite-utils transform`) has lost its triggers.
    """
    if _restore(conn, "trigger"):
        conn.execute("insert into articles_fts (articles_fts) values ('rebuild')")
        run_sql(conn, "article_counts.sql")


def _restore(conn: sqlite3.Connection, kind: str) -> bool:
    stored = _stored(conn, kind)
    other = {name: sql for name, sql in _wanted(kind).items() if stored.get(name) != sql}
    for name, statement in other.items():
        conn.execute(f'drop {kind} if exists "{name}"')
        conn.execute(statement)
    return bool(other)


# Indexes that SQLite creates for keys have no statement.
_STORED: Final = "select name, sql from sqlite_master where type = ? and sql is not null"


def _stored(conn: sqlite3.Connection, kind: str) -> dict[str, str]:
    return dict(conn.execute(_STORED, (kind,)))


@functools.cache
def _wanted(kind: str) -> dict[str, str]:
    with fresh_archive() as fresh:
        return _stored(fresh, kind)


def check_tables(conn: sqlite3.Connection, path: str) -> None:
    """Raise ArchiveError if another tool changed a table so that it cannot be written safely."""
    stored = _stored(conn, "table")
    other = [name for name, sql in _wanted("table").items() if stored.get(name) != sql]
    if not other:
        return
    with fresh_archive() as fresh:
        if unfit := [name for name in other if not fits(conn, fresh, name)]:
            raise ArchiveError(
                path,
                f"its table {', '.join(unfit)} was changed by another tool",
                "`loader verify --repair` saves the captures into a new file",
            )


@contextmanager
def fresh_archive() -> Iterator[sqlite3.Connection]:
    """Yield an empty archive in memory, for comparison with others."""
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(fresh)
        yield fresh
    finally:
        fresh.close()


def is_empty(conn: sqlite3.Connection) -> bool:
    """Return whether a database has no table yet, as after a killed first load."""
    return conn.execute("select 1 from sqlite_master limit 1").fetchone() is None


def check_archive(conn: sqlite3.Connection, path: str) -> None:
    """Raise ArchiveError unless the database is an archive that this loader supports."""
    if is_empty(conn):
        raise ArchiveError(path, "is empty: no archive", "make one with `loader load`")
    if not is_archive(conn):
        raise ArchiveError(
            path, "is a database, but not an archive of this loader", "name another file with --db"
        )
    known = {migration.name for migration in migrations._migrations}
    applied = {
        migration.name for migration in migrations.applied(Database(conn, execute_plugins=False))
    }
    if newer := sorted(applied - known):
        raise ArchiveError(path, f"has a newer schema ({', '.join(newer)})", "update this loader")


def is_archive(conn: sqlite3.Connection) -> bool:
    """Return whether a database is an archive of this loader, of any version."""
    return has_own_id(conn) or _has_own_tables(conn)


def _has_own_tables(conn: sqlite3.Connection) -> bool:
    """Return whether the tables are those of an archive, regardless of its header."""
    tables = {row[0] for row in conn.execute("select name from sqlite_master")}
    return tables >= _KNOWN_BY and (
        conn.execute(
            "select 1 from _sqlite_migrations where migration_set = 'loader' limit 1"
        ).fetchone()
        is not None
    )


def check_sqlite() -> None:
    """Raise ArchiveError if Python's SQLite is too old for STRICT tables."""
    if sqlite3.sqlite_version_info < MIN_SQLITE:
        wanted = ".".join(map(str, MIN_SQLITE))
        raise ArchiveError("SQLite", f"is {sqlite3.sqlite_version}", f"{wanted} or newer is needed")


@functools.cache
def view_names() -> frozenset[str]:
    """Return the names of the loader's views of an archive."""
    return frozenset(_wanted_views())


@functools.cache
def _wanted_views() -> dict[str, str]:
    """Return the definition of each view by name, as SQLite stores it."""
    return {
        definition.split()[2]: _compact(definition.replace("create view", "CREATE VIEW", 1))
        for definition in map(without_comments, statements(read_sql("views.sql")))
    }


def _compact(definition: str) -> str:
    """Return a statement with a quarter of its indentation, which saves 20 % of its size."""
    lines = ((line.lstrip(" "), line) for line in definition.splitlines())
    return "\n".join(" " * ((len(line) - len(text)) // 4) + text for text, line in lines)
