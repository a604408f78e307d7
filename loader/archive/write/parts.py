"""Write parts of articles besides their text: tables, pictures, pages of authors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from loader.archive.ids import AMONG, insert_into, json_list
from loader.rows.records import AuthorRow, ImageRow, Prepared, TableRow

_INSERT_TABLE: Final = insert_into("article_tables", ("article_id", *TableRow._fields))
_TABLES: Final = f"""
select article_id, {", ".join(TableRow._fields)}
from article_tables where article_id in {AMONG} order by article_id, number
"""
# Captures of one text may describe a picture or an author differently. The smallest text wins,
# whatever the order of loading. A copy shared without texts has no captions.
_WRITE_IMAGE: Final = (
    insert_into("article_images", ("article_id", *ImageRow._fields))
    + """
on conflict (article_id, url) do update set caption = excluded.caption
where caption is null and excluded.caption is not null or excluded.caption < caption
"""
)
_WRITE_AUTHOR: Final = (
    insert_into("article_authors", ("article_id", *AuthorRow._fields))
    + """
on conflict (article_id, name) do update set url = excluded.url where excluded.url < url
"""
)


def insert_tables(
    conn: sqlite3.Connection, texts: Iterable[tuple[int, Sequence[TableRow]]]
) -> None:
    """Add the tables of articles without any, given by id."""
    rows = [(article_id, *table) for article_id, tables in texts for table in tables]
    if rows:
        conn.executemany(_INSERT_TABLE, rows)


def stored_tables(
    conn: sqlite3.Connection, article_ids: Iterable[int]
) -> dict[int, tuple[TableRow, ...]]:
    """Return the tables of those of these articles that have any."""
    found = conn.execute(_TABLES, (json_list(article_ids),))
    return {
        article_id: tuple(TableRow._make(row[1:]) for row in rows)
        for article_id, rows in groupby(found, key=lambda row: row[0])
    }


def write_parts(
    conn: sqlite3.Connection, new: Sequence[Prepared], articles: Mapping[str, int]
) -> None:
    """Add the pictures of these articles and their authors' pages."""
    shown = [(articles[item.article.digest], item.article) for item in new if item.article]
    images = [(key, *image) for key, article in shown for image in article.images]
    authors = [(key, *author) for key, article in shown for author in article.authors]
    if images:
        conn.executemany(_WRITE_IMAGE, images)
    if authors:
        conn.executemany(_WRITE_AUTHOR, authors)
