"""References between tables, which are the rules for deleting rows.

Every foreign key of the schema is listed here once, as a test checks. Keys of tables that dating
fills are INFERRED: their rows are deleted first, and computed again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from types import MappingProxyType
from typing import Final, NamedTuple

from loader.archive.credits import delete_unused_credits, signed_of
from loader.archive.ids import AMONG, json_list
from loader.articles.sketch import sketch


class Key(NamedTuple):
    """A column that refers to another table."""

    table: str
    column: str


# A row without a reference from any of these keys is unused. Deleting rows of a table may make rows
# of later ones unused, hence the order.
NEEDED_BY: Final = MappingProxyType(
    {
        "boards": (Key("snapshots", "board_id"),),
        "article_claims": (Key("snapshots", "claim_id"),),
        "articles": (Key("snapshots", "article_id"),),
        "tags": (Key("article_tags", "tag_id"),),
        "pages": (
            Key("snapshots", "page_id"),
            Key("articles", "page_id"),
            Key("teasers", "page_id"),
            Key("text_links", "page_id"),
            Key("listings", "page_id"),
            Key("revisits", "page_id"),
            Key("revisits", "target_page_id"),
        ),
        "instruments": (
            Key("quotes", "instrument_id"),
            Key("mentions", "instrument_id"),
            Key("mention_spans", "instrument_id"),
            Key("instrument_events", "instrument_id"),
            Key("instrument_events", "new_instrument_id"),
        ),
        "sources": (
            Key("snapshots", "source_id"),
            Key("problems", "source_id"),
            Key("revisits", "source_id"),
        ),
        "loads": (
            Key("snapshots", "load_id"),
            Key("problems", "load_id"),
            Key("revisits", "load_id"),
        ),
        "raw_dictionaries": (Key("raw_captures", "dictionary_id"),),
    }
)
# Rows that are deleted with the row that they refer to.
OWNED: Final = MappingProxyType(
    {
        "snapshots": (
            Key("covid_counters", "snapshot_id"),
            Key("listings", "snapshot_id"),
            Key("problems", "snapshot_id"),
            Key("raw_captures", "snapshot_id"),
        ),
        "boards": (Key("quotes", "board_id"), Key("problems", "board_id")),
        "articles": (
            Key("article_tags", "article_id"),
            Key("teasers", "article_id"),
            Key("text_links", "article_id"),
            Key("mentions", "article_id"),
            Key("mention_spans", "article_id"),
            Key("problems", "article_id"),
            Key("article_claims", "article_id"),
            Key("article_tables", "article_id"),
            Key("article_images", "article_id"),
            Key("article_authors", "article_id"),
            Key("article_likenesses", "article_id"),
            Key("article_likenesses", "other_article_id"),
        ),
    }
)
INFERRED: Final = frozenset(
    {
        Key("boards", "trading_day_id"),
        Key("boards", "index_day_id"),
        Key("trading_days", "last_board_id"),
        Key("trading_days", "index_board_id"),
        Key("board_groups", "trading_day_id"),
        Key("board_indices", "board_id"),
        Key("board_indices", "group_id"),
        Key("group_links", "group_id"),
        Key("group_links", "next_group_id"),
        Key("day_witnesses", "group_id"),
        Key("day_witnesses", "board_id"),
        Key("day_witnesses", "article_id"),
        Key("stated_closes", "article_id"),
        Key("stated_values", "article_id"),
        Key("stated_moves", "article_id"),
        Key("text_versions", "page_id"),
        Key("text_versions", "article_id"),
        Key("version_forms", "page_id"),
        Key("version_forms", "article_id"),
        Key("stated_moves", "snapshot_id"),
    }
)
# Unused rows that stay: instruments of the loader's own list.
_KEPT: Final = MappingProxyType(
    {"instruments": "select id from instruments where name is not null"}
)


def unused(table: str, row_id: str = "") -> str:
    """Return the SQL condition for an unused row of `table`.

    `row_id` is the expression for the row's id, by default the table's column.
    """
    row_id = row_id or f"{table}.id"
    conditions = [
        f"not exists (select 1 from {key.table} where {key.table}.{key.column} = {row_id})"
        for key in NEEDED_BY[table]
    ]
    if table in _KEPT:
        conditions.append(f"{row_id} not in ({_KEPT[table]})")
    return " and ".join(conditions)


def delete_unused(conn: sqlite3.Connection, table: str, ids: Iterable[int] | None = None) -> None:
    """Delete unused rows of `table`, all or those among `ids`, with the rows that they own.

    For an id whose row is already gone, the rows that it owned are deleted.
    """
    if ids is None:
        found = conn.execute(f"select id from {table} where {unused(table)}")
    else:
        among = f"select value from json_each(?) where {unused(table, 'json_each.value')}"
        found = conn.execute(among, (json_list(ids),))
    if doomed := [row_id for (row_id,) in found]:
        delete_with_owned(conn, table, doomed)


_BODIES: Final = f"select id, body from articles where id in {AMONG}"


def delete_with_owned(conn: sqlite3.Connection, table: str, ids: Collection[int]) -> None:
    """Delete rows of `table` with the rows that they own."""
    doomed = (json_list(ids),)
    signed = signed_of(conn, ids) if table == "articles" else []
    if table == "articles":
        conn.executemany(
            "delete from article_sketches where number = ? and article_id = ?",
            [
                (number, article_id)
                for article_id, body in conn.execute(_BODIES, doomed)
                for number in sketch(body)
            ],
        )
    for key in OWNED.get(table, ()):
        conn.execute(f"delete from {key.table} where {key.column} in {AMONG}", doomed)
    conn.execute(f"delete from {table} where id in {AMONG}", doomed)
    delete_unused_credits(conn, signed)


# Tables whose rows exist only for others. Not so loads, of which one may have found only further
# places of known captures.
ORPHANED: Final = tuple(table for table in NEEDED_BY if table != "loads")


def delete_orphans(conn: sqlite3.Connection) -> int:
    """Delete all orphaned rows; return their number."""
    before = conn.total_changes
    for table in ORPHANED:
        delete_unused(conn, table)
    return conn.total_changes - before
