"""Write pages, articles, and their tags, teasers and links."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from loader.archive.credits import Signed, count_new, insert_credits
from loader.archive.ids import AMONG, ids_of, insert_into, json_list, new_ids
from loader.archive.scripts import without_trigger
from loader.archive.write.article_dates import ArticleDate, plain_date
from loader.archive.write.likenesses import write_likenesses
from loader.archive.write.mentions import insert_mentions, replace_mentions
from loader.archive.write.parts import insert_tables, stored_tables
from loader.rows.prepare import mention_rows
from loader.rows.records import (
    TEXT_COLUMNS,
    ArticleRows,
    ClaimRow,
    MentionRow,
    Prepared,
    pages_of,
    text_shape,
)

_INSERT_PAGE: Final = insert_into("pages", ("id", "url", "news_id"))
_BY_NUMBER: Final = f"select news_id, id from pages where news_id in {AMONG}"
_INSERT_ARTICLE: Final = insert_into(
    "articles", ("id", "page_id", *TEXT_COLUMNS, *ClaimRow._fields, *ArticleDate._fields)
)
_INDEX: Final = f"""
insert into articles_fts (rowid, headline, body, summary, dateline, byline)
select id, headline, body, summary, dateline, byline from articles where id in {AMONG}
"""


def write_pages(conn: sqlite3.Connection, new: Sequence[Prepared]) -> dict[str, int]:
    """Add new pages, also of teasers and listed stories; return the ids of all by URL.

    A number identifies one page: if the archive has it under a URL by another parser, that is kept.
    """
    pages = pages_of(new)
    known = ids_of(conn, "pages", "url", pages)
    numbers = {number: url for url, number in pages.items() if number and url not in known}
    for number, page_id in conn.execute(_BY_NUMBER, (json_list(numbers),)):
        known[numbers[number]] = page_id
    fresh = new_ids(conn, "pages", known, pages)
    conn.executemany(_INSERT_PAGE, [(page_id, url, pages[url]) for url, page_id in fresh.items()])
    return known | fresh


def write_articles(
    conn: sqlite3.Connection, new: Sequence[Prepared], pages: Mapping[str, int]
) -> tuple[dict[str, int], set[int]]:
    """Add new texts and index them; return the ids of all by digest, and the new ids."""
    texts: dict[str, Prepared] = {}
    best: dict[str, ArticleRows] = {}
    for item in new:
        if text := item.article:
            texts.setdefault(text.digest, item)
            other = best.setdefault(text.digest, text)
            if other is not text and text.shape < other.shape:
                best[text.digest] = text
    known = ids_of(conn, "articles", "digest", texts)
    fresh = new_ids(conn, "articles", known, texts)
    if fresh:
        rows = [
            (
                article_id,
                pages[page.url] if (page := texts[digest].page) else None,
                *_values(best[digest]),
                *best[digest].claim,
                *plain_date(texts[digest]),
            )
            for digest, article_id in fresh.items()
        ]
        insert_credits(
            conn,
            [Signed(best[digest].claim.byline, best[digest].claim.agency) for digest in fresh],
        )
        # One statement for a batch indexes and counts faster than triggers do (docs/design.md).
        with (
            without_trigger(conn, "articles_fts_insert"),
            without_trigger(conn, "article_counts_insert"),
        ):
            conn.executemany(_INSERT_ARTICLE, rows)
            conn.execute(_INDEX, (json_list(fresh.values()),))
            count_new(conn, fresh.values())
        insert_mentions(
            conn, [(article_id, best[digest].mentions) for digest, article_id in fresh.items()]
        )
        insert_tables(
            conn, [(article_id, best[digest].tables) for digest, article_id in fresh.items()]
        )
    reshaped = _reshape(conn, {known[digest]: best[digest] for digest in known})
    ids = {digest: article_id for digest, article_id in known.items() if article_id in reshaped}
    write_likenesses(
        conn,
        {article_id: best[digest].sketch for digest, article_id in (fresh | ids).items()},
        reshaped,
    )
    return known | fresh, set(fresh.values())


def _mentions(
    text: ArticleRows, headline: str | None, summary: str | None
) -> tuple[MentionRow, ...]:
    """Return the mentions of a text with the stored headline and summary of the article."""
    if (text.claim.headline, text.claim.summary) == (headline, summary):
        return text.mentions
    return mention_rows(headline, summary, text.body)


def _values(text: ArticleRows) -> tuple[object, ...]:
    """Return the values for TEXT_COLUMNS."""
    return text.digest, text.dateline, text.word_count, text.body


def _reshape(conn: sqlite3.Connection, texts: Mapping[int, ArticleRows]) -> set[int]:
    """Update stored texts to the form in a new capture if that is preferred (`TextShape`).

    Returns the updated articles.
    """
    stored = conn.execute(
        f"select id, dateline, body, headline, summary from articles where id in {AMONG}",
        (json_list(texts),),
    ).fetchall()
    tables = stored_tables(conn, texts)
    better = {
        article_id: (texts[article_id], headline, summary)
        for article_id, dateline, body, headline, summary in stored
        if texts[article_id].shape < text_shape(body, dateline, tables.get(article_id, ()))
    }
    conn.executemany(
        "update articles set dateline = ?, word_count = ?, body = ? where id = ?",
        [(*_values(text)[1:], article_id) for article_id, (text, *_) in better.items()],
    )
    # Mentions must match the stored form.
    replace_mentions(
        conn, [(article_id, _mentions(*found)) for article_id, found in better.items()]
    )
    conn.executemany("delete from article_tables where article_id = ?", [(key,) for key in better])
    insert_tables(conn, [(article_id, text.tables) for article_id, (text, *_) in better.items()])
    return set(better)


def write_tags(
    conn: sqlite3.Connection, new: Sequence[Prepared], articles: Mapping[str, int]
) -> None:
    """Add the topic tags of these articles; tags of a text's captures are merged."""
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


# Captures of one text may place or link a teaser differently. The smallest position and the page
# with the smallest URL win, whatever the order of loading.
_WRITE_TEASER: Final = """
insert into teasers (article_id, position, headline, page_id) values (?, ?, ?, ?)
on conflict (article_id, headline) do update set
    position = min(position, excluded.position),
    page_id = (
        select id from pages where id in (teasers.page_id, excluded.page_id) order by url limit 1
    )
where excluded.position < position or excluded.page_id is not page_id
"""


def write_teasers(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    articles: Mapping[str, int],
    pages: Mapping[str, int],
) -> None:
    """Add the teasers of these articles."""
    conn.executemany(
        _WRITE_TEASER,
        [
            (
                articles[item.article.digest],
                teaser.position,
                teaser.headline,
                pages[teaser.page.url] if teaser.page else None,
            )
            for item in new
            if item.article
            for teaser in item.article.teasers
        ],
    )


# If several links lead to one page, the smallest words win.
_WRITE_TEXT_LINK: Final = """
insert into text_links (article_id, page_id, words) values (?, ?, ?)
on conflict (article_id, page_id) do update set words = excluded.words
where excluded.words < words
"""


def write_text_links(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    articles: Mapping[str, int],
    pages: Mapping[str, int],
) -> None:
    """Add the links within sentences of these articles; links of a text's captures are merged."""
    conn.executemany(
        _WRITE_TEXT_LINK,
        [
            (articles[item.article.digest], pages[link.page.url], link.words)
            for item in new
            if item.article
            for link in item.article.text_links
        ],
    )
