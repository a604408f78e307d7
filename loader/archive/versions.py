"""Which parser read the captures of each load.

`loads.parser_version` is the PARSER_VERSION that read them last: when they were loaded, or parsed
again since. What this parser read and its raw captures contradict is damage; what another read
may only be another reading. 0 stands for loaders that did not count their parsers yet.
"""

from __future__ import annotations

import sqlite3

from loader.page import PARSER_VERSION


def is_read_by_another(conn: sqlite3.Connection) -> bool:
    """Return whether captures of any load were read last by another parser than this one."""
    row = conn.execute(
        "select 1 from loads where parser_version <> ? limit 1", (PARSER_VERSION,)
    ).fetchone()
    return row is not None


def note_parsed_again(conn: sqlite3.Connection) -> None:
    """Note for all loads that this parser has read their captures."""
    conn.execute(
        "update loads set parser_version = :version where parser_version <> :version",
        {"version": PARSER_VERSION},
    )
