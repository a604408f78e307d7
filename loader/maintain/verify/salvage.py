"""What can still be read of a damaged file, saved into a new archive.

Each raw capture that has its digest is parsed again; what was never in a raw capture
(problems of refused captures, revisits, what the user brought) is copied where its rows
can be read. The damaged file stays as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from loader.archive.archive import Archive
from loader.archive.dating import date_all
from loader.archive.raw import RawReader, store_dictionary
from loader.archive.versions import note_parsed_again
from loader.archive.write.batch import write_batch
from loader.archive.write.boards import Instruments
from loader.errors import ArchiveError
from loader.maintain.reparse.compare import Kept, kept_captures, parse_again
from loader.maintain.verify.verify import DAMAGE, reading
from loader.rows.prepare import Prepared

_BATCH: Final = 500
_MOST: Final = 50_000_000  # no archive has more; a damaged number might say so

_LOADS: Final = """
insert into loads (id, started_at, finished_at, loader_version, captures, snapshots, duplicates,
    problems) values (?, ?, ?, ?, ?, ?, ?, ?)
"""
# Rows that come from no raw capture: how to read one by its number, how to write it.
_COPIED: Final = {
    "closes": (
        "select symbol, date, close, source from closes",
        "insert or ignore into closes (symbol, date, close, source) values (?, ?, ?, ?)",
    ),
    "session_changes": (
        "select date, is_open, source from session_changes",
        "insert or ignore into session_changes (date, is_open, source) values (?, ?, ?)",
    ),
    "sources of problems": (
        "select location, kind from sources join problems on problems.source_id = sources.id"
        " where snapshot_id is null",
        "insert or ignore into sources (location, kind) values (?, ?)",
    ),
    "problems": (
        "select digest, problems.kind, detail, excerpt, location, source_offset, load_id"
        " from problems join sources on sources.id = source_id where snapshot_id is null",
        "insert or ignore into problems (digest, kind, detail, excerpt, source_id, source_offset,"
        " load_id) values (?, ?, ?, ?, (select id from sources where location = ?), ?, ?)",
    ),
    "sources of revisits": (
        "select location, kind from sources join revisits on revisits.source_id = sources.id",
        "insert or ignore into sources (location, kind) values (?, ?)",
    ),
    "pages of revisits": (
        "select pages.url, news_id from pages where id in"
        " (select page_id from revisits union select target_page_id from revisits)",
        "insert or ignore into pages (url, news_id) values (?, ?)",
    ),
    "revisits": (
        "select digest, pages.url, captured_at, revisits.url, targets.url, refers_to_at,"
        " refers_to_url, location, source_offset, load_id from revisits"
        " join sources on sources.id = source_id"
        " left join pages on pages.id = page_id"
        " left join pages as targets on targets.id = target_page_id",
        "insert or ignore into revisits (digest, page_id, captured_at, url, target_page_id,"
        " refers_to_at, refers_to_url, source_id, source_offset, load_id)"
        " values (?, (select id from pages where url = ?), ?, ?,"
        " (select id from pages where url = ?), ?, ?,"
        " (select id from sources where location = ?), ?, ?)",
    ),
}


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The new file, the snapshots in it, and those that could not be read."""

    path: Path
    snapshots: int
    lost: int


def salvage(path: Path, out: Path, timeout: float) -> Salvaged:
    """Save what can be read of a damaged archive into a new one.

    Raises ArchiveError when `out` is there already or nothing at all can be read.
    """
    if out.exists():
        raise ArchiveError(str(out), "is there already", "move it away")
    with reading(path, timeout) as conn:
        ids = range(1, _last_id(conn, path) + 1)
        with Archive.open(out, timeout) as archive:
            archive.begin_writing()
            archive.in_transaction(lambda target: _copy_loads(conn, target))
            found = saved = 0
            for start in range(0, len(ids), _BATCH):
                chunk = ids[start : start + _BATCH]
                there, batch = _read(conn, chunk)
                found += there
                saved += len(batch)
                _append(archive, conn, batch)
            archive.in_transaction(lambda target: _copy_rest(conn, target))
            archive.in_transaction(note_parsed_again)
            archive.in_transaction(date_all)
    return Salvaged(out, saved, found - saved)


def _last_id(conn: sqlite3.Connection, path: Path) -> int:
    last = 0
    for table, column in (("raw_captures", "snapshot_id"), ("snapshots", "id")):
        try:
            (greatest,) = conn.execute(f"select max({column}) from {table}").fetchone()
            last = max(last, min(int(greatest or 0), _MOST))
        except DAMAGE:
            continue
    if not last:
        raise ArchiveError(str(path), "nothing can be read of it", "restore a backup")
    return last


def _read(conn: sqlite3.Connection, ids: Sequence[int]) -> tuple[int, list[tuple[Kept, Prepared]]]:
    """How many snapshots there are or seem to be, and those that can be read."""
    there = 0
    found: list[tuple[Kept, Prepared]] = []
    reader = RawReader(conn)
    for snapshot_id in ids:
        try:
            for kept in kept_captures(conn, " where snapshots.id = ?", (snapshot_id,)):
                there += 1
                item = parse_again(kept, reader)
                if item.digest is not None:
                    found.append((kept, item))
        except sqlite3.Error:
            there += 1
        except DAMAGE:
            continue
    return there, found


def _append(
    archive: Archive, conn: sqlite3.Connection, batch: Sequence[tuple[Kept, Prepared]]
) -> None:
    def write(target: sqlite3.Connection) -> None:
        kinds = dict(_kinds(conn))
        for kept, item in batch:
            dictionary_id = None
            if kept.dictionary_id is not None:
                (data,) = conn.execute(
                    "select data from raw_dictionaries where id = ?", (kept.dictionary_id,)
                ).fetchone()
                dictionary_id = store_dictionary(target, data)
            load_id = _load_id(target, kept.load_id)
            write_batch(target, [item], Instruments(target), kinds, load_id, dictionary_id)

    archive.in_transaction(write)


def _kinds(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    try:
        yield from conn.execute("select location, kind from sources")
    except DAMAGE:
        return


def _load_id(target: sqlite3.Connection, load_id: int) -> int:
    """The load a snapshot came with, or one made up where its row is lost."""
    target.execute(
        "insert or ignore into loads (id, started_at, loader_version)"
        " values (?, '', 'lost in a damaged file')",
        (load_id,),
    )
    return load_id


def _copy_loads(conn: sqlite3.Connection, target: sqlite3.Connection) -> None:
    _copy(
        conn,
        target,
        "select id, started_at, finished_at, loader_version, captures, snapshots, duplicates,"
        " problems from loads",
        _LOADS,
    )


def _copy_rest(conn: sqlite3.Connection, target: sqlite3.Connection) -> None:
    for read, write in _COPIED.values():
        _copy(conn, target, read, write)


def _copy(conn: sqlite3.Connection, target: sqlite3.Connection, read: str, write: str) -> None:
    """Rows up to the first that cannot be read; those the target refuses are passed over."""
    try:
        for row in conn.execute(read):
            try:
                target.execute(write, row)
            except (sqlite3.IntegrityError, UnicodeEncodeError):
                continue
    except DAMAGE:
        return
