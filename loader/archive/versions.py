"""Track the parser version that read the captures of each load.

`loads.parser_version` is the PARSER_VERSION that read them last, in the load or in a reparse. If
raw captures contradict rows of the present version, that is damage; rows of another version may
just be another reading. 0 stands for loaders from before versions were counted.
"""

from __future__ import annotations

import sqlite3

from loader.page import PARSER_VERSION


def is_read_by_another(conn: sqlite3.Connection) -> bool:
    """Return whether captures of any load were last read by another parser version."""
    row = conn.execute(
        "select 1 from loads where parser_version <> ? limit 1", (PARSER_VERSION,)
    ).fetchone()
    return row is not None


def note_parsed_again(conn: sqlite3.Connection) -> None:
    """Record the present parser version for all loads."""
    conn.execute(
        "update loads set parser_version = :version where parser_version <> :version",
        {"version": PARSER_VERSION},
    )
