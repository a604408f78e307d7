"""Shrink an archive: recompress raw captures with a dictionary trained on all of them.

Each batch is one transaction, so a killed run leaves every capture readable with the old or the new
dictionary, and the next run does the rest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from loader.archive.archive import Archive
from loader.archive.connection import archive_errors
from loader.archive.ids import AMONG, in_chunks, json_list
from loader.archive.raw import RawReader, find_dictionary, store_dictionary
from loader.archive.references import delete_unused
from loader.archive.stats import database_size
from loader.rows.codec import SAMPLE_BYTES, Zstd, train_dictionary

# A one-off compression may take longer than one during a load.
_LEVEL: Final = 12
# The dictionary is trained on the captures that it compresses, so a few suffice.
_MIN_CAPTURES: Final = 50
_SAMPLES: Final = 4000
_BATCH: Final = 500
_MERGED_PAGES: Final = 1000


def compact(archive: Archive) -> tuple[int, int]:
    """Retrain the dictionary, recompress all raw captures with it, and release free pages.

    Returns the size of the file in bytes before and after. Raises ArchiveError if a raw
    capture is damaged (`loader verify` finds it) or the file cannot be written.
    """
    conn = archive.conn
    with archive_errors(archive.path):
        before = database_size(conn)
        samples = _samples(conn)
        archive.begin_writing()
        if len(samples) >= _MIN_CAPTURES and (data := train_dictionary(samples)):
            _recompress(archive, data)
        _merge_text_index(conn)
        conn.execute("vacuum")
        return before, database_size(conn)


def _merge_text_index(conn: sqlite3.Connection) -> None:
    """Merge the segments of the text index into one, in steps of some megabytes."""
    # A negative number begins a merge of all segments, whatever their sizes.
    step = f"insert into articles_fts (articles_fts, rank) values ('merge', {-_MERGED_PAGES})"
    before = -2
    # According to SQLite's documentation, fewer than two changes mean that nothing is left to do.
    while conn.total_changes - before >= 2:
        before = conn.total_changes
        conn.execute(step)


def _samples(conn: sqlite3.Connection) -> list[bytes]:
    """Return the beginnings of captures spread evenly over the archive, 64 MB at most."""
    ids = [row[0] for row in conn.execute("select snapshot_id from raw_captures order by 1")]
    reader = RawReader(conn)
    step = max(1, len(ids) // _SAMPLES)
    return [reader.read(snapshot_id)[:SAMPLE_BYTES] for snapshot_id in ids[::step]]


def _recompress(archive: Archive, dictionary: bytes) -> None:
    """Compress all raw captures with a dictionary.

    The dictionary is stored with the first batch, and old ones are deleted with the last, so no
    unused dictionary is ever left.
    """
    codec = Zstd(dictionary, level=_LEVEL)
    batches = list(in_chunks(_compressed_otherwise(archive.conn, dictionary), _BATCH))
    for number, batch in enumerate(batches, 1):
        _recompress_batch(archive, batch, codec, dictionary, is_last=number == len(batches))


def _compressed_otherwise(conn: sqlite3.Connection, dictionary: bytes) -> list[int]:
    """Return the snapshots whose raw captures use another dictionary or none."""
    query = """
        select snapshot_id from raw_captures
        where dictionary_id is null or dictionary_id is not ? order by 1
    """
    return [row[0] for row in conn.execute(query, (find_dictionary(conn, dictionary),))]


def _recompress_batch(
    archive: Archive, ids: Sequence[int], codec: Zstd, dictionary: bytes, *, is_last: bool
) -> None:
    def write(conn: sqlite3.Connection) -> None:
        reader = RawReader(conn)
        present = conn.execute(
            f"select snapshot_id from raw_captures where snapshot_id in {AMONG}", (json_list(ids),)
        ).fetchall()
        if present:
            dictionary_id = store_dictionary(conn, dictionary)
            conn.executemany(
                "update raw_captures set data = ?, dictionary_id = ? where snapshot_id = ?",
                [
                    (codec.encode(reader.read(snapshot_id)), dictionary_id, snapshot_id)
                    for (snapshot_id,) in present
                ],
            )
        if is_last:
            delete_unused(conn, "raw_dictionaries")

    archive.in_transaction(write)
