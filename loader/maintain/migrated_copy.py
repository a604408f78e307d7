"""Read an archive of an older schema by migrating a copy."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from loader.archive.connection import address, archive_errors, open_readonly
from loader.archive.schema import is_current, migrate


@contextmanager
def at_present_schema(path: Path, timeout: float) -> Iterator[Path]:
    """Yield the path of the archive itself, or of a temporary copy in the present schema."""
    with (
        closing(open_readonly(path, timeout)) as conn,
        tempfile.TemporaryDirectory(prefix="loader-copy-") as folder,
    ):
        ready = path
        with archive_errors(path):
            if not is_current(conn):
                ready = Path(folder) / "source.db"
                _copy_and_migrate(conn, ready)
        yield ready


@contextmanager
def reading_at_present_schema(path: Path, timeout: float) -> Iterator[sqlite3.Connection]:
    """Open an archive of any schema for reading, without changing the file."""
    with (
        at_present_schema(path, timeout) as ready,
        closing(open_readonly(ready, timeout)) as conn,
        archive_errors(path),
    ):
        yield conn


def _copy_and_migrate(conn: sqlite3.Connection, copy: Path) -> None:
    with closing(sqlite3.connect(address(copy), uri=True, isolation_level=None)) as target:
        # An incomplete copy is worthless, so it needs no protection against crashes.
        target.execute("pragma synchronous = off")
        conn.backup(target)
        target.execute("pragma journal_mode = memory").fetchone()
        target.execute("pragma foreign_keys = on")
        migrate(target)
