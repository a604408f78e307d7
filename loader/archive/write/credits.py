"""Writing whom bylines and marks of agencies name: each byline that articles have is read once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from loader.archive.ids import AMONG, insert_into, json_list
from loader.rows.credits import Credit, Place, read_credits


class Signed(NamedTuple):
    """What an article says of who wrote it: the columns of articles that credits are read from."""

    byline: str | None
    agency: str | None


_INSERT: Final = insert_into("credits", Credit._fields).replace("insert", "insert or ignore", 1)
_OF_ARTICLES: Final = f"select byline, agency from articles where id in {AMONG}"
_ALL: Final[dict[Place, str]] = {
    "byline": "select distinct byline from articles where byline is not null",
    "agency": "select distinct agency from articles where agency is not null",
}


def insert_credits(conn: sqlite3.Connection, signed: Iterable[Signed]) -> None:
    """Add the names in what articles say, where no article said the same before."""
    rows = [
        credit
        for place, printed in sorted(_printed(signed))
        for credit in read_credits(place, printed)
    ]
    if rows:
        conn.executemany(_INSERT, rows)


def signed_of(conn: sqlite3.Connection, article_ids: Iterable[int]) -> list[Signed]:
    """Return what these articles say of who wrote them."""
    return [Signed(*row) for row in conn.execute(_OF_ARTICLES, (json_list(article_ids),))]


def delete_unsaid(conn: sqlite3.Connection, signed: Iterable[Signed]) -> None:
    """Delete the names in what no article says any more."""
    for place, printed in _printed(signed):
        conn.execute(
            "delete from credits where place = ?1 and printed = ?2"
            f" and not exists (select 1 from articles where {place} = ?2)",
            (place, printed),
        )


def credit_all(conn: sqlite3.Connection) -> None:
    """Read the bylines and marks of all articles anew."""
    conn.execute("delete from credits")
    for place, query in _ALL.items():
        for (printed,) in conn.execute(query).fetchall():
            conn.executemany(_INSERT, read_credits(place, printed))


def _printed(signed: Iterable[Signed]) -> set[tuple[Place, str]]:
    found: set[tuple[Place, str]] = set()
    for byline, agency in signed:
        if byline:
            found.add(("byline", byline))
        if agency:
            found.add(("agency", agency))
    return found
