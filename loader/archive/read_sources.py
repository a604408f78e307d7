"""Which sources this archive has read to their end, so that a second run passes them over.

This is about the file's history and not its content: neither `dump` nor `merge` look at it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loader.model import Fingerprint

_FIND = "select size, modified_at, etag, digest, read_with from read_sources where location = ?"
_KEEP = """
insert into read_sources (location, size, modified_at, etag, digest, read_with)
values (?, ?, ?, ?, ?, ?)
on conflict (location) do update set
    size = excluded.size, modified_at = excluded.modified_at, etag = excluded.etag,
    digest = excluded.digest, read_with = excluded.read_with
"""


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source read to its end, as it was then.

    `read_with` is the loader's version and the options that decide what is read: another
    version or another --url may find more.
    """

    location: str
    seen: Fingerprint
    read_with: str


def find_read_source(conn: sqlite3.Connection, location: str) -> ReadSource | None:
    """What the archive remembers of a location."""
    row = conn.execute(_FIND, (location,)).fetchone()
    return ReadSource(location, Fingerprint(*row[:4]), row[4]) if row else None


def is_read(
    conn: sqlite3.Connection,
    location: str,
    now: Fingerprint,
    read_with: str,
    digest: Callable[[], str | None],
) -> bool:
    """Whether a source was read in the state in which it is now.

    Size and ETag or time of change decide; where only the time differs (a copy, a fresh
    clone), `digest` is called to tell.
    """
    known = find_read_source(conn, location)
    if known is None or known.read_with != read_with or known.seen.size != now.size:
        return False
    if now.etag and known.seen.etag:
        return now.etag == known.seen.etag
    if now.modified_at and now.modified_at == known.seen.modified_at:
        return True
    return known.seen.digest is not None and known.seen.digest == digest()


def unknown_sources(conn: sqlite3.Connection, read: Sequence[ReadSource]) -> list[ReadSource]:
    """Those of `read` that the archive does not remember; a new time alone is no news."""
    return [source for source in read if not _is_remembered(conn, source)]


def _is_remembered(conn: sqlite3.Connection, source: ReadSource) -> bool:
    known = find_read_source(conn, source.location)
    return (
        known is not None
        and known.read_with == source.read_with
        and known.seen.size == source.seen.size
        and known.seen.etag == source.seen.etag
        and known.seen.digest == source.seen.digest
    )


def remember_sources(conn: sqlite3.Connection, read: Sequence[ReadSource]) -> None:
    """Note sources as read to their end, in the caller's transaction."""
    conn.executemany(
        _KEEP,
        [
            (
                source.location,
                source.seen.size,
                source.seen.modified_at,
                source.seen.etag,
                source.seen.digest,
                source.read_with,
            )
            for source in read
        ],
    )
