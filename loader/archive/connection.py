"""Open database files, and translate SQLite's errors to messages that a user can act on."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from loader.archive.changes import transaction
from loader.archive.lock_holder import lock_holder
from loader.archive.schema import (
    check_archive,
    check_sqlite,
    check_tables,
    is_current,
    is_empty,
    migrate,
)
from loader.archive.users import quoted, refer_to_own_tables, users_objects
from loader.errors import ArchiveError

DEFAULT_TIMEOUT = 30.0  # seconds to wait for another writer

# Texts vary from 1 to 12 KB. Larger pages would leave more space unused after each text, and a
# small change would write more (docs/design.md, "Page size").
_PAGE_BYTES = 2048
# The writer's cache holds the index pages that a batch touches.
_CACHE_KIB = 32 * 1024
# WAL pages before a checkpoint: a page that many batches change is copied only once.
_CHECKPOINT_PAGES = 16_000
_RETRY_SECONDS = 0.02  # between two attempts to switch to WAL
_CHECKPOINT_TIMEOUT = 1000  # milliseconds, during which other writers wait too

_REMEDY = "see `loader verify`, or restore a backup"
_LOCKED = "is locked by another writer"
_FAULTS: tuple[tuple[str, str, str], ...] = (
    ("database is locked", _LOCKED, "wait for it, or raise --timeout"),
    ("database schema is locked", _LOCKED, "wait for it"),
    ("readonly database", "is read-only, or its folder is", "change its permissions or copy it"),
    ("unable to open database", "cannot be opened", "check its folder and permissions"),
    ("disk is full", "has no room to grow: the disk is full", "free some space and load again"),
    ("disk i/o error", "cannot be written: disk error or size limit", "check the disk"),
    ("file is not a database", "is not an SQLite file", "name another file with --db"),
    ("malformed", "is damaged", _REMEDY),
    ("could not decode", "is damaged", _REMEDY),
)  # fmt: skip


# A table without an index of all its rows is not sampled but counted, page by page: raw captures
# and the blocks of the text index, half of the file.
_SAMPLED = """
select name from sqlite_master as found
where type = 'table'
    and exists (select 1 from pragma_index_list(found.name) where not "partial")
"""
# ANALYZE samples the start of the index quotes_instrument, sees one instrument, and assumes that
# it is rare.
_QUOTES_OF_AN_INSTRUMENT = """
update sqlite_stat1
set stat = (
    select total || ' ' || max(1, total / max(1, instruments)) || ' 1'
    from (
        select
            (
                select cast(round(coalesce(max(id) * avg(quote_count), 0)) as integer)
                from (select id, quote_count from boards order by id desc limit 400)
            ) as total,
            (
                select count(*) from instruments
                where exists (select 1 from quotes where instrument_id = instruments.id)
            ) as instruments
    )
)
where idx = 'quotes_instrument'
"""


@contextmanager
def archive_errors(path: str | Path) -> Iterator[None]:
    """Convert SQLite's errors about the file into ArchiveError; other errors pass."""
    try:
        yield
    except UnicodeDecodeError as error:
        # Raised for SQLite's message about a schema with names that are not UTF-8.
        raise ArchiveError(str(path), "is damaged", _REMEDY) from error
    except sqlite3.DatabaseError as error:
        message = str(error).lower()
        for part, fault, remedy in _FAULTS:
            if part in message:
                if fault == _LOCKED and (holder := lock_holder(Path(path))):
                    fault = f"is locked by {holder}"
                raise ArchiveError(str(path), fault, remedy) from error
        if names := _may_refuse_rows(Path(path)):
            fault = f"{names} of yours cannot take this: {error}"
            raise ArchiveError(str(path), fault, "change or drop it") from error
        raise


