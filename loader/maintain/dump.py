"""Dump the content of an archive by natural keys, so that equal content has equal dumps.

Two archives of the same captures have the same dump, in whatever order, batches or files these were
loaded; tests and `verify` rely on this. Queries are generated from the schema, so a new column
counts as content unless it is excluded here.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from loader.archive.raw import RawReader
from loader.archive.users import stored_columns
from loader.rows.travels import TABLES, Travels

# The column that identifies rows of a table in any archive.
_NATURAL_KEYS: Final = MappingProxyType(
    {
        "article_claims": "digest",
        "articles": "digest",
        "board_groups": "digest",
        "boards": "digest",
        "instruments": "symbol",
        "pages": "url",
        "snapshots": "digest",
        "sources": "location",
        "tags": "name",
        "trading_days": "date",
    }
)
_LOCAL: Final = "an id of this file"
_WHEN: Final = "when this file was made"
# Columns that are not content, with the reason.
NOT_CONTENT: Final = MappingProxyType(
    {
        **{(table, "id"): _LOCAL for table in TABLES},
        # Depends on the place of a capture, which differs for the same page in another file.
        ("problems", "digest"): "follows from the rest",
        ("revisits", "digest"): "follows from the rest",
        ("snapshots", "load_id"): _WHEN,
        ("problems", "load_id"): _WHEN,
        ("revisits", "load_id"): _WHEN,
        ("raw_captures", "data"): "the form of the bytes, of which the dump has the digest",
        ("raw_captures", "dictionary_id"): "the form of the bytes",
    }
)
# Tables that are not content: the history of the file, and its index.
NOT_CONTENT_TABLES: Final = frozenset(
    {
        "article_sketches",
        "articles_fts",
        "dating_state",
        "loads",
        "raw_dictionaries",
        *(name for name, travels in TABLES.items() if travels is Travels.BOOKKEEPING),
        *(name for name, travels in TABLES.items() if travels is Travels.FACTS),
    }
)
# Twins are symmetric: the one with the smaller digest comes first.
_GROUP_LINKS: Final = """
select min(board_groups.digest, next_groups.digest), max(board_groups.digest, next_groups.digest),
    case when group_links.kind <> 'twin' then board_groups.digest end,
    group_links.kind, index_count, equal_share_count, common_share_count
from group_links
join board_groups on board_groups.id = group_links.group_id
join board_groups as next_groups on next_groups.id = group_links.next_group_id
"""


def dump(conn: sqlite3.Connection) -> dict[str, list[str]]:
    """Return each table's rows as sorted lines, with digests in place of raw captures."""
    names = sorted(TABLES.keys() - NOT_CONTENT_TABLES)
    return {
        name: sorted(_raw_lines(conn) if name == "raw_captures" else row_lines(conn, name))
        for name in names
    }


def row_lines(conn: sqlite3.Connection, table: str) -> Iterator[str]:
    """Yield the rows of one table as lines, in any order."""
    for row in conn.execute(_query(conn, table)):
        yield repr(tuple(row))


def _query(conn: sqlite3.Connection, table: str) -> str:
    """Return the query for a table's content, with references as natural keys."""
    if table == "group_links":
        return _GROUP_LINKS
    parents = {
        column: parent
        for parent, column, key in conn.execute(
            'select "table", "from", "to" from pragma_foreign_key_list(?)', (table,)
        )
        if key == "id"
    }
    columns = [
        f"(select {_NATURAL_KEYS[parents[name]]} from {parents[name]} as parent"
        f" where parent.id = {table}.{name})"
        if name in parents
        else name
        for name in stored_columns(conn, table)
        if (table, name) not in NOT_CONTENT
    ]
    return f"select {', '.join(columns)} from {table}"


def _raw_lines(conn: sqlite3.Connection) -> Iterator[str]:
    reader = RawReader(conn)
    for snapshot_id, *columns in conn.execute(
        "select snapshot_id, digest, media_type, charset, size"
        " from raw_captures join snapshots on snapshots.id = raw_captures.snapshot_id"
    ):
        content = hashlib.sha256(reader.read(snapshot_id)).hexdigest()
        yield repr((*columns, content))
