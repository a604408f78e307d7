"""Determine the date of each article and its source.

Rule and ranks are in sql/article_dates.sql. The date depends on the contents of the archive, not on
the order of loading.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from loader.archive.ids import AMONG, in_chunks, json_list
from loader.archive.scripts import read_sql
from loader.page.address_date import address_date
from loader.page.dates import parse_iso_date
from loader.rows.records import Prepared

FEED_LAYOUT: Final = "feed"
_AT_ONCE: Final = 2000

# Articles of these snapshots, and whether another snapshot or a listing also has a date for them.
_NAMED: Final = """
with given as materialized (
    select id, digest, page_id, article_id
    from snapshots
    where digest in (select value from json_each(:digests))
)
select
    article_id,
    exists (select 1 from snapshots where page_id = given.page_id and id <> given.id)
        or exists (select 1 from listings where page_id = given.page_id)
from given
where article_id is not null
union all
select articles.id, 1 from given join articles on articles.page_id = given.page_id
where articles.id is not given.article_id
union all
select articles.id, 1
from given
join listings on listings.snapshot_id = given.id
join articles on articles.page_id = listings.page_id
"""
_SET: Final = (
    "update articles set article_date = :date, article_date_basis = :basis"
    " where id = :id and (article_date, article_date_basis) is not (:date, :basis)"
)


class ArticleDate(NamedTuple):
    """Columns of articles: a date as printed, and its basis; both None if there is no date."""

    article_date: str | None
    article_date_basis: str | None


def plain_date(item: Prepared) -> ArticleDate:
    """Return the date of an article with a single capture of its page and without listings.

    Most articles are of this kind, and dating them by sql/article_dates.sql, the rule for all
    others, would take a tenth of a load.
    """
    if item.article is None or item.snapshot is None:
        return ArticleDate(None, None)
    claim, corpus_date = item.article.claim, item.snapshot.corpus_date
    is_feed = item.snapshot.layout == FEED_LAYOUT
    urls = (item.snapshot.reported_url, item.page.url if item.page else None)
    if claim.published_at and not is_feed:
        return ArticleDate(claim.published_at, "published")
    if claim.print_date:
        return ArticleDate(claim.print_date, "print")
    if claim.published_at:
        return ArticleDate(claim.published_at, "feed")
    if corpus_date and parse_iso_date(corpus_date):
        return ArticleDate(corpus_date, "corpus")
    if day := min(filter(None, map(address_date, urls)), default=None):
        return ArticleDate(day, "address")
    return ArticleDate(claim.updated_at, "updated" if claim.updated_at else None)


def settle_dates_of_batch(
    conn: sqlite3.Connection, items: Sequence[Prepared], new_articles: set[int]
) -> None:
    """Update the dates of all articles that depend on these captures, which must be written.

    These are their texts, other texts of their pages, and stories in their listings.
    `new_articles` are already dated by `plain_date`, and are updated only if other captures or
    listings have dates for them.
    """
    alone: dict[int, bool] = {}
    for article_id, is_listed in conn.execute(
        _NAMED, {"digests": json_list(item.digest for item in items)}
    ):
        alone[article_id] = article_id not in alone and not is_listed
    settle_dates(
        conn,
        (
            article_id
            for article_id, is_alone in alone.items()
            if not (is_alone and article_id in new_articles)
        ),
    )


def settle_dates(conn: sqlite3.Connection, article_ids: Iterable[int] | None = None) -> None:
    """Update the dates of these articles, or of all without ids."""
    for chunk in in_chunks(sorted(_all(conn) if article_ids is None else article_ids), _AT_ONCE):
        found = list(_found(conn, chunk))
        conn.executemany(
            _SET,
            [
                {"id": article_id, "date": date, "basis": basis}
                for article_id, (date, basis) in found
            ],
        )


def misdated(conn: sqlite3.Connection) -> Iterator[int]:
    """Yield the articles whose stored date differs from the rule."""
    for chunk in in_chunks(_all(conn), _AT_ONCE):
        stored = {
            article_id: ArticleDate(date, basis)
            for article_id, date, basis in conn.execute(
                f"select id, article_date, article_date_basis from articles where id in {AMONG}",
                (json_list(chunk),),
            )
        }
        for article_id, date in _found(conn, chunk):
            if stored[article_id] != date:
                yield article_id


def _all(conn: sqlite3.Connection) -> list[int]:
    return [row[0] for row in conn.execute("select id from articles order by id")]


def _found(conn: sqlite3.Connection, ids: Sequence[int]) -> Iterator[tuple[int, ArticleDate]]:
    conn.create_function("address_date", 1, address_date, deterministic=True)
    for article_id, date, basis in conn.execute(
        read_sql("article_dates.sql"), {"ids": json_list(ids)}
    ):
        yield article_id, ArticleDate(date, basis)
