"""Which sources this archive has read to their end, so that a second run passes them over.

This is about the file's history and not its content: neither `dump` nor `merge` look at it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from loader.page import PARSER_VERSION


class ReadSource(NamedTuple):
    """A source read to its end, as it was then: a row of read_sources.

    `options` are those that decide which captures are read, `parser_version` is the parser
    that read it: with other options or by a newer parser there may be more in it.
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
    """Return what the archive remembers of a location."""
    row = conn.execute(_FIND, (location,)).fetchone()
    return ReadSource._make(row) if row else None


def is_unchanged(known: ReadSource, now: ReadSource, digest: Callable[[], str | None]) -> bool:
    """Return whether a source is as it was when it was read with the same options.

    Size and ETag or time of change decide; where only those differ (a copy, a fresh clone, a
    feed made anew), `digest` is called to tell.
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
    """Return those of `read` that the archive does not remember; a new time alone is no news."""
    return [source for source in read if not _is_remembered(conn, source)]


def _is_remembered(conn: sqlite3.Connection, source: ReadSource) -> bool:
    known = find_read_source(conn, source.location)
    return known is not None and known._replace(modified_at=source.modified_at) == source


def remember_sources(conn: sqlite3.Connection, read: Sequence[ReadSource]) -> None:
    """Note sources as read to their end, in the caller's transaction."""
    conn.executemany(_WRITE, read)


def all_read_sources(conn: sqlite3.Connection) -> list[ReadSource]:
    """Return all that an archive remembers."""
    return [ReadSource._make(row) for row in conn.execute(f"select {_COLUMNS} from read_sources")]
