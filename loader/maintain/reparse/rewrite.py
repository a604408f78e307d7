"""Writing what today's parser makes of raw captures in place of what an earlier one made.

A snapshot that changed is taken out, with all captures of the texts it belongs to, and
appended again as a load would: so the result is what one load by this parser gives. Each
chunk is one transaction; a run that is killed leaves every snapshot whole, and the next
does the rest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from loader.archive.archive import Archive
from loader.archive.dating import date_new
from loader.archive.ids import chunks
from loader.archive.raw import RawReader
from loader.archive.schema import run_sql
from loader.archive.versions import is_read_by_another, note_parsed_again
from loader.archive.write.batch import write_batch
from loader.archive.write.boards import Instruments, forget_dating, insert_quotes, quote_rows
from loader.archive.write.claims import settle
from loader.errors import ArchiveError
from loader.maintain.reparse.compare import Kept, kept_captures, parse_again
from loader.rows.prepare import BoardRows, Prepared

_CHUNK: Final = 400  # snapshots taken out at once, and the texts they belong to

_FAMILY: Final = """
select id from snapshots where article_id in (
    select article_id from snapshots where id in ({marks})
)
"""


def rewrite(archive: Archive, snapshot_ids: Sequence[int]) -> None:
    """Give these snapshots the rows of today's parser; all days are inferred anew.

    Snapshots without raw capture, with a damaged one, or refused by today's parser stay.
    Raises ArchiveError when the archive cannot be written; whole chunks before stay.
    """
    _rewrite_in_chunks(archive, snapshot_ids)
    archive.in_transaction(date_new)


def rewrite_all(archive: Archive, snapshot_ids: Sequence[int]) -> None:
    """Rewrite these, all that `compare` found, and note that this version read the archive.

    From then on what contradicts a raw capture is damage. Days that another version may
    have inferred are inferred anew. Raises as `rewrite` does; the note comes last.
    """
    _rewrite_in_chunks(archive, snapshot_ids)
    archive.in_transaction(_note)


def _note(conn: sqlite3.Connection) -> None:
    if is_read_by_another(conn):
        forget_dating(conn)
        note_parsed_again(conn)
    date_new(conn)


def _rewrite_in_chunks(archive: Archive, snapshot_ids: Sequence[int]) -> None:
    archive.begin_writing()
    pending = sorted(set(snapshot_ids))
    done: set[int] = set()
    while pending:
        chunk, pending = pending[:_CHUNK], pending[_CHUNK:]
        todo = [snapshot_id for snapshot_id in chunk if snapshot_id not in done]
        if todo:
            done |= _rewrite_in_transaction(archive, todo)


def _rewrite_in_transaction(archive: Archive, snapshot_ids: Sequence[int]) -> set[int]:
    done: set[int] = set()
    archive.in_transaction(lambda conn: done.update(_rewrite(conn, snapshot_ids)))
    return done


def remove_orphans(conn: sqlite3.Connection) -> int:
    """Take away rows that no snapshot needs; how many."""
    before = conn.total_changes
    run_sql(conn, "orphans.sql")
    return conn.total_changes - before


def _rewrite(conn: sqlite3.Connection, snapshot_ids: Sequence[int]) -> set[int]:
    forget_dating(conn)
    ids = set(snapshot_ids)
    for marks, chunk in chunks(list(snapshot_ids)):
        ids.update(row[0] for row in conn.execute(_FAMILY.format(marks=marks), chunk))
    family = list(_parsed(conn, sorted(ids)))
    _correct_boards(conn, [item for _, item in family])
    kinds = dict(conn.execute("select location, kind from sources"))
    loose = _named_by(conn, [kept for kept, _ in family])
    _take_out(conn, [kept for kept, _ in family])
    # Provenance stays: each goes back under the load and the dictionary it came with.
    family.sort(key=_provenance)
    instruments = Instruments(conn)
    for (load_id, dictionary_id), group in groupby(family, key=_provenance):
        items = [item for _, item in group]
        write_batch(conn, items, instruments, kinds, load_id, dictionary_id or None)
    _settle_what_stayed(conn, [kept for kept, _ in family])
    for table, ids in loose.items():
        conn.executemany(_DELETE_UNUSED[table], [(row_id,) for row_id in sorted(ids)])
    return {kept.id for kept, _ in family}


def _provenance(pair: tuple[Kept, Prepared]) -> tuple[int, int]:
    kept, _ = pair
    return kept.load_id, kept.dictionary_id or 0


def _parsed(conn: sqlite3.Connection, ids: Sequence[int]) -> Iterator[tuple[Kept, Prepared]]:
    reader = RawReader(conn)
    for marks, chunk in chunks(ids):
        condition = f" where snapshots.id in ({marks}) and raw_captures.data is not null"
        for kept in kept_captures(conn, condition, tuple(chunk)):
            try:
                item = parse_again(kept, reader)
            except ArchiveError:
                continue  # `verify` names it; what its rows say is all that is left
            if item.digest is not None:
                yield kept, item


def _take_out(conn: sqlite3.Connection, kept: Sequence[Kept]) -> None:
    """Delete these snapshots; boards and texts that no other snapshot has go with them."""
    keys = [(row.id,) for row in kept]
    conn.executemany("delete from covid_counters where snapshot_id = ?", keys)
    conn.executemany("delete from listings where snapshot_id = ?", keys)
    conn.executemany("delete from problems where snapshot_id = ?", keys)
    conn.executemany("delete from raw_captures where snapshot_id = ?", keys)
    conn.executemany("delete from snapshots where id = ?", keys)
    articles = sorted({(row.article_id,) for row in kept if row.article_id is not None})
    for table in ("mentions", "article_tags", "teasers"):
        conn.executemany(f"delete from {table} where article_id = ?{_IS_LEFT}", articles)
    conn.executemany(f"delete from problems where article_id = ?{_IS_LEFT}", articles)
    conn.executemany(
        "delete from article_claims where article_id = ? and not exists"
        " (select 1 from snapshots where claim_id = article_claims.id)",
        articles,
    )
    conn.executemany(
        "delete from articles where id = ? and not exists"
        " (select 1 from snapshots where article_id = articles.id)",
        articles,
    )
    boards = sorted({(row.board_id,) for row in kept if row.board_id is not None})
    conn.executemany(
        "delete from quotes where board_id = ?1"
        " and not exists (select 1 from snapshots where board_id = ?1)",
        boards,
    )
    conn.executemany(
        "delete from boards where id = ? and not exists"
        " (select 1 from snapshots where board_id = boards.id)",
        boards,
    )
    conn.executemany(_SPAN, boards)


_IS_LEFT: Final = "1 and not exists (select 1 from snapshots where article_id = ?1)"
_SPAN: Final = """
update boards set
    first_captured_at = (select min(captured_at) from snapshots where board_id = boards.id),
    last_captured_at = (select max(captured_at) from snapshots where board_id = boards.id)
