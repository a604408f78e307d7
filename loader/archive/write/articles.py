"""Writing pages, articles, and what their captures claim about them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from loader.archive.ids import chunks, ids_of, new_ids, next_id
from loader.archive.schema import read_sql
from loader.rows.prepare import CLAIM_FIELDS, ArticleRows, Claim, Prepared, text_shape

# Claims of one article by (article id, claim): their ids.
ClaimIds = dict[tuple[int, Claim], int]

_FIELDS: Final = ", ".join(CLAIM_FIELDS)
_MARKS: Final = ", ".join("?" * len(CLAIM_FIELDS))


def write_pages(conn: sqlite3.Connection, new: Sequence[Prepared]) -> dict[str, int]:
    """Add the addresses that are new, also of teasers and listed stories; their ids."""
    pages = dict(item.page for item in new if item.page)
    for item in new:
        if item.article:
            pages.update(dict(page for _, _, page in item.article.teasers if page))
        pages.update(dict(listing.page for listing in item.listings if listing.page))
    return add_pages(conn, pages)


def add_pages(conn: sqlite3.Connection, pages: dict[str, int | None]) -> dict[str, int]:
    """Add those of `pages` (address to number) that are new; ids of all by address."""
    known = ids_of(conn, "pages", "url", pages)
    fresh = new_ids(conn, "pages", known, pages)
    conn.executemany(
        "insert into pages (id, url, news_id) values (?, ?, ?)",
        [(page_id, url, pages[url]) for url, page_id in fresh.items()],
    )
    return known | fresh


def write_articles(
    conn: sqlite3.Connection, new: Sequence[Prepared], pages: dict[str, int]
) -> tuple[dict[str, int], set[int]]:
    """Add the texts that are new and index them; ids of all by digest, and the new ids."""
    texts: dict[str, tuple[ArticleRows, int | None]] = {}
    for item in new:
        if item.article:
            page_id = pages[item.page[0]] if item.page else None
            earlier, _ = texts.setdefault(item.article.digest, (item.article, page_id))
            if earlier is not item.article and item.article.shape < earlier.shape:
                texts[item.article.digest] = (item.article, page_id)
    known = ids_of(conn, "articles", "digest", texts)
    fresh = new_ids(conn, "articles", known, texts)
    if fresh:
        rows = [
            (new_id, digest, page_id, text.dateline, text.word_count, text.body, *text.claim)
            for digest, new_id in fresh.items()
            for text, page_id in (texts[digest],)
        ]
        _insert_and_index(conn, rows, first_id=min(fresh.values()))
        _insert_mentions(conn, {new_id: texts[digest][0] for digest, new_id in fresh.items()})
    return known | fresh, set(fresh.values())


def _insert_mentions(conn: sqlite3.Connection, texts: dict[int, ArticleRows]) -> None:
    # Only instruments of the loader's own list are ever mentioned, and those have rows.
    conn.executemany(
        "insert into mentions (article_id, instrument_id, count)"
        " select ?, id, ? from instruments where symbol = ?",
        [
            (article_id, count, symbol)
            for article_id, text in texts.items()
            for symbol, count in text.mentions
        ],
    )


def _insert_and_index(
    conn: sqlite3.Connection, rows: Sequence[tuple[object, ...]], first_id: int
) -> None:
    # One select feeds the index about twice as fast as a trigger a row (docs/design.md).
    conn.execute("drop trigger articles_fts_insert")
    conn.executemany(
        f"insert into articles (id, digest, page_id, dateline, word_count, body, {_FIELDS})"
        f" values (?, ?, ?, ?, ?, ?, {_MARKS})",
        rows,
    )
    conn.execute(
        "insert into articles_fts (rowid, headline, body, summary, dateline, byline)"
        " select id, headline, body, summary, dateline, byline from articles where id >= ?",
        (first_id,),
    )
    conn.execute(read_sql("fts_insert_trigger.sql"))


def reshape_articles(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    articles: dict[str, int],
    new_articles: set[int],
) -> set[int]:
    """Give articles of the archive the form in which a new capture has their text, where
    that comes first (`ArticleRows.shape`); their ids. What is counted in the text is dropped.
    """
    better: dict[int, ArticleRows] = {}
    for item in new:
        if item.article and (article_id := articles[item.article.digest]) not in new_articles:
            best = better.setdefault(article_id, item.article)
            if item.article.shape < best.shape:
                better[article_id] = item.article
    for marks, chunk in chunks(list(better)):
        for article_id, dateline, body in conn.execute(
            f"select id, dateline, body from articles where id in ({marks})", chunk
        ).fetchall():
            if text_shape(body, dateline) <= better[article_id].shape:
                del better[article_id]
    conn.executemany(
        "update articles set dateline = ?, body = ?, word_count = ? where id = ?",
        [(text.dateline, text.body, text.word_count, key) for key, text in better.items()],
    )
    conn.executemany("delete from mentions where article_id = ?", [(key,) for key in better])
    return set(better)


def write_claims(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    articles: dict[str, int],
    new_articles: set[int],
) -> ClaimIds:
    """Add what these captures claim and no earlier one did; ids of all by article and claim."""
    claims: ClaimIds = {}
    older = [article_id for article_id in articles.values() if article_id not in new_articles]
    for marks, chunk in chunks(older):
        for claim_id, article_id, *values in conn.execute(
            f"select id, article_id, {_FIELDS} from article_claims where article_id in ({marks})",
            chunk,
        ):
            claims[article_id, tuple(values)] = claim_id
    rows = []
    new_id = next_id(conn, "article_claims")
    for item in new:
        if item.article:
            key = (articles[item.article.digest], item.article.claim)
            if key not in claims:
                claims[key] = new_id
                rows.append((new_id, key[0], *key[1]))
                new_id += 1
    conn.executemany(
        f"insert into article_claims (id, article_id, {_FIELDS}) values (?, ?, {_MARKS})", rows
    )
    return claims


def write_tags(conn: sqlite3.Connection, new: Sequence[Prepared], articles: dict[str, int]) -> None:
    """Add the topic tags of these articles; captures of one text add up."""
    tagged = {
        (articles[item.article.digest], tag)
        for item in new
        if item.article
        for tag in item.article.tags
    }
    names = sorted({tag for _, tag in tagged})
    conn.executemany("insert or ignore into tags (name) values (?)", [(name,) for name in names])
    conn.executemany(
        "insert or ignore into article_tags (article_id, tag_id)"
        " values (?, (select id from tags where name = ?))",
        sorted(tagged),
    )


def write_teasers(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    articles: dict[str, int],
    pages: dict[str, int],
) -> None:
    """Add the teasers of these articles.

    Captures of one text may place or link a teaser differently: the smallest place, and
    the page that the smallest address names, whatever the order.
    """
    rows = [
        (articles[item.article.digest], position, headline, pages[page[0]] if page else None)
        for item in new
        if item.article
        for position, headline, page in item.article.teasers
    ]
    conn.executemany(
        """
        insert into teasers (article_id, position, headline, page_id) values (?, ?, ?, ?)
        on conflict (article_id, headline) do update set
            position = min(position, excluded.position),
            page_id = (
                select id from pages
                where id in (teasers.page_id, excluded.page_id)
                order by url limit 1
            )
        """,
        rows,
    )
