"""Verify an archive: find damage, and classify it as lost or repairable.

Checks yield findings and continue after any error, since they are meant for damaged files.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from loader.archive.connection import address, archive_errors, check_is_file, roll_back_killed
from loader.archive.schema import is_empty
from loader.archive.users import is_own
from loader.errors import ArchiveError
from loader.maintain.migrated_copy import at_present_schema
from loader.maintain.reparse.compare import Sample, Scan, compare
from loader.maintain.reparse.differences import RAW_CAPTURE, REFUSED
from loader.maintain.verify.dating import dating_findings
from loader.maintain.verify.finding import DAMAGE, Finding, Remedy
from loader.maintain.verify.rows import row_findings
from loader.maintain.verify.schema import is_older, schema_findings
from loader.page import PARSER_VERSION

_MAX_MESSAGES = 100  # of the integrity check
_SAMPLE = 1000  # articles parsed again without --all


@contextmanager
def reading(path: Path, timeout: float) -> Iterator[sqlite3.Connection]:
    """Open an archive in any state for reading; invalid UTF-8 becomes lone surrogates."""
    check_is_file(path)
    roll_back_killed(path)
    uri = address(path, "ro")
    with closing(sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None)) as conn:
        conn.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        yield conn


def verify(
    conn: sqlite3.Connection, path: Path, scan: Scan, *, everything: bool
) -> Iterator[Finding]:
    """Yield all faults of an archive; with `everything`, parse each raw capture again.

    Otherwise a sample of a thousand articles is parsed, and the rest only decoded. Holds the write
    lock while the full-text index is checked, but changes nothing.
    """
    yield from _guarded("file", _file_findings(conn))
    if _is_empty(conn):
        yield Finding("file", "holds nothing: its first load was killed", Remedy.WAITS)
        return
    yield from _guarded("schema", schema_findings(conn))
    if is_older(conn):
        yield from _guarded("older schema", _migrated_findings(path, scan, everything=everything))
    else:
        yield from _content_findings(conn, path, scan, everything=everything)


def _migrated_findings(path: Path, scan: Scan, *, everything: bool) -> Iterator[Finding]:
    """Yield the faults of an archive of an older schema, found in a migrated copy."""
    with at_present_schema(path, timeout=1.0) as copy, reading(copy, 0) as conn:
        yield from _content_findings(conn, copy, scan, everything=everything)


def _content_findings(
    conn: sqlite3.Connection, path: Path, scan: Scan, *, everything: bool
) -> Iterator[Finding]:
    yield from _guarded("full text", _full_text_findings(conn, path))
    yield from _guarded("rows", row_findings(conn))
    yield from _guarded("captures", _capture_findings(conn, scan, everything=everything))
    yield from _guarded("days", dating_findings(conn, everything=everything))


def _is_empty(conn: sqlite3.Connection) -> bool:
    try:
        return is_empty(conn)
    except DAMAGE:
        return False


def _guarded(area: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    try:
        yield from findings
    except DAMAGE as error:
        yield Finding(area, f"cannot be read to the end: {error}", Remedy.SALVAGE)


def _file_findings(conn: sqlite3.Connection) -> Iterator[Finding]:
    for (message,) in conn.execute(f"pragma integrity_check({_MAX_MESSAGES})"):
        if message != "ok":
            is_index = " index " in f" {message} "
            yield Finding("file", message, Remedy.REINDEX if is_index else Remedy.SALVAGE)
    for table, rowid, parent, _ in conn.execute("pragma foreign_key_check"):
        row = f"a row of {table}" if rowid is None else f"row {rowid} of {table}"
        if not is_own(table):
            yield Finding("tables of yours", f"{row} names no row of {parent}", Remedy.YOURS)
            continue
        remedy = Remedy.SALVAGE if parent in GIVEN else Remedy.REBUILD
        yield Finding("foreign keys", f"{row} names no row of {parent}", remedy)


# Tables that cannot be rebuilt from raw captures: where, when and at which address these were made.
GIVEN: Final = ("loads", "pages", "raw_dictionaries", "snapshots", "sources")

# Errors for a file that is read-only or being written by a load.
_NOT_HERE: Final = ("readonly", "unable to open", "locked")
_CHECK_INDEX: Final = "insert into articles_fts (articles_fts, rank) values ('integrity-check', 1)"


def _full_text_findings(conn: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    """Check the full-text index, in a copy if the file cannot be written.

    For SQLite this check is an insert.
    """
    with tempfile.TemporaryDirectory(prefix="loader-verify-") as folder:
        try:
            yield from _check_full_text(path)
        except sqlite3.OperationalError as error:
            if not any(word in str(error) for word in _NOT_HERE):
                raise
            copy = Path(folder) / "copy.db"
            with closing(sqlite3.connect(copy)) as target:
                conn.backup(target)
            yield from _check_full_text(copy)


def _check_full_text(path: Path) -> Iterator[Finding]:
    writable = sqlite3.connect(address(path, "rw"), uri=True, isolation_level=None)
    try:
        writable.execute("begin")
        writable.execute(_CHECK_INDEX)
        writable.execute("rollback")
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        yield Finding("full text", f"index and articles differ: {error}", Remedy.REBUILD)
    finally:
        writable.close()


def _capture_findings(
    conn: sqlite3.Connection, scan: Scan, *, everything: bool
) -> Iterator[Finding]:
    (articles,) = conn.execute("select count(*) from articles").fetchone()
    step = 1 if everything else max(1, articles // _SAMPLE)
    for found in compare(conn, scan, Sample(step, random.randrange(step))):
        # Rows of another parser version are a different reading, not damage.
        is_own = found.parser_version == PARSER_VERSION
        remedy = Remedy.REBUILD if is_own else Remedy.REPARSE
        for difference in found.differences:
            if difference.kind == RAW_CAPTURE:
                yield Finding("raw captures", str(difference.after), Remedy.LOST, found.snapshot_id)
            elif difference.kind != REFUSED:  # an earlier parser accepted it
                fault = f"{difference.kind} differs from the raw capture"
                yield Finding("captures", fault, remedy, found.snapshot_id)


def check_is_archive(path: Path) -> None:
    """Raise ArchiveError unless the file exists and SQLite can open it as a database."""
    if not path.exists():
        raise ArchiveError(str(path), "no such file", "make an archive with `loader load`")
    with archive_errors(path), reading(path, 0) as conn:
        conn.execute("select count(*) from sqlite_master").fetchone()
