"""Builds the committed sample archive: `python -m tests.make_archive archive.db`."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner

from loader.cli import main

SAMPLES = "tests/samples"


def make_archive(path: Path) -> None:
    """Load the samples into a new file, by locations relative to the repository."""
    for leftover in path.parent.glob(f"{path.name}*"):
        leftover.unlink()
    for arguments in (["load", SAMPLES], ["compact"]):
        result = CliRunner().invoke(main, [*arguments, "--db", str(path)])
        if result.exit_code:
            raise SystemExit(result.output)
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        # Many small tables: with pages of 4 KB half the file would be their empty ends.
        conn.execute("pragma page_size = 512")
        conn.execute("vacuum")


if __name__ == "__main__":
    make_archive(Path(sys.argv[1]))