def _may_refuse_rows(path: Path) -> str:
    """Return the names of users' triggers and unique indexes on tables of the loader."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(address(path, "ro"), uri=True)) as conn:
        return ", ".join(
            str(item)
            for item in users_objects(conn)
            if item.kind == "trigger" or item.sql.lower().startswith("create unique index")
        )
    return ""


def open_writable(path: Path, timeout: float = DEFAULT_TIMEOUT) -> sqlite3.Connection:
    """Open an archive for appending; create it if the file is missing or empty.

    Raises ArchiveError if it is not an archive, too new, locked for longer than `timeout`
    seconds, or cannot be written.
    """
    check_sqlite()
    check_is_file(path)
    with archive_errors(path):
        # In autocommit mode, transactions are explicit. Only if opened by URI can `merge` attach
        # other archives read-only.
        conn = sqlite3.connect(address(path), uri=True, timeout=timeout, isolation_level=None)
        try:
            _prepare(conn, path)
        except BaseException:
            conn.close()
            raise
        return conn


def check_is_file(path: Path) -> None:
    """Raise ArchiveError for a directory, or a pipe, at which SQLite would wait for ever."""
    if path.exists() and not path.is_file():
        kind = "a directory" if path.is_dir() else "no regular file"
        raise ArchiveError(str(path), f"is {kind}", "name a file with --db")


def _prepare(conn: sqlite3.Connection, path: Path) -> None:
    conn.execute("pragma foreign_keys = on")
    if is_empty(conn):
        conn.execute(f"pragma page_size = {_PAGE_BYTES}")
        use_wal(conn)
        migrate(conn)
        return
    check_archive(conn, str(path))
    if not is_current(conn):
        migrate(conn)
    check_tables(conn, str(path))
    if refer_to_own_tables(conn):
        # Reparsed rows are deleted and inserted again. Users' tables must neither prevent that nor
        # lose rows by it.
        conn.execute("pragma foreign_keys = off")


def open_readonly(path: Path, timeout: float = DEFAULT_TIMEOUT) -> sqlite3.Connection:
    """Open an archive for reading. Raises ArchiveError if it is missing or too new."""
    check_sqlite()
    if not path.exists():
        raise ArchiveError(str(path), "no such file", "make an archive with `loader load`")
    check_is_file(path)
    roll_back_killed(path)
    with archive_errors(path):
        conn = sqlite3.connect(address(path, "ro"), uri=True, timeout=timeout, isolation_level=None)
        try:
            check_archive(conn, str(path))
        except BaseException:
            conn.close()
            raise
        return conn


@contextmanager
def at_one_moment(conn: sqlite3.Connection) -> Iterator[None]:
    """Read one state of the archive, even if another process writes meanwhile.

    Only for a few statements, since without a WAL a writer must wait.
    """
    if conn.in_transaction:
        yield
        return
    conn.execute("begin")
    try:
        yield
    finally:
        conn.execute("rollback")


def roll_back_killed(path: Path) -> None:
    """Roll back the transaction of a killed writer, if it left a journal.

    SQLite does so by itself, but not on a read-only connection. The journal of a running writer
    is left alone. If the file is not writable, reading it will report that.
    """
    if path.with_name(f"{path.name}-journal").exists():
        with suppress(sqlite3.Error):
            conn = sqlite3.connect(address(path, "rw"), uri=True)
            try:
                conn.execute("select 1 from sqlite_master limit 1").fetchone()
            finally:
                conn.close()


def address(path: Path, mode: Literal["ro", "rw", "rwc"] = "rwc") -> str:
    """Return the SQLite URI of a file: to read it, to write it, or to create it if missing."""
    return f"file:{quote(os.fsencode(path.absolute()))}?mode={mode}"


def refresh_statistics(conn: sqlite3.Connection) -> None:
    """Update the statistics of SQLite's planner from a sample, in milliseconds at any size.

    Without them, sorting the view quote_history by capture time reads every quote.
    """
    try:
        conn.execute("pragma analysis_limit = 400")
        with transaction(conn):
            for (name,) in conn.execute(_SAMPLED).fetchall():
                conn.execute(f"analyze main.{quoted(name)}")
            conn.execute(_QUOTES_OF_AN_INSTRUMENT)
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise


def use_wal(conn: sqlite3.Connection) -> None:
    """Switch to WAL, so that readers are not blocked while this connection writes."""
    _switch_to_wal(conn)
    # A power failure may lose the last commits without damaging the file; a kill loses none.
    conn.execute("pragma main.synchronous = normal")
    conn.execute(f"pragma main.cache_size = -{_CACHE_KIB}")
    conn.execute(f"pragma wal_autocheckpoint = {_CHECKPOINT_PAGES}").fetchone()


def _switch_to_wal(conn: sqlite3.Connection) -> None:
    """Switch to WAL with retries, since SQLite does not wait if two processes switch at once."""
    (milliseconds,) = conn.execute("pragma busy_timeout").fetchone()
    deadline = time.monotonic() + milliseconds / 1000
    while True:
        try:
            conn.execute("pragma main.journal_mode = wal").fetchone()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= deadline:
                raise
        time.sleep(_RETRY_SECONDS)


def use_one_file(conn: sqlite3.Connection) -> None:
    """Checkpoint the WAL, so that the archive is one file again.

    A reader that stays for more than a second, such as litestream, prevents it.
    """
    try:
        conn.execute(f"pragma busy_timeout = {_CHECKPOINT_TIMEOUT}")
        conn.execute("pragma main.wal_checkpoint(truncate)").fetchone()
        conn.execute("pragma busy_timeout = 0")
        conn.execute("pragma main.journal_mode = delete").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
