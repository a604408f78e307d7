"""An archive of an older schema, to read as if it were of the present one."""

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
    """The archive itself, or a copy that was brought to the present schema."""
    conn = open_readonly(path, timeout)
    try:
        with tempfile.TemporaryDirectory(prefix="loader-copy-") as folder:
            ready = path
            with archive_errors(path):
                if not is_current(conn):
                    ready = Path(folder) / "source.db"
                    _copy_and_migrate(conn, ready)
            yield ready
    finally:
        conn.close()


@contextmanager
def reading_at_present_schema(path: Path, timeout: float) -> Iterator[sqlite3.Connection]:
    """Open an archive to read, whatever its schema is; the file itself stays as it is."""
    with (
        at_present_schema(path, timeout) as ready,
        closing(open_readonly(ready, timeout)) as conn,
        archive_errors(path),
    ):
        yield conn


def _copy_and_migrate(conn: sqlite3.Connection, copy: Path) -> None:
    target = sqlite3.connect(address(copy), uri=True, isolation_level=None)
    try:
        # The copy is worth nothing until it is done, so nothing is made safe on the way.
        target.execute("pragma synchronous = off")
        conn.backup(target)
        target.execute("pragma journal_mode = memory").fetchone()
        target.execute("pragma foreign_keys = on")
        migrate(target)
    finally:
        target.close()
