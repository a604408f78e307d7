"""The one that writes: rows from wherever they were made, into the archive by the batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from loader.archive.archive import Load
from loader.archive.raw import MIN_TRAINING_CAPTURES, Compressor, train_dictionary
from loader.archive.read_sources import ReadSource
from loader.archive.write.batch import Counts
from loader.errors import SourceError
from loader.model import Fingerprint
from loader.rows.prepare import Prepared
from loader.sources import Skipped, file_digest

# One transaction: enough rows to be fast, few enough that a reader sees progress and a
# killed load repeats little.
BATCH_CAPTURES = 1000
BATCH_BYTES = 16 * 1024 * 1024
# Captures that wait for a dictionary to be trained from them.
_WAITING_BYTES = 64 * 1024 * 1024


@dataclass(slots=True)
class LoadResult:
    """What a load did, and the sources it could not read (any further)."""

    counts: Counts = field(default_factory=Counts)
    failures: list[SourceError] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    read_before: int = 0


class Writer:
    """Gathers rows to batches, trains the dictionary from the first, notes sources as read."""

    def __init__(self, load: Load, decide: Callable[[bytes | None], None]) -> None:
        """`decide` is told, once, the dictionary that captures are to be compressed with."""
        self._load = load
        self._tell = decide
        self._compressor: Compressor | None = None
        self._batch: list[Prepared] = []
        self._bytes = 0
        self._waiting: list[Prepared] = []
        self._waiting_bytes = 0
        self._read: list[ReadSource] = []
        dictionary = load.dictionary()
        if dictionary is not None:
            self._decide(dictionary)

    def add(self, items: Iterable[Prepared], *, is_plain: bool) -> None:
        """Take rows over; `is_plain` when their raw captures are still to be compressed."""
        if self._compressor is None:
            self._wait(items)
            return
        for item in items:
            self._append(_compressed(item, self._compressor) if is_plain else item)

    def read(self, source: ReadSource) -> None:
        """Note a source whose last rows were added."""
        self._read.append(source)

    def finish(self) -> None:
        """Write what is left."""
        if self._compressor is None:
            self._decide(None)
        self._flush()

    def _wait(self, items: Iterable[Prepared]) -> None:
        for item in items:
            self._waiting.append(item)
            self._waiting_bytes += len(item.raw[3]) if item.raw else 0
        is_enough = len(self._waiting) >= MIN_TRAINING_CAPTURES
        if is_enough or self._waiting_bytes >= _WAITING_BYTES:
            samples = [item.raw[3] for item in self._waiting if item.raw] if is_enough else []
            dictionary = train_dictionary(samples) if samples else None
            if dictionary is not None:
                self._load.use_dictionary(dictionary)
            self._decide(dictionary)

    def _decide(self, dictionary: bytes | None) -> None:
        self._compressor = Compressor(dictionary)
        self._tell(dictionary)
        waiting, self._waiting = self._waiting, []
        for item in waiting:
            self._append(_compressed(item, self._compressor))

    def _append(self, item: Prepared) -> None:
        self._batch.append(item)
        self._bytes += item.raw[2] if item.raw else 0
        if len(self._batch) >= BATCH_CAPTURES or self._bytes >= BATCH_BYTES:
            self._flush()

    def _flush(self) -> None:
        # A source is noted with the batch that holds its last rows, not with one before it.
        read = [] if self._waiting else self._read
        if self._batch or read:
            self._load.append(self._batch, read)
        self._batch, self._bytes = [], 0
        if read:
            self._read = []


def _compressed(item: Prepared, compressor: Compressor) -> Prepared:
    if item.raw is None:
        return item
    media_type, charset, size, data = item.raw
    return item._replace(raw=(media_type, charset, size, compressor.compress(data)))


def with_digest(location: str, seen: Fingerprint) -> Fingerprint:
    """The state of a source that was read in parts, with the digest of the whole."""
    return seen if seen.digest else replace(seen, digest=file_digest(location))
