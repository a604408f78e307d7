"""Replace rows written by an older parser.

A changed snapshot is deleted, with all captures of its text, and written again as by a load, so
that the result equals a load by the present parser. Each chunk is one transaction: a killed run
leaves every snapshot complete, and the next one does the rest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from loader.archive.archive import Archive
from loader.archive.dating import date_new
from loader.archive.ids import AMONG, in_chunks, json_list, keeping_ids
from loader.archive.raw import RawReader
from loader.archive.references import delete_unused, delete_with_owned
from loader.archive.stored import StoredCapture, read_captures
from loader.archive.versions import is_read_by_another, note_parsed_again
from loader.archive.write.article_dates import settle_dates
from loader.archive.write.batch import write_batch
from loader.archive.write.boards import Instruments, correct_boards, forget_dating, set_spans
from loader.archive.write.claims import settle
from loader.archive.write.likenesses import link_thinned, numbers_of
from loader.errors import ArchiveError
from loader.maintain.reparse.compare import parse_again
from loader.rows.records import Prepared

_CHUNK: Final = 400  # snapshots replaced at once, besides the other captures of their texts

_FAMILY: Final = f"""
select id from snapshots
where id in {AMONG} or article_id in (select article_id from snapshots where id in {AMONG})
order by load_id, id
"""


class _Member(NamedTuple):
    """A stored snapshot, and the rows that the present parser makes of its capture."""

    stored: StoredCapture
    rows: Prepared

    @property
    def provenance(self) -> tuple[int, int]:
        return self.stored.load_id, self.stored.dictionary_id or 0


def rewrite(archive: Archive, snapshot_ids: Sequence[int]) -> None:
    """Replace the rows of these snapshots by those of the present parser, and infer all days anew.

    Snapshots without a raw capture, with a damaged one, or refused by the present parser stay.
    Raises ArchiveError if the archive cannot be written; chunks completed before stay.
    """
    _rewrite_in_chunks(archive, snapshot_ids)
    archive.in_transaction(date_new)


def rewrite_all(archive: Archive, snapshot_ids: Sequence[int]) -> None:
    """Rewrite all snapshots that `compare` found, and record the parser as the archive's.

    From then on, a contradiction to a raw capture is damage. Days that may have been inferred by
    another version are inferred anew. Raises the errors of `rewrite`; the parser is recorded last.
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
    done: set[int] = set()
    for chunk in in_chunks(sorted(set(snapshot_ids)), _CHUNK):
        todo = [snapshot_id for snapshot_id in chunk if snapshot_id not in done]
        if todo:
            done |= _rewrite_in_transaction(archive, todo)


def _rewrite_in_transaction(archive: Archive, snapshot_ids: Sequence[int]) -> set[int]:
    done: set[int] = set()
    archive.in_transaction(lambda conn: done.update(_rewrite(conn, snapshot_ids)))
    return done


def _rewrite(conn: sqlite3.Connection, snapshot_ids: Sequence[int]) -> set[int]:
    forget_dating(conn)
    wanted = json_list(snapshot_ids)
    ids = [row[0] for row in conn.execute(_FAMILY, (wanted, wanted))]
    family = list(_parsed(conn, ids))
    correct_boards(
        conn,
        {
            member.rows.board.digest: member.rows.board for member in family if member.rows.board
        }.values(),
    )
    named = _named_by(conn, [member.stored for member in family])
    former = _ids_of(conn, [member.stored for member in family])
    ids_of_texts = {key for member in family if (key := member.stored.article_id)}
    numbers = numbers_of(conn, ids_of_texts)
    _take_out(conn, [member.stored for member in family])
    # Provenance is preserved: each snapshot keeps its load and dictionary.
    family.sort(key=lambda member: member.provenance)
    instruments = Instruments(conn)
    with keeping_ids(conn, former):
        for (load_id, dictionary_id), group in groupby(family, key=lambda item: item.provenance):
            batch = [member.rows for member in group]
            write_batch(conn, batch, instruments, load_id, dictionary_id or None)
    # Some texts are left only with snapshots without a raw capture.
    settle(conn, ids_of_texts, load_id=None)
    # The dates of other texts may have depended on listings and pages that changed.
    pages = json_list(named["pages"])
    settle_dates(conn, [row[0] for row in conn.execute(_ON_PAGES, (pages,))])
    for table, row_ids in named.items():
        delete_unused(conn, table, row_ids)
    link_thinned(conn, numbers)
    return {member.stored.snapshot_id for member in family}


def _ids_of(
    conn: sqlite3.Connection, captures: Sequence[StoredCapture]
) -> dict[str, dict[str, int]]:
    """Return the ids by digest of these snapshots, and of their boards and articles."""
    found = {
        "snapshots": {row.snapshot_id for row in captures},
        "boards": {row.board_id for row in captures if row.board_id is not None},
        "articles": {row.article_id for row in captures if row.article_id is not None},
    }
    return {
        table: dict(
            conn.execute(f"select digest, id from {table} where id in {AMONG}", (json_list(ids),))
        )
        for table, ids in found.items()
    }


def _parsed(conn: sqlite3.Connection, ids: Sequence[int]) -> Iterator[_Member]:
    reader = RawReader(conn)
    for stored in read_captures(conn, ids):
        try:
            rows = parse_again(stored, reader)
        except ArchiveError:
            continue  # without a usable raw capture, its rows are all that is left
        if rows.snapshot is not None:
            yield _Member(stored, rows)


def _take_out(conn: sqlite3.Connection, captures: Sequence[StoredCapture]) -> None:
    """Delete these snapshots, and the boards and texts that no other snapshot has."""
    delete_with_owned(conn, "snapshots", [capture.snapshot_id for capture in captures])
    boards = {capture.board_id for capture in captures if capture.board_id is not None}
    articles = {capture.article_id for capture in captures if capture.article_id is not None}
    claims = conn.execute(
        f"select id from article_claims where article_id in {AMONG}", (json_list(articles),)
    )
    delete_unused(conn, "article_claims", [claim_id for (claim_id,) in claims])
    delete_unused(conn, "articles", articles)
    delete_unused(conn, "boards", boards)
    set_spans(conn, boards)


_ON_PAGES: Final = f"select id from articles where page_id in {AMONG}"
# Rows that snapshots refer to but do not own, which may become unused.
_NAMED: Final = {
    "tags": ("select tag_id from article_tags where article_id in {articles}",),
    "pages": (
        "select page_id from snapshots where article_id in {articles} or id in {snapshots}",
        "select page_id from teasers where article_id in {articles}",
        "select page_id from text_links where article_id in {articles}",
        "select page_id from listings where snapshot_id in {snapshots}",
    ),
    "instruments": (
        "select instrument_id from mentions where article_id in {articles}",
        "select instrument_id from quotes where board_id in {boards}",
    ),
}


def _named_by(conn: sqlite3.Connection, captures: Sequence[StoredCapture]) -> dict[str, set[int]]:
    """Return the ids of tags, pages and instruments that these snapshots refer to."""
    values = {
        "articles": json_list({row.article_id for row in captures if row.article_id is not None}),
        "boards": json_list({row.board_id for row in captures if row.board_id is not None}),
        "snapshots": json_list(row.snapshot_id for row in captures),
    }
    lists = {name: f"(select value from json_each(:{name}))" for name in values}
    return {
        table: {
            row_id
            for query in queries
            for (row_id,) in conn.execute(query.format(**lists), values)
            if row_id is not None
        }
        for table, queries in _NAMED.items()
    }
