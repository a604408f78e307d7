"""Merge archives: add the captures of one to another, with their provenance.

Captures go through the writer of a load. Merging is commutative, associative and idempotent: the
content (`loader.maintain.dump`) is that of one load of all captures, in whatever order archives
were merged. The rules are in docs/design.md, "Rules that do not depend on order".
"""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Final

from loader.archive.archive import Archive
from loader.archive.connection import address, archive_errors, at_one_moment, open_readonly
from loader.archive.dating import date_all, date_new, has_undated
from loader.archive.ids import AMONG, ids_of, in_chunks, insert_into, json_list
from loader.archive.raw import store_dictionary
from loader.archive.scripts import read_sql
from loader.archive.stored import StoredCapture, read_stored
from loader.archive.write.batch import Counts, has_news, write_batch
from loader.archive.write.boards import Instruments
from loader.archive.write.snapshots import add_sources
from loader.errors import ArchiveError
from loader.maintain.migrated_copy import at_present_schema
from loader.rows.memory import Seen
from loader.rows.records import PageRow, Prepared, ProblemRow, RevisitRow, SourceRow

# Captures per transaction, as in a load. A killed merge leaves whole batches, and the same command
# does the rest.
_BATCH: Final = 1000
_MAX_BOARDS: Final = 100_000

LOAD_COLUMNS: Final = (
    "started_at", "finished_at", "loader_version", "parser_version", "capture_count",
    "snapshot_count", "duplicate_count", "problem_count",
)  # fmt: skip
_READ_LOAD: Final = f"select {', '.join(LOAD_COLUMNS)} from loads where id = ?"
_FIND_LOAD: Final = (
    f"select min(id) from loads where {' and '.join(f'{name} is ?' for name in LOAD_COLUMNS)}"
)
_ADD_LOAD: Final = insert_into("loads", LOAD_COLUMNS)

_DICTIONARIES: Final = f"select id, data from raw_dictionaries where id in {AMONG}"
_CLOSES: Final = """
insert into main.closes (symbol, date, close_hundredths, source)
select symbol, date, close_hundredths, source from source.closes where true
on conflict (symbol, date, close_hundredths) do update set source = excluded.source
where excluded.source < source
"""
# If two users disagree about a day, it is open, since the exchange's calendar omits sessions more
# often than it invents them.
_OVERRIDES: Final = """
insert into main.session_overrides (date, is_open, source)
select date, is_open, source from source.session_overrides where true
on conflict (date) do update set is_open = excluded.is_open, source = excluded.source
where (not excluded.is_open, excluded.source) < (not is_open, source)
"""


def merge_into(archive: Archive, source: Path, timeout: float, *, date: bool = True) -> Counts:
    """Add the content of `source` to an open archive; return captures read and new rows.

    With several sources, set `date` only for the last: without it, new boards stay undated. A
    source without anything new changes no byte. Raises ArchiveError if the source is missing, not
    an archive, too new, or locked for longer than `timeout` seconds; an older one is migrated in a
    copy.
    """
    if source.exists() and archive.path.exists() and source.samefile(archive.path):
        (count,) = archive.conn.execute("select count(*) from snapshots").fetchone()
        return Counts(captures=count, duplicates=count)
    with (
        at_present_schema(source, timeout) as ready,
        closing(open_readonly(ready, timeout)) as theirs,
        _attached(archive.conn, ready, source),
    ):
        return _Merge(archive, theirs, source, date=date).run()


