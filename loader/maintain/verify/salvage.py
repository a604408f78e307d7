"""Save the readable content of a damaged file into a new archive.

Each raw capture with a matching digest is parsed again. Rows that do not come from raw captures
(problems of refused captures, revisits, data supplied by the user) are copied if they can be
read. The damaged file is not changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from loader.archive.archive import Archive
from loader.archive.dating import date_all
from loader.archive.ids import insert_into
from loader.archive.raw import RawReader, store_dictionary
from loader.archive.stored import StoredCapture, read_captures
from loader.archive.versions import note_parsed_again
from loader.archive.write.batch import write_batch
from loader.archive.write.boards import Instruments
from loader.errors import ArchiveError
from loader.maintain.merge import LOAD_COLUMNS, revisits, source_problems
from loader.maintain.migrated_copy import at_present_schema
from loader.maintain.reparse.compare import parse_again
from loader.maintain.verify.finding import DAMAGE
from loader.maintain.verify.salvage_users import SavedObjects, save_users_objects
from loader.maintain.verify.schema import is_older
from loader.maintain.verify.verify import reading
from loader.rows.records import Prepared

_BATCH: Final = 500
_MAX_ID: Final = 50_000_000  # a larger one is damaged

# Data supplied by the user: tables and columns to copy unchanged.
_USER_DATA: Final = {
    "closes": ("symbol", "date", "close_hundredths", "source"),
    "session_overrides": ("date", "is_open", "source"),
}


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The new file, the numbers of its snapshots and of lost ones, and users' own objects."""

    path: Path
    snapshots: int
    lost: int
    users: SavedObjects


def salvage(path: Path, out: Path, timeout: float) -> Salvaged:
    """Save the readable content of a damaged archive into a new one.

    Raises ArchiveError if `out` exists already or nothing at all can be read.
    """
    if out.exists():
        raise ArchiveError(str(out), "exists already", "move it away")
    with _at_present_schema(path, timeout) as ready, reading(ready, timeout) as conn:
        ids = _ids(conn, _last_id(conn, path))
        with Archive.open(out, timeout) as archive:
            archive.begin_writing()
            archive.in_transaction(
                lambda target: _copy(conn, target, "loads", ("id", *LOAD_COLUMNS))
            )
            found = saved = 0
            while chunk := list(islice(ids, _BATCH)):
                read = _read(conn, chunk)
                found += read.there
                saved += len(read.found)
                _append(archive, conn, read.found)
            archive.in_transaction(lambda target: _copy_rest(conn, target))
            archive.in_transaction(note_parsed_again)
            archive.in_transaction(date_all)
            users = _save_users(archive, conn)
    return Salvaged(out, saved, found - saved, users)


def _save_users(archive: Archive, conn: sqlite3.Connection) -> SavedObjects:
    # Rows to which a user's row refers may have another id here, or be lost.
    archive.conn.execute("pragma foreign_keys = off")
    return archive.in_transaction(lambda target: save_users_objects(conn, target))


@contextmanager
def _at_present_schema(path: Path, timeout: float) -> Iterator[Path]:
    """Yield the path of the archive itself, or of a migrated copy of an older one.

    Raises ArchiveError if an older one is too damaged to be migrated.
    """
    with reading(path, timeout) as conn:
        is_behind = is_older(conn)
    if not is_behind:
        yield path
        return
    with ExitStack() as stack:
        try:
            ready = stack.enter_context(at_present_schema(path, timeout))
        except DAMAGE as error:
            raise ArchiveError(
                str(path),
                f"is of an older schema and too damaged to be migrated: {error}",
                "repair it with the loader that wrote it",
            ) from error
        yield ready


def _last_id(conn: sqlite3.Connection, path: Path) -> int:
    last = 0
    for table, column in (("raw_captures", "snapshot_id"), ("snapshots", "id")):
        try:
            (greatest,) = conn.execute(f"select max({column}) from {table}").fetchone()
            last = max(last, min(int(greatest or 0), _MAX_ID))
        except DAMAGE:
            continue
    if not last:
        raise ArchiveError(str(path), "nothing in it can be read", "restore a backup")
    return last


def _ids(conn: sqlite3.Connection, last: int) -> Iterator[int]:
    """Yield the ids of snapshots up to `last`, and those that may be on damaged pages."""
    found = 0
    while found < last:
        try:
            (after,) = conn.execute(_NEXT_ID, (found,)).fetchone()
        except DAMAGE:
            after = found + 1
        if after is None or after > last:
            return
        found = after
        yield found


_NEXT_ID: Final = "select min(id) from snapshots where id > ?"


class _Read(NamedTuple):
    """The number of snapshots that exist or may exist, and those that can be read."""

    there: int
    found: list[tuple[StoredCapture, Prepared]]


def _read(conn: sqlite3.Connection, ids: Sequence[int]) -> _Read:
    there = 0
    found: list[tuple[StoredCapture, Prepared]] = []
    reader = RawReader(conn)
    for snapshot_id in ids:
        try:
            for stored in read_captures(conn, [snapshot_id]):
                there += 1
                rows = parse_again(stored, reader)
                if rows.snapshot is not None:
                    found.append((stored, rows))
        except sqlite3.Error:
            there += 1
        except DAMAGE:
            continue
    return _Read(there, found)


def _append(
    archive: Archive, conn: sqlite3.Connection, captures: Sequence[tuple[StoredCapture, Prepared]]
) -> None:
    def write(target: sqlite3.Connection) -> None:
        for stored, rows in captures:
            dictionary_id = None
            if stored.dictionary_id is not None:
                (data,) = conn.execute(
                    "select data from raw_dictionaries where id = ?", (stored.dictionary_id,)
                ).fetchone()
                dictionary_id = store_dictionary(target, data)
            load_id = _load_id(target, stored.load_id)
            write_batch(target, [rows], Instruments(target), load_id, dictionary_id)

    archive.in_transaction(write)


def _load_id(target: sqlite3.Connection, load_id: int) -> int:
    """Return the load of a snapshot, adding a placeholder if its row is lost."""
    target.execute(
        "insert or ignore into loads (id, started_at, loader_version, parser_version)"
        " values (?, '', 'lost in a damaged file', 0)",
        (load_id,),
    )
    return load_id


def _copy_rest(conn: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy the rows that do not come from raw captures."""
    for table, columns in _USER_DATA.items():
        _copy(conn, target, table, columns)
    for read in (source_problems, revisits):
        instruments = Instruments(target)
        with suppress(*DAMAGE):
            for load_id, rows in read(conn):
                with suppress(sqlite3.IntegrityError, UnicodeEncodeError):
                    ours = None if load_id is None else _load_id(target, load_id)
                    write_batch(target, [rows], instruments, ours, None)


def _copy(
    conn: sqlite3.Connection, target: sqlite3.Connection, table: str, columns: Sequence[str]
) -> None:
    """Copy rows up to the first that cannot be read; skip those that the target rejects."""
    write = insert_into(table, columns).replace("insert", "insert or ignore", 1)
    with suppress(*DAMAGE):
        for row in conn.execute(f"select {', '.join(columns)} from {table}"):
            with suppress(sqlite3.IntegrityError, UnicodeEncodeError):
                target.execute(write, row)
