"""The archive as the loader uses it: open, append, close.

with Archive.open(path) as archive:
    load = Load(archive, now)
    load.append(prepared)
    load.finish(now)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from loader.archive.changes import transaction
from loader.archive.connection import (
    DEFAULT_TIMEOUT,
    archive_errors,
    open_writable,
    refresh_statistics,
    use_one_file,
    use_wal,
)
from loader.archive.raw import current_dictionary, find_dictionary, store_dictionary
from loader.archive.read_sources import ReadSource, remember_sources, unknown_sources
from loader.archive.references import delete_unused
from loader.archive.write.batch import Counts, count_known, has_news, write_batch
from loader.archive.write.boards import Instruments
from loader.errors import ArchiveError
from loader.page import PARSER_VERSION
from loader.rows.records import Prepared
from loader.version import __version__

Result = TypeVar("Result")


class Archive:
    """An archive open for appending. Raises ArchiveError if the file cannot be read or written."""

    def __init__(self, conn: sqlite3.Connection, path: Path) -> None:
        self.conn = conn
        self.path = path
        self._wrote = False

    @classmethod
    def open(cls, path: Path | str, timeout: float = DEFAULT_TIMEOUT) -> Archive:
        """Open an archive, or create it; `timeout` for its lock is in seconds."""
        path = Path(path)
        return cls(open_writable(path, timeout), path)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
            return
        # The original error is reported rather than a failure to clean up after it.
        with suppress(sqlite3.Error, ArchiveError):
            self.close()

    def close(self) -> None:
        """Close the file; after writing, checkpoint the WAL if readers allow it."""
        try:
            with archive_errors(self.path):
                if self._wrote:
                    refresh_statistics(self.conn)
                if self._wrote or _is_in_wal_mode(self.conn):
                    use_one_file(self.conn)
        finally:
            self.conn.close()

    def in_transaction(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return the result of `work`, called in one transaction."""
        with archive_errors(self.path), transaction(self.conn):
            return work(self.conn)

    def begin_writing(self) -> None:
        """Switch to WAL before the first change, so that readers are not blocked."""
        if not self._wrote:
            with archive_errors(self.path):
                use_wal(self.conn)
            self._wrote = True


def _is_in_wal_mode(conn: sqlite3.Connection) -> bool:
    return bool(conn.execute("pragma main.journal_mode").fetchone()[0] == "wal")


class Load:
    """One run of the loader. Its row is inserted with the first new capture or problem.

    A load without anything new changes no byte of the file.
    """

    def __init__(self, archive: Archive, started_at: str) -> None:
        self._archive = archive
        self._conn = archive.conn
        self._started_at = started_at
        self._instruments: Instruments | None = None
        self._dictionary: bytes | None = None
        self.load_id: int | None = None
        self.counts = Counts()

    def dictionary(self) -> bytes | None:
        """Return the compression dictionary for captures of this load."""
        self._dictionary = current_dictionary(self._conn)
        return self._dictionary

    def use_dictionary(self, data: bytes) -> None:
        """Set a new dictionary for further captures, which is stored with the first of them."""
        self._dictionary = data

    def append(self, batch: Sequence[Prepared], read: Sequence[ReadSource] = ()) -> Counts:
        """Write the new rows of a batch in one transaction; return their counts.

        `read` has the sources whose last captures are in this batch or an earlier one.
        """
        with archive_errors(self._archive.path):
            read = unknown_sources(self._conn, read)
            if not read and not has_news(self._conn, batch):
                done = count_known(batch)
                self.counts += done
                return done
            self._archive.begin_writing()
            try:
                with transaction(self._conn):
                    done = self._write(batch)
                    remember_sources(self._conn, read)
            except BaseException:
                self._instruments = None  # their new ids were rolled back
                raise
        self.counts += done
        return done

    def _write(self, batch: Sequence[Prepared]) -> Counts:
        if self.load_id is None:
            cursor = self._conn.execute(
                "insert into loads (started_at, loader_version, parser_version) values (?, ?, ?)",
                (self._started_at, __version__, PARSER_VERSION),
            )
            self.load_id = cursor.lastrowid or 0
        if self._instruments is None:
            self._instruments = Instruments(self._conn)
        # Looked up by its bytes in each batch, since `compact` may have removed it meanwhile.
        data = self._dictionary
        is_new = data is not None and find_dictionary(self._conn, data) is None
        dictionary_id = None if data is None else store_dictionary(self._conn, data)
        done = write_batch(self._conn, batch, self._instruments, self.load_id, dictionary_id)
        if is_new:
            delete_unused(self._conn, "raw_dictionaries")
        self._note(self.counts + done, finished_at=None)
        return done

    def finish(self, finished_at: str) -> None:
        """Record the end of the load if it found anything new."""
        if self.load_id is not None:
            with archive_errors(self._archive.path):
                self._note(self.counts, finished_at)

    def _note(self, counts: Counts, finished_at: str | None) -> None:
        self._conn.execute(
            "update loads set capture_count = ?, snapshot_count = ?, duplicate_count = ?,"
            " problem_count = ?, finished_at = ? where id = ?",
            (
                counts.captures,
                counts.snapshots,
                counts.duplicates,
                counts.problems,
                finished_at,
                self.load_id,
            ),
        )
