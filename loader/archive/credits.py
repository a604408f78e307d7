"""Write the credits of articles, read once from each distinct byline and agency's mark.

This module is not part of `write`, since deleting articles (`references`) deletes credits too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from loader.archive.ids import AMONG, insert_into, json_list
from loader.archive.scripts import read_sql, run_sql, statements
from loader.rows.credits import Credit, Place, read_credits


class Signed(NamedTuple):
    """The columns of an article from which credits are read."""

    byline: str | None
    agency: str | None


_INSERT: Final = insert_into("credits", Credit._fields).replace("insert", "insert or ignore", 1)
_OF_ARTICLES: Final = f"select byline, agency from articles where id in {AMONG}"
_ALL: Final[dict[Place, str]] = {
    "byline": "select distinct byline from articles where byline is not null",
    "agency": "select distinct agency from articles where agency is not null",
}


def insert_credits(conn: sqlite3.Connection, signed: Iterable[Signed]) -> None:
    """Insert the credits of these bylines and marks, unless already stored.

    Triggers count articles that are inserted afterwards.
    """
    rows = [
        credit
        for place, printed in sorted(_printed(signed))
        for credit in read_credits(place, printed)
    ]
    if rows:
        conn.executemany(_INSERT, rows)


def signed_of(conn: sqlite3.Connection, article_ids: Iterable[int]) -> list[Signed]:
    """Return the bylines and marks of these articles."""
    return [Signed(*row) for row in conn.execute(_OF_ARTICLES, (json_list(article_ids),))]


def delete_unused_credits(conn: sqlite3.Connection, signed: Iterable[Signed]) -> None:
    """Delete the credits of those bylines and marks that no article has any more."""
    for place, printed in _printed(signed):
        conn.execute(
            "delete from credits where place = :place and printed = :printed"
            f" and not exists (select 1 from articles where {place} = :printed)",
            {"place": place, "printed": printed},
        )


def count_new(conn: sqlite3.Connection, article_ids: Iterable[int]) -> None:
    """Count articles that were inserted without the trigger that counts them."""
    ids = {"ids": json_list(article_ids)}
    for statement in statements(read_sql("article_counts_of_new.sql")):
        conn.execute(statement, ids)


def credit_all(conn: sqlite3.Connection) -> None:
    """Recreate all credits from the bylines and marks of articles, and the counts of articles."""
    conn.execute("delete from credits")
    for place, query in _ALL.items():
        for (printed,) in conn.execute(query).fetchall():
            conn.executemany(_INSERT, read_credits(place, printed))
    run_sql(conn, "article_counts.sql")


def _printed(signed: Iterable[Signed]) -> set[tuple[Place, str]]:
    found: set[tuple[Place, str]] = set()
    for byline, agency in signed:
        if byline:
            found.add(("byline", byline))
        if agency:
            found.add(("agency", agency))
    return found
