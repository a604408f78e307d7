"""Raw captures: compressed, and given back byte for byte."""

from __future__ import annotations

import hashlib
import sqlite3

import zstandard

LEVEL = 3  # 6 saves 4 % of the file and costs three times the time
# A dictionary pays for itself from a few hundred pages on.
MIN_TRAINING_CAPTURES = 400
_DICTIONARY_BYTES = 64 * 1024
_SAMPLE_BYTES = 16 * 1024


class Compressor:
    """Compresses captures, with the archive's dictionary where it has one."""

    def __init__(self, dictionary: bytes | None = None) -> None:
        self._zstd = (
            zstandard.ZstdCompressor(
                level=LEVEL, dict_data=zstandard.ZstdCompressionDict(dictionary)
            )
            if dictionary
            else zstandard.ZstdCompressor(level=LEVEL)
        )
        self.has_dictionary = bool(dictionary)

    def compress(self, data: bytes) -> bytes:
        return self._zstd.compress(data)


def train_dictionary(samples: list[bytes]) -> bytes | None:
    """A dictionary of what pages share; None where they share too little to make one."""
    try:
        trained = zstandard.train_dictionary(
            _DICTIONARY_BYTES, [sample[:_SAMPLE_BYTES] for sample in samples], k=512, d=8
        )
    except zstandard.ZstdError:
        return None
    return trained.as_bytes()


def current_dictionary(conn: sqlite3.Connection) -> tuple[int, bytes] | None:
    """Id and bytes of the dictionary that new captures are compressed with."""
    row: tuple[int, bytes] | None = conn.execute(
        "select id, data from raw_dictionaries order by id desc limit 1"
    ).fetchone()
    return row


def store_dictionary(conn: sqlite3.Connection, data: bytes) -> int:
    """Add a dictionary, once; its id."""
    digest = hashlib.sha256(data).hexdigest()
    conn.execute(
        "insert or ignore into raw_dictionaries (digest, data) values (?, ?)", (digest, data)
    )
    row = conn.execute("select id from raw_dictionaries where digest = ?", (digest,)).fetchone()
    return int(row[0])


class RawReader:
    """Gives raw captures back from an archive."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._decompressors: dict[int | None, zstandard.ZstdDecompressor] = {}

    def read(self, snapshot_id: int) -> bytes:
        """The exact bytes of a snapshot's capture; KeyError when it has none."""
        row = self._conn.execute(
            "select data, dictionary_id, size from raw_captures where snapshot_id = ?",
            (snapshot_id,),
        ).fetchone()
        if row is None:
            raise KeyError(snapshot_id)
        data, dictionary_id, size = row
        return self.decompress(data, dictionary_id, size)

    def decompress(self, data: bytes, dictionary_id: int | None, size: int) -> bytes:
        decompressor = self._decompressors.get(dictionary_id)
        if decompressor is None:
            decompressor = self._decompressors[dictionary_id] = self._make(dictionary_id)
        return decompressor.decompress(data, max_output_size=size)

    def _make(self, dictionary_id: int | None) -> zstandard.ZstdDecompressor:
        if dictionary_id is None:
            return zstandard.ZstdDecompressor()
        (data,) = self._conn.execute(
            "select data from raw_dictionaries where id = ?", (dictionary_id,)
        ).fetchone()
        return zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(data))