where id = ?
"""


# What snapshots name besides their own rows, by table: how to find it, and how to delete a
# row of it that nothing names any more.
_NAMES: Final = {
    "tags": ("select tag_id from article_tags where article_id = ?",),
    "pages": (
        "select page_id from snapshots where article_id = ?",
        "select page_id from teasers where article_id = ?",
    ),
    "instruments": ("select instrument_id from mentions where article_id = ?",),
}
_DELETE_UNUSED: Final = {
    "tags": "delete from tags where id = ?1"
    " and not exists (select 1 from article_tags where tag_id = ?1)",
    "pages": "delete from pages where id = ?1"
    " and not exists (select 1 from snapshots where page_id = ?1)"
    " and not exists (select 1 from articles where page_id = ?1)"
    " and not exists (select 1 from teasers where page_id = ?1)"
    " and not exists (select 1 from listings where page_id = ?1)"
    " and not exists (select 1 from revisits where page_id = ?1 or target_page_id = ?1)",
    "instruments": "delete from instruments where id = ?1 and name is null"
    " and not exists (select 1 from quotes where instrument_id = ?1)"
    " and not exists (select 1 from mentions where instrument_id = ?1)"
    " and not exists (select 1 from instrument_events"
    " where instrument_id = ?1 or new_instrument_id = ?1)",
}


def _named_by(conn: sqlite3.Connection, kept: Sequence[Kept]) -> dict[str, set[int]]:
    """Ids of tags, pages and instruments that these snapshots name."""
    named: dict[str, set[int]] = {table: set() for table in _NAMES}
    for article_id in {row.article_id for row in kept} - {None}:
        for table, queries in _NAMES.items():
            for query in queries:
                named[table].update(row[0] for row in conn.execute(query, (article_id,)))
    for row in kept:
        named["pages"].update(
            found[0]
            for query in (
                "select page_id from snapshots where id = ?",
                "select page_id from listings where snapshot_id = ?",
            )
            for found in conn.execute(query, (row.id,))
        )
    for board_id in {row.board_id for row in kept} - {None}:
        named["instruments"].update(
            row[0]
            for row in conn.execute(
                "select instrument_id from quotes where board_id = ?", (board_id,)
            )
        )
    return {table: ids - {None} for table, ids in named.items()}


def _settle_what_stayed(conn: sqlite3.Connection, kept: Sequence[Kept]) -> None:
    """Settle texts of which snapshots without raw capture are left."""
    ids = sorted({row.article_id for row in kept if row.article_id is not None})
    settle(conn, ids, load_id=None)


def _correct_boards(conn: sqlite3.Connection, items: Sequence[Prepared]) -> None:
    """Give boards whose digest stays what their lines say today."""
    boards: dict[str, BoardRows] = {item.board.digest: item.board for item in items if item.board}
    instruments = Instruments(conn)
    for digest, board in boards.items():
        row = conn.execute("select id from boards where digest = ?", (digest,)).fetchone()
        if row is None:
            continue
        conn.execute("delete from quotes where board_id = ?", row)
        conn.execute(
            "update boards set quotes = ?, advancers = ?, decliners = ?, unchanged = ?,"
            " is_pre_open = ?, is_one_line = ? where id = ?",
            (*board.header, *row),
        )
        insert_quotes(conn, quote_rows(row[0], board, instruments))
