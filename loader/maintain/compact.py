"""A smaller file: raw captures compressed anew with a dictionary trained on all of them.

Each batch is one transaction, so a run that is killed leaves every capture readable, by
the old dictionary or by the new one, and the next run does the rest.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from typing import Final

from loader.archive.archive import Archive
from loader.archive.connection import archive_errors
from loader.archive.ids import chunks
from loader.archive.raw import (
    Compressor,
    RawReader,
    store_dictionary,
    train_dictionary,
)

# Compressing once for good may take longer than compressing during a load.
_LEVEL: Final = 12
# All captures are at hand, so the dictionary fits them even where they are few.
_MIN_CAPTURES: Final = 50
_SAMPLES: Final = 4000
_BATCH: Final = 500


def compact(archive: Archive) -> tuple[int, int]:
    """Retrain the dictionary, compress all raw captures with it, and give back free pages.

    Returns the size of the file in bytes before and after. Raises ArchiveError when a raw
    capture is damaged (`loader verify` names it) or the file cannot be written.
    """
    conn = archive.conn
    with archive_errors(archive.path):
        before = _size(conn)
        samples = _samples(conn)
        archive.begin_writing()
        if len(samples) >= _MIN_CAPTURES and (data := train_dictionary(samples)):
            _recompress(archive, data)
        conn.execute("insert into articles_fts (articles_fts) values ('optimize')")
        conn.execute("vacuum")
        return before, _size(conn)


def _size(conn: sqlite3.Connection) -> int:
    (size,) = conn.execute(
        "select page_count * page_size from pragma_page_count, pragma_page_size"
    ).fetchone()
    return int(size)


def _samples(conn: sqlite3.Connection) -> list[bytes]:
    """Captures spread evenly over the archive, the same for the same archive."""
    ids = [row[0] for row in conn.execute("select snapshot_id from raw_captures order by 1")]
    reader = RawReader(conn)
    step = max(1, len(ids) // _SAMPLES)
    return [reader.read(snapshot_id) for snapshot_id in ids[::step]]


def _recompress(archive: Archive, dictionary: bytes) -> None:
    digest = hashlib.sha256(dictionary).hexdigest()
    archive.in_transaction(lambda conn: store_dictionary(conn, dictionary))
    ids = [
        row[0]
        for row in archive.conn.execute(
            "select snapshot_id from raw_captures where dictionary_id is not"
            " (select id from raw_dictionaries where digest = ?) order by snapshot_id",
            (digest,),
        )
    ]
    compressor = Compressor(dictionary, level=_LEVEL)
    for start in range(0, len(ids), _BATCH):
        _recompress_batch(archive, ids[start : start + _BATCH], compressor, digest)
    archive.in_transaction(
        lambda conn: conn.execute(
            "delete from raw_dictionaries where digest <> ? and not exists"
            " (select 1 from raw_captures where dictionary_id = raw_dictionaries.id)",
            (digest,),
        )
    )


def _recompress_batch(
    archive: Archive, ids: Sequence[int], compressor: Compressor, digest: str
) -> None:
    def write(conn: sqlite3.Connection) -> None:
        reader = RawReader(conn)
        for marks, chunk in chunks(ids):
            there = conn.execute(
                f"select snapshot_id from raw_captures where snapshot_id in ({marks})", chunk
            ).fetchall()
            conn.executemany(
                "update raw_captures set data = ?, dictionary_id ="
                " (select id from raw_dictionaries where digest = ?) where snapshot_id = ?",
                [(compressor.compress(reader.read(row[0])), digest, row[0]) for row in there],
            )

    archive.in_transaction(write)
