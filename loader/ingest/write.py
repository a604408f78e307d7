"""Write rows from all readers into the archive, in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from loader.archive.archive import Load
from loader.archive.read_sources import ReadSource
from loader.archive.undated import Undated
from loader.archive.write.batch import Counts
from loader.errors import SourceError
from loader.rows.codec import MIN_TRAINING_CAPTURES, Codec, Zstd, train_dictionary
from loader.rows.records import Prepared
from loader.sources import Skipped

# Size of a transaction: large enough to be fast, small enough that readers see progress and a
# killed load repeats little.
BATCH_CAPTURES: Final = 1000
BATCH_BYTES: Final = 16 * 1024 * 1024
# Captures that wait until a dictionary is trained on them.
_WAITING_BYTES: Final = 64 * 1024 * 1024


@dataclass(slots=True)
class LoadResult:
    """The result of a load, and the sources that could not be read completely.

    `passed_over` counts records that are not pages, by reason. `read_before` counts skipped
    sources, and `outdated` those read again because an earlier parser had read them. `undated`
    explains why new boards have no day, if no board of the archive has one.
    """

    counts: Counts = field(default_factory=Counts)
    failures: list[SourceError] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    read_before: int = 0
    outdated: int = 0
    undated: Undated | None = None

    def include(self, other: LoadResult) -> None:
        """Add the result of another load."""
        self.counts += other.counts
        self.failures += other.failures
        self.skipped += other.skipped
        self.passed_over += other.passed_over
        self.read_before += other.read_before
        self.outdated += other.outdated
        self.undated = other.undated or self.undated


class Writer:
    """Collects rows into batches, trains a dictionary on the first, and records sources as read.

    `codec` is None until the dictionary is decided.
    """

    def __init__(
        self, load: Load, announce: Callable[[bytes | None], None] = lambda dictionary: None
    ) -> None:
        """Prepare a writer; `announce` is called once with the dictionary, or None without one."""
        self.codec: Codec | None = None
        self._load = load
        self._announce = announce
        self._batch: list[Prepared] = []
        self._bytes = 0
        self._waiting: list[Prepared] = []
        self._waiting_bytes = 0
        self._read: list[ReadSource] = []
        dictionary = load.dictionary()
        if dictionary is not None:
            self._use(dictionary)

    def add(self, items: Iterable[Prepared], *, is_plain: bool) -> None:
        """Add rows; `is_plain` if their raw captures are not compressed yet."""
        if self.codec is None:
            self._wait(items)
            return
        for item in items:
            self._append(_encoded(item, self.codec) if is_plain else item)

    def note_read(self, source: ReadSource) -> None:
        """Record a source as read, after its last rows were added."""
        self._read.append(source)

    def finish(self) -> None:
        """Write the remaining rows."""
        if self.codec is None:
            self._use(None)
        self._flush()

    def _wait(self, items: Iterable[Prepared]) -> None:
        for item in items:
            self._waiting.append(item)
            self._waiting_bytes += item.raw.size if item.raw else 0
        is_enough = len(self._waiting) >= MIN_TRAINING_CAPTURES
        if is_enough or self._waiting_bytes >= _WAITING_BYTES:
            samples = [item.raw.data for item in self._waiting if item.raw] if is_enough else []
            dictionary = train_dictionary(samples) if samples else None
            if dictionary is not None:
                self._load.use_dictionary(dictionary)
            self._use(dictionary)

    def _use(self, dictionary: bytes | None) -> None:
        self.codec = Zstd(dictionary)
        self._announce(dictionary)
        waiting, self._waiting = self._waiting, []
        for item in waiting:
            self._append(_encoded(item, self.codec))

    def _append(self, item: Prepared) -> None:
        self._batch.append(item)
        self._bytes += item.raw.size if item.raw else 0
        if len(self._batch) >= BATCH_CAPTURES or self._bytes >= BATCH_BYTES:
            self._flush()

    def _flush(self) -> None:
        # A source is recorded with the batch that has its last rows, not with an earlier one.
        read = [] if self._waiting else self._read
        if self._batch or read:
            self._load.append(self._batch, read)
        self._batch, self._bytes = [], 0
        if read:
            self._read = []


def _encoded(item: Prepared, codec: Codec) -> Prepared:
    return (
        item._replace(raw=item.raw._replace(data=codec.encode(item.raw.data))) if item.raw else item
    )
