"""Read raw captures from an archive byte for byte, and detect damage."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable

from loader.errors import ArchiveError
from loader.page.digest import capture_digest
from loader.zstd import ZstdDecompressor, ZstdDict, ZstdError, get_frame_info


def current_dictionary(conn: sqlite3.Connection) -> bytes | None:
    """Return the compression dictionary for new captures."""
    row: tuple[bytes] | None = conn.execute(
        "select data from raw_dictionaries order by id desc limit 1"
    ).fetchone()
    return row[0] if row else None


def store_dictionary(conn: sqlite3.Connection, data: bytes) -> int:
    """Store a dictionary unless it is stored already; return its id."""
    known = find_dictionary(conn, data)
    if known is not None:
        return known
    digest = hashlib.sha256(data).hexdigest()
    insert = "insert into raw_dictionaries (digest, data) values (?, ?)"
    return conn.execute(insert, (digest, data)).lastrowid or 0


def find_dictionary(conn: sqlite3.Connection, data: bytes) -> int | None:
    """Return the id of a dictionary; None if it is not stored."""
    digest = hashlib.sha256(data).hexdigest()
    row = conn.execute("select id from raw_dictionaries where digest = ?", (digest,)).fetchone()
    return int(row[0]) if row else None


_READ = """
select raw_captures.data, dictionary_id, size, snapshots.digest, pages.url, captured_at
from raw_captures
join snapshots on snapshots.id = raw_captures.snapshot_id
left join pages on pages.id = snapshots.page_id
where snapshot_id = ?
"""


class RawReader:
    """A reader of raw captures, with a cache of dictionaries."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._dictionaries: dict[int | None, ZstdDict | None] = {None: None}

    def read(self, snapshot_id: int) -> bytes:
        """Return the exact bytes of a snapshot's capture, verified by its digest.

        Raises KeyError if it has none, ArchiveError if they are damaged.
        """
        row = self._conn.execute(_READ, (snapshot_id,)).fetchone()
        if row is None:
            raise KeyError(snapshot_id)
        compressed, dictionary_id, size, digest, url, captured_at = row
        data = self.decompress(compressed, dictionary_id, size)
        if capture_digest(data, url, captured_at) != digest:
            raise _damaged(f"its bytes do not have the digest of snapshot {snapshot_id}")
        return data

    def decompress(self, data: bytes, dictionary_id: int | None, size: int) -> bytes:
        """Return the bytes of one compressed capture. Raises ArchiveError if it is damaged.

        The size is checked first, so that a damaged or hostile frame cannot exhaust memory.
        """
        try:
            if get_frame_info(data).decompressed_size != size:
                raise _damaged("its size is wrong")
            self.keep((dictionary_id,))
            decoder = ZstdDecompressor(self._dictionaries[dictionary_id])
            found = decoder.decompress(data)
        except (ZstdError, MemoryError) as error:
            raise _damaged(str(error)) from error
        if not decoder.eof:
            raise _damaged("it is truncated")
        return found

    def keep(self, dictionary_ids: Iterable[int | None]) -> None:
        """Read dictionaries into the cache, for use after `compact` replaced them.

        Raises ArchiveError if one is missing or damaged.
        """
        for dictionary_id in set(dictionary_ids) - self._dictionaries.keys():
            self._dictionaries[dictionary_id] = self._dictionary(dictionary_id)

    def _dictionary(self, dictionary_id: int | None) -> ZstdDict:
        row = self._conn.execute(
            "select digest, data from raw_dictionaries where id = ?", (dictionary_id,)
        ).fetchone()
        if row is None or hashlib.sha256(row[1]).hexdigest() != row[0]:
            raise _damaged(f"its dictionary {dictionary_id} is missing or damaged")
        return ZstdDict(row[1])


def _damaged(fault: str) -> ArchiveError:
    return ArchiveError("raw capture", f"is damaged: {fault}", "run `loader verify`")
