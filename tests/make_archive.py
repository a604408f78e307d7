"""Build the committed sample archive: `python -m tests.make_archive archive.db`."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from loader.cli import main
from loader.maintain.dump import dump

SAMPLES = "tests/samples"


def make_archive(path: Path) -> None:
    """Load the samples into a new file, by locations relative to the repository."""
    for arguments in (["load", SAMPLES], ["compact"]):
        result = CliRunner().invoke(main, [*arguments, "--db", str(path)])
        if result.exit_code:
            raise SystemExit(result.output)
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        # With many small tables, half of the file would be unused space in pages of 4 KB.
        conn.execute("pragma page_size = 512")
        conn.execute("vacuum")


def contents(path: Path) -> list[Any]:
    """Return the content of an archive without times of its creation."""
    with closing(sqlite3.connect(path)) as conn:
        notes = [_without_times(conn, table) for table in ("loads", "read_sources")]
        return [notes, dump(conn)]


def _schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(
            "select name, sql from sqlite_master where name not like 'sqlite_%' order by name"
        ).fetchall()


def _is_same(path: Path, other: Path) -> bool:
    # The content of another schema cannot be read.
    return path.exists() and _schema(path) == _schema(other) and contents(path) == contents(other)


def _without_times(conn: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    rows = conn.execute(f"select * from {table}")
    names = [column[0] for column in rows.description]
    return [
        {name: value for name, value in zip(names, row, strict=True) if not name.endswith("_at")}
        for row in rows
    ]


def update_archive(path: Path) -> None:
    """Rebuild the file, unless that would change only times."""
    with tempfile.TemporaryDirectory(prefix="loader-samples-") as folder:
        fresh = Path(folder) / "archive.db"
        make_archive(fresh)
        if not _is_same(path, fresh):
            for leftover in path.parent.glob(f"{path.name}-*"):
                leftover.unlink()
            shutil.copyfile(fresh, path)


if __name__ == "__main__":
    update_archive(Path(sys.argv[1]))
