"""A number in an address finds its rows in every view, although Datasette compares it as text."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def test_numbers_of_views_are_found_by_their_text(sample_archive: Path) -> None:
    missed = []
    with closing(sqlite3.connect(sample_archive)) as conn:
        views = [row[0] for row in conn.execute("select name from sqlite_master where type='view'")]
        for view in views:
            for _, column, *_ in conn.execute(f"pragma table_info({view})").fetchall():
                row = conn.execute(
                    f"select {column} from {view} where typeof({column}) = 'integer' limit 1"
                ).fetchone()
                if (
                    row
                    and not conn.execute(
                        f"select 1 from {view} where {column} = ? limit 1", (str(row[0]),)
                    ).fetchone()
                ):
                    missed.append(f"{view}.{column}")
    assert missed == ["quality.value"]  # a union of counts, found by their names
