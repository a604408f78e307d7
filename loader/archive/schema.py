"""Tables, migrations, views: what a database must be before anything is written to it."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING

from loader.archive.migrating import Database, Migrations
from loader.errors import ArchiveError
from loader.rows.facts import known_names, read_facts
from loader.rows.mentions import write_mentions

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

APPLICATION_ID = 0x42524543  # "BREC": how `file` and this loader know an archive
MIN_SQLITE = (3, 37, 0)  # STRICT tables

migrations = Migrations("loader")


@migrations(name="001_tables")
def _tables(db: Database) -> None:
    run_sql(db.conn, "001_tables.sql")
    db.conn.execute(read_sql("fts_insert_trigger.sql"))
    db.conn.execute(f"pragma application_id = {APPLICATION_ID}")


@migrations(name="002_instruments")
def _instruments(db: Database) -> None:
    db.conn.executemany(
        "insert into instruments (symbol, kind, name, sector) values (?, ?, ?, nullif(?, ''))",
        (tuple(row.values()) for row in read_facts("instruments.csv")),
    )
    events = list(read_facts("instrument_events.csv"))
    # Delisted symbols that only the events know are instruments too.
    db.conn.executemany(
        "insert or ignore into instruments (symbol, kind) values (?, 'share')",
        ((symbol,) for row in events for symbol in (row["symbol"], row["new_symbol"]) if symbol),
    )
    db.conn.executemany(
        """
        insert into instrument_events
            (instrument_id, event, new_instrument_id, date_from, date_to, source)
        values (
            (select id from instruments where symbol = :symbol), :event,
            (select id from instruments where symbol = :new_symbol),
            nullif(:date_from, ''), nullif(:date_to, ''), :source
        )
        """,
        events,
    )


@migrations(name="003_listings")
def _listings(db: Database) -> None:
    run_sql(db.conn, "003_listings.sql")


@migrations(name="004_dating")
def _dating(db: Database) -> None:
    run_sql(db.conn, "004_dating.sql")


@migrations(name="005_web")
def _web(db: Database) -> None:
    run_sql(db.conn, "005_web.sql")
    article_ids = [row[0] for row in db.conn.execute("select id from articles")]
    write_mentions(db.conn, article_ids, known_names())


@migrations(name="006_crawls")
def _crawls(db: Database) -> None:
    run_sql(db.conn, "006_crawls.sql")


@migrations(name="007_reliability")
def _reliability(db: Database) -> None:
    run_sql(db.conn, "007_reliability.sql")


@migrations(name="008_faster_loads")
def _faster_loads(db: Database) -> None:
    # They name the table that is renamed; `_refresh_views` makes them again.
    _drop_views(db.conn)
    run_sql(db.conn, "008_faster_loads.sql")


def migrate(conn: sqlite3.Connection) -> None:
    """Bring an empty or older database to the present schema, all of it or not at all.

    One transaction for all steps: a run that is killed leaves the old version, and two that
    begin at once wait for each other.
    """
    conn.execute("begin immediate")
    try:
        is_older = not is_empty(conn)
        migrations.apply(Database(conn, execute_plugins=False))
        _refresh_views(conn)
        if is_older:
            restore_indexes(conn)
        conn.execute("commit")
    except BaseException:
        if conn.in_transaction:
            conn.execute("rollback")
        raise


def is_current(conn: sqlite3.Connection) -> bool:
    """Whether no migration is pending and all views are those of this loader."""
    return not migrations.pending(Database(conn, execute_plugins=False)) and _stored_views(
        conn
    ) == dict(_wanted_views())


def _refresh_views(conn: sqlite3.Connection) -> None:
    """Make the views those of this loader; they hold no data, so no migration is needed."""
    wanted = dict(_wanted_views())
    stored = _stored_views(conn)
    if stored == wanted:
        return
    _drop_views(conn)
    for statement in wanted.values():
        conn.execute(statement)


def _drop_views(conn: sqlite3.Connection) -> None:
    for name in _stored_views(conn):
        conn.execute(f'drop view "{name}"')


def restore_indexes(conn: sqlite3.Connection) -> None:
    """Make the indexes those of this loader, within the caller's transaction.

    They hold nothing that their tables do not, and loaders before the first release changed
    some without a migration. Indexes that others have added stay.
    """
    stored = dict(conn.execute(_INDEXES))
    for name, statement in _wanted_indexes().items():
        if stored.get(name) != statement:
            conn.execute(f'drop index if exists "{name}"')
            conn.execute(statement)


# Those that SQLite makes for a key have no statement.
_INDEXES = "select name, sql from sqlite_master where type = 'index' and sql is not null"


def _wanted_indexes() -> dict[str, str]:
    with fresh_archive() as fresh:
        return dict(fresh.execute(_INDEXES))


@contextmanager
def fresh_archive() -> Iterator[sqlite3.Connection]:
    """An archive of today's schema without captures, in memory: what others are compared with."""
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(fresh)
        yield fresh
    finally:
        fresh.close()


def is_empty(conn: sqlite3.Connection) -> bool:
    """Whether a database has no table yet: nobody's, or that of a first load that was killed."""
    return conn.execute("select 1 from sqlite_master limit 1").fetchone() is None


def check_archive(conn: sqlite3.Connection, path: str) -> None:
    """Raise ArchiveError unless the database is an archive that this loader understands."""
    if is_empty(conn):
        raise ArchiveError(path, "is empty: no archive", "make one with `loader load`")
    if conn.execute("pragma application_id").fetchone()[0] != APPLICATION_ID:
        raise ArchiveError(
            path, "is a database, but no archive of this loader", "name another file with --db"
        )
    known = {migration.name for migration in migrations._migrations}
    applied = {
        migration.name for migration in migrations.applied(Database(conn, execute_plugins=False))
    }
    if newer := sorted(applied - known):
        raise ArchiveError(path, f"has a newer schema ({', '.join(newer)})", "update this loader")


def check_sqlite() -> None:
    """Raise ArchiveError when Python's SQLite is too old for STRICT tables."""
    if sqlite3.sqlite_version_info < MIN_SQLITE:
        wanted = ".".join(map(str, MIN_SQLITE))
        raise ArchiveError("SQLite", f"is {sqlite3.sqlite_version}", f"{wanted} or newer is needed")


def read_sql(name: str) -> str:
    """The text of one of the package's SQL files."""
    return (_package() / "sql" / name).read_text(encoding="utf-8")


def statements(script: str) -> Iterator[str]:
    """The statements of a script; a trigger with its inner semicolons is one."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if pending.rstrip().endswith(";") and sqlite3.complete_statement(pending):
            yield pending.strip().rstrip(";")
            pending = ""


def run_sql(conn: sqlite3.Connection, name: str) -> None:
    """Run the statements of one of the package's SQL files, within the caller's transaction."""
    # Not executescript: that would commit the transaction.
    for statement in statements(read_sql(name)):
        conn.execute(statement)


@functools.cache
def view_names() -> frozenset[str]:
    """Names of the views of an archive."""
    return frozenset(dict(_wanted_views()))


def _wanted_views() -> Iterator[tuple[str, str]]:
    for statement in statements(read_sql("views.sql")):
        definition = statement[statement.index("create view") :]
        name = definition.split()[2]
        yield name, definition.replace("create view", "CREATE VIEW", 1)


def _stored_views(conn: sqlite3.Connection) -> dict[str, str]:
    return dict(conn.execute("select name, sql from sqlite_master where type = 'view'"))


def _package() -> Traversable:
    return resources.files(__package__)