class _Merge:
    """A merge of one archive into another, whose connection has it attached as `source`."""

    def __init__(
        self, archive: Archive, theirs: sqlite3.Connection, path: Path, *, date: bool
    ) -> None:
        self._archive = archive
        self._date = date
        self._theirs = theirs
        self._path = path
        self._boards = Seen(_MAX_BOARDS)

    def run(self) -> Counts:
        with archive_errors(self._path):
            (count,) = self._theirs.execute("select count(*) from snapshots").fetchone()
            wanted = [
                row[0] for row in self._archive.conn.execute(read_sql("merge_wanted.sql", _ROOM))
            ]
        done = Counts()
        for chunk in in_chunks(wanted, _BATCH):
            with archive_errors(self._path), at_one_moment(self._theirs):
                captures = list(read_stored(self._theirs, chunk, self._boards))
                dictionaries = self._read_dictionaries(captures)
            done += self._add_captures(captures, dictionaries)
        for load_id, items in self._without_captures():
            done += self._add_rest(load_id, items)
        self._add_source_kinds()
        self._add_user_data()
        # Captures that were not read are duplicates.
        return Counts(
            count, done.snapshots, count - done.snapshots, done.boards, done.quotes,
            done.articles, done.problems,
        )  # fmt: skip

    def _read_dictionaries(self, captures: Iterable[StoredCapture]) -> dict[int, bytes]:
        wanted = {each.dictionary_id for each in captures if each.dictionary_id}
        found = dict(self._theirs.execute(_DICTIONARIES, (json_list(wanted),)))
        if wanted - found.keys():
            fault = "is damaged: a dictionary of raw captures is missing"
            raise ArchiveError(str(self._path), fault, "run `loader verify --repair` on it")
        return found

    def _add_captures(
        self, captures: Sequence[StoredCapture], dictionaries: Mapping[int, bytes]
    ) -> Counts:
        rows = [capture.rows for capture in captures]
        if not has_news(self._archive.conn, rows) and not self._new_problems(rows):
            return Counts()

        def write(conn: sqlite3.Connection) -> Counts:
            done = Counts()
            instruments = Instruments(conn)
            ordered = sorted(captures, key=lambda capture: capture.provenance)
            for (load_id, number), group in groupby(ordered, key=lambda item: item.provenance):
                batch = [capture.rows for capture in group]
                dictionary = store_dictionary(conn, dictionaries[number]) if number else None
                load = self._load(conn, load_id)
                done += write_batch(conn, batch, instruments, load, dictionary)
            conn.executemany(_ADD_PROBLEM, self._new_problems(rows))
            return done

        self._archive.begin_writing()
        return self._archive.in_transaction(write)

    def _new_problems(self, rows: Sequence[Prepared]) -> list[tuple[str | None, ...]]:
        """Return the problems that the archive lacks, with the digest of their snapshot."""
        found = {problem.digest: (item, problem) for item in rows for problem in item.problems}
        known = ids_of(self._archive.conn, "problems", "digest", found)
        return [
            (*problem, item.digest)
            for digest, (item, problem) in found.items()
            if digest not in known
        ]

    def _without_captures(self) -> Iterator[tuple[int | None, list[Prepared]]]:
        """Yield problems and revisits without a snapshot, by their load."""
        with archive_errors(self._path):
            items = [*source_problems(self._theirs), *revisits(self._theirs)]
        for load_id, group in groupby(
            sorted(items, key=lambda pair: pair[0] or 0), key=lambda pair: pair[0]
        ):
            yield load_id, [item for _, item in group]

    def _add_rest(self, load_id: int | None, items: Sequence[Prepared]) -> Counts:
        if not has_news(self._archive.conn, items):
            return Counts()
        self._archive.begin_writing()
        return self._archive.in_transaction(
            lambda conn: write_batch(
                conn, items, Instruments(conn), self._load(conn, load_id), None
            )
        )

    def _load(self, conn: sqlite3.Connection, load_id: int | None) -> int | None:
        """Return this archive's id of a load in the source, adding it if it is missing."""
        if load_id is None:
            return None
        row = self._theirs.execute(_READ_LOAD, (load_id,)).fetchone()
        if row is None:
            raise ArchiveError(
                str(self._path), "is damaged: a load is missing", "run `loader verify`"
            )
        (ours,) = conn.execute(_FIND_LOAD, row).fetchone()
        return int(ours) if ours else conn.execute(_ADD_LOAD, row).lastrowid

    def _add_source_kinds(self) -> None:
        """Copy the kinds of sources that are unknown here and known in the other archive."""
        conn = self._archive.conn
        shared = [SourceRow._make(row) for row in conn.execute(_SHARED_SOURCES)]
        if shared:
            self._archive.begin_writing()
            self._archive.in_transaction(lambda conn: add_sources(conn, shared))

    def _add_user_data(self) -> None:
        """Add closes and corrections of the calendar, then infer the trading days of boards."""
        conn = self._archive.conn
        (is_new,) = conn.execute(read_sql("merge_brought.sql", _ROOM)).fetchone()
        if is_new or (self._date and has_undated(conn)):
            self._archive.begin_writing()
            self._archive.in_transaction(_take_and_date)


