"""Replace rows written by an older parser.

A changed snapshot is deleted with all captures of its text, and written again as by a load, so the
result equals a load by the present parser. Each chunk is one transaction: a killed run leaves every
snapshot complete, and the next run does the rest.
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
    """A stored snapshot, and its rows by the present parser."""

    stored: StoredCapture
    rows: Prepared


class _Ids(NamedTuple):
    """The ids of snapshots, and of their boards and articles."""

    snapshots: list[int]
    boards: set[int]
    articles: set[int]


def rewrite(archive: Archive, snapshot_ids: Sequence[int]) -> None:
    """Replace the rows of these snapshots by those of the present parser, and infer all days again.

    Snapshots without a raw capture, with a damaged one, or refused by the present parser stay.
    Raises ArchiveError if the archive cannot be written; chunks completed before stay.
    """
    _rewrite_in_chunks(archive, snapshot_ids)
    archive.in_transaction(date_new)


def rewrite_all(archive: Archive, snapshot_ids: Sequence[int]) -> None:
    """Rewrite all snapshots that `compare` found, and record the parser as the archive's.

    From then on, a contradiction to a raw capture is damage. Days that another version may have
    inferred are inferred again. Raises as `rewrite`; the parser is recorded last.
    """
    _rewrite_in_chunks(archive, snapshot_ids)
    archive.in_transaction(_date_as_present_parser)


def _date_as_present_parser(conn: sqlite3.Connection) -> None:
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
            done.update(_rewrite_in_transaction(archive, todo))


def _rewrite_in_transaction(archive: Archive, snapshot_ids: Sequence[int]) -> list[int]:
    return archive.in_transaction(lambda conn: _rewrite(conn, snapshot_ids))


def _rewrite(conn: sqlite3.Connection, snapshot_ids: Sequence[int]) -> list[int]:
    """Rewrite snapshots with all captures of their texts; return the ids of all of them."""
    forget_dating(conn)
    wanted = json_list(snapshot_ids)
    family = list(_parsed(conn, [row[0] for row in conn.execute(_FAMILY, (wanted, wanted))]))
    correct_boards(
        conn,
        {
            member.rows.board.digest: member.rows.board for member in family if member.rows.board
        }.values(),
    )
    ids = _ids_of([member.stored for member in family])
    referenced = _referenced_by(conn, ids)
    former = _former_ids(conn, ids)
    numbers = numbers_of(conn, ids.articles)
    _delete(conn, ids)
    # Provenance is preserved: each snapshot keeps its load and dictionary.
    family.sort(key=lambda member: member.stored.provenance)
    instruments = Instruments(conn)
    with keeping_ids(conn, former):
        for (load_id, dictionary_id), group in groupby(
            family, key=lambda member: member.stored.provenance
        ):
            batch = [member.rows for member in group]
            write_batch(conn, batch, instruments, load_id, dictionary_id or None)
    # Some texts are left only with snapshots without a raw capture.
    settle(conn, ids.articles, load_id=None)
    # The dates of other texts may have depended on listings and pages that changed.
    pages = json_list(referenced["pages"])
    settle_dates(conn, [row[0] for row in conn.execute(_ON_PAGES, (pages,))])
    for table, row_ids in referenced.items():
        delete_unused(conn, table, row_ids)
    link_thinned(conn, numbers)
    return ids.snapshots


def _ids_of(captures: Sequence[StoredCapture]) -> _Ids:
    return _Ids(
        [row.snapshot_id for row in captures],
        {row.board_id for row in captures if row.board_id is not None},
        {row.article_id for row in captures if row.article_id is not None},
    )


def _former_ids(conn: sqlite3.Connection, ids: _Ids) -> dict[str, dict[str, int]]:
    """Return the ids by table and digest."""
    return {
        table: dict(
            conn.execute(f"select digest, id from {table} where id in {AMONG}", (json_list(keys),))
        )
        for table, keys in ids._asdict().items()
    }


def _parsed(conn: sqlite3.Connection, ids: Sequence[int]) -> Iterator[_Member]:
    reader = RawReader(conn)
    for stored in read_captures(conn, ids):
        try:
            rows = parse_again(stored, reader)
        except ArchiveError:
            continue  # its rows stay, since its raw capture is unusable
        if rows.snapshot is not None:
            yield _Member(stored, rows)


def _delete(conn: sqlite3.Connection, ids: _Ids) -> None:
    """Delete snapshots, and the boards and texts that no other snapshot has."""
    delete_with_owned(conn, "snapshots", ids.snapshots)
    claims = conn.execute(
        f"select id from article_claims where article_id in {AMONG}", (json_list(ids.articles),)
    )
    delete_unused(conn, "article_claims", [claim_id for (claim_id,) in claims])
    delete_unused(conn, "articles", ids.articles)
    delete_unused(conn, "boards", ids.boards)
    set_spans(conn, ids.boards)


_ON_PAGES: Final = f"select id from articles where page_id in {AMONG}"
# Rows that snapshots refer to but do not own, which may become unused.
_REFERENCED: Final = {
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


def _referenced_by(conn: sqlite3.Connection, ids: _Ids) -> dict[str, set[int]]:
    """Return the ids of tags, pages and instruments that snapshots refer to."""
    values = {name: json_list(keys) for name, keys in ids._asdict().items()}
    lists = {name: f"(select value from json_each(:{name}))" for name in values}
    return {
        table: {
            row_id
            for query in queries
            for (row_id,) in conn.execute(query.format(**lists), values)
            if row_id is not None
        }
        for table, queries in _REFERENCED.items()
    }
