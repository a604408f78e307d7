"""Record the sources that were read to their end, so that another run can skip them.

These records are the history of a file, not its content: `dump` and `merge` ignore them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from loader.page import PARSER_VERSION


class ReadSource(NamedTuple):
    """A source read to its end, with its fingerprint at that time: a row of read_sources.

    `options` are those that select captures. With other options or a newer parser, the source may
    yield more.
    """

    location: str
    size: int | None
    modified_at: str | None
    etag: str | None
    digest: str | None
    options: str
    parser_version: int = PARSER_VERSION


_COLUMNS: Final = ", ".join(ReadSource._fields)
_FIND: Final = f"select {_COLUMNS} from read_sources where location = ?"
_WRITE: Final = f"""
insert or replace into read_sources ({_COLUMNS})
values ({", ".join("?" * len(ReadSource._fields))})
"""


def find_read_source(conn: sqlite3.Connection, location: str) -> ReadSource | None:
    """Return the record of a location; None if there is none."""
    row = conn.execute(_FIND, (location,)).fetchone()
    return ReadSource._make(row) if row else None


def is_unchanged(known: ReadSource, now: ReadSource, digest: Callable[[], str | None]) -> bool:
    """Return whether a source is unchanged since it was read with the same options.

    Size and ETag or modification time decide. If only the latter differ (for a copy, a new clone or
    a regenerated feed), `digest` is called to decide.
    """
    if known.options != now.options or known.size != now.size:
        return False
    if now.etag and known.etag:
        if now.etag == known.etag:
            return True
    elif now.modified_at and now.modified_at == known.modified_at:
        return True
    return known.digest is not None and known.digest == digest()


def unknown_sources(conn: sqlite3.Connection, read: Sequence[ReadSource]) -> list[ReadSource]:
    """Return the sources that are not recorded yet; a new modification time alone is ignored."""
    return [source for source in read if not _is_recorded(conn, source)]


def _is_recorded(conn: sqlite3.Connection, source: ReadSource) -> bool:
    known = find_read_source(conn, source.location)
    return known is not None and known._replace(modified_at=source.modified_at) == source


def remember_sources(conn: sqlite3.Connection, read: Sequence[ReadSource]) -> None:
    """Record sources as read to their end, in the caller's transaction."""
    conn.executemany(_WRITE, read)


def all_read_sources(conn: sqlite3.Connection) -> list[ReadSource]:
    """Return all recorded sources."""
    return [ReadSource._make(row) for row in conn.execute(f"select {_COLUMNS} from read_sources")]