_ROOM: Final = "loader.maintain"
# With the place of this archive's snapshot, which may be smaller than that of the other.
_ADD_PROBLEM: Final = """
insert or ignore into problems
    (digest, kind, detail, excerpt, source_id, source_offset, snapshot_id)
select ?, ?, ?, ?, source_id, source_offset, id from snapshots where digest = ?
"""
_SHARED_SOURCES: Final = """
select theirs.location, theirs.kind
from source.sources as theirs
join main.sources as ours on ours.location = theirs.location
where (theirs.kind = 'unknown', theirs.kind) < (ours.kind = 'unknown', ours.kind)
"""


def _take_and_date(conn: sqlite3.Connection) -> None:
    conn.execute(_CLOSES)
    new_closes = conn.execute("select changes()").fetchone()[0] > 0
    conn.execute(_OVERRIDES)
    new_calendar = conn.execute("select changes()").fetchone()[0] > 0
    if new_closes or new_calendar:
        date_all(conn, new_calendar=new_calendar)
    else:
        date_new(conn)


def source_problems(conn: sqlite3.Connection) -> Iterator[tuple[int | None, Prepared]]:
    """Yield problems of sources and of refused captures, with their load."""
    for load_id, location, kind, offset, *problem in conn.execute(
        "select load_id, location, sources.kind, source_offset, problems.digest, problems.kind,"
        " detail, excerpt from problems join sources on sources.id = source_id"
        " where snapshot_id is null and article_id is null and board_id is null"
        " order by problems.id"
    ):
        problems = (ProblemRow._make(problem),)
        yield load_id, Prepared(SourceRow(location, kind), offset, False, problems)


def revisits(conn: sqlite3.Connection) -> Iterator[tuple[int | None, Prepared]]:
    """Yield all revisits, with their load."""
    for row in conn.execute(
        "select load_id, location, kind, source_offset, digest, pages.url, pages.news_id,"
        " captured_at, reported_url, targets.url, targets.news_id, refers_to_at, refers_to_url"
        " from revisits join sources on sources.id = source_id"
        " left join pages on pages.id = page_id"
        " left join pages as targets on targets.id = target_page_id order by revisits.id"
    ):
        (
            load_id, location, kind, offset, digest, url, number, captured_at, reported_url,
            target_url, target_number, refers_to_at, refers_to_url,
        ) = row  # fmt: skip
        revisit = RevisitRow(
            digest,
            PageRow(url, number) if url else None,
            captured_at,
            reported_url,
            PageRow(target_url, target_number) if target_url else None,
            refers_to_at,
            refers_to_url,
        )
        yield load_id, Prepared(SourceRow(location, kind), offset, False, revisit=revisit)


@contextmanager
def _attached(conn: sqlite3.Connection, path: Path, named: Path) -> Iterator[None]:
    """Attach a file read-only as the database `source`; errors name the file `named`."""
    with archive_errors(named):
        conn.execute("attach database ? as source", (address(path, "ro"),))
    try:
        yield
    except BaseException as error:
        # A statement that a signal interrupted locks the source as long as a frame refers to it.
        traceback.clear_frames(error.__traceback__)
        raise
    finally:
        conn.execute("detach database source")
