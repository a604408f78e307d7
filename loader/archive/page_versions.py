"""Versions of pages: worked out from the texts that captures of each page show.

The rule is loader/articles. It is settled here and nowhere else, of pages that have more than one
text, and follows from what the archive holds, whatever the order in which it came.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from loader.archive.ids import AMONG, in_chunks, insert_into, json_list
from loader.articles.versions import Seen, Text, Version, find_versions, lines_apart

_AT_ONCE: Final = 2000
_COLUMNS: Final = (
    "page_id", "version", "article_id", "headline", "published_at", "updated_at", "first_seen_at",
    "last_seen_at", "headline_changed", "body_changed", "dates_changed", "words_added",
    "words_removed", "is_silent",
)  # fmt: skip
_FORM: Final = ("article_id", "page_id", "version")
_Row = tuple[object, ...]

_PAGES: Final = f"""
select distinct page_id from snapshots
where article_id in {AMONG} and page_id is not null
"""
_ALL_PAGES: Final = "select distinct page_id from snapshots where page_id is not null"
# A claim belongs to one text, so that a page of one claim has one text.
_OF_SEVERAL: Final = f"""
select page_id from snapshots
where page_id in {AMONG} and claim_id is not null
group by page_id
having min(claim_id) < max(claim_id)
order by page_id
"""
_CAPTURES: Final = """
select
    articles.id, articles.digest, article_claims.headline, article_claims.published_at,
    article_claims.updated_at, min(snapshots.captured_at), max(snapshots.captured_at),
    coalesce(article_claims.updated_at, article_claims.published_at, article_claims.print_date,
        min(snapshots.corpus_date)),
    max(snapshots.layout in ('html', 'html-amp')),
    article_claims.caption, article_claims.byline
from snapshots
join article_claims on article_claims.id = snapshots.claim_id
join articles on articles.id = snapshots.article_id
where snapshots.page_id = ?
group by article_claims.id
order by article_claims.id
"""
_TEASERS: Final = "select position, headline from teasers where article_id = ?"
_TEXT: Final = "select dateline, body, tags_line, summary from articles where id = ?"
# Copies made without texts keep what was worked out from them.
_LEFT_OUT: Final = f"""
select exists (
    select 1 from articles where id in {AMONG} and body = '' and word_count > 0
)
"""


def settle_versions(conn: sqlite3.Connection, article_ids: Iterable[int] | None = None) -> None:
    """Settle the versions of all pages that show these articles; of all pages without ids.

    Writes only what differs, in the caller's transaction.
    """
    for chunk in in_chunks(sorted(_touched(conn, article_ids)), _AT_ONCE):
        among = (json_list(chunk),)
        several = [row[0] for row in conn.execute(_OF_SEVERAL, among)]
        stored = {
            row[0]
            for row in conn.execute(
                f"select distinct page_id from text_versions where page_id in {AMONG}", among
            )
        }
        _write(conn, stored - set(several), [], [])
        for page_id in several:
            _settle(conn, page_id)


def _touched(conn: sqlite3.Connection, article_ids: Iterable[int] | None) -> set[int]:
    if article_ids is None:
        return {row[0] for row in conn.execute(_ALL_PAGES)}
    return {
        row[0]
        for chunk in in_chunks(list(article_ids), _AT_ONCE)
        for row in conn.execute(_PAGES, (json_list(chunk),))
    }


def _settle(conn: sqlite3.Connection, page_id: int) -> None:
    captures = list(_captures(conn, page_id))
    texts = json_list({seen.article_id for seen in captures})
    if conn.execute(_LEFT_OUT, (texts,)).fetchone()[0]:
        return

    def read(article_id: int) -> Text:
        dateline, body, tags_line, summary = conn.execute(_TEXT, (article_id,)).fetchone()
        apart = [tuple(row) for row in conn.execute(_TEASERS, (article_id,))]
        return Text(dateline, body, lines_apart(apart, tags_line), summary)

    versions = find_versions(captures, read)
    rows = [_row(page_id, version) for version in versions]
    forms: list[_Row] = [
        (article_id, page_id, version.version)
        for version in versions
        for article_id in version.forms
    ]
    if len(versions) == 1 and not forms:
        rows = []  # as the view makes it of any page of one text
    if rows != _stored(conn, "text_versions", _COLUMNS, page_id) or sorted(forms) != _stored(
        conn, "version_forms", _FORM, page_id
    ):
        _write(conn, {page_id}, rows, forms)


def _row(page_id: int, version: Version) -> _Row:
    values = version._asdict()
    return (
        page_id,
        *(
            int(value) if isinstance(value := values[name], bool) else value
            for name in _COLUMNS[1:]
        ),
    )


def _stored(
    conn: sqlite3.Connection, table: str, columns: Sequence[str], page_id: int
) -> list[_Row]:
    names = ", ".join(columns)
    return [
        tuple(row)
        for row in conn.execute(
            f"select {names} from {table} where page_id = ? order by {names}", (page_id,)
        )
    ]


def _write(
    conn: sqlite3.Connection, pages: Iterable[int], rows: Sequence[_Row], forms: Sequence[_Row]
) -> None:
    """Write these rows in place of those that the pages have."""
    among = (json_list(pages),)
    conn.execute(f"delete from version_forms where page_id in {AMONG}", among)
    conn.execute(f"delete from text_versions where page_id in {AMONG}", among)
    conn.executemany(insert_into("text_versions", _COLUMNS), rows)
    conn.executemany(insert_into("version_forms", _FORM), forms)


def _captures(conn: sqlite3.Connection, page_id: int) -> Iterator[Seen]:
    for *values, caption, byline in conn.execute(_CAPTURES, (page_id,)):
        around = [*(caption or "").splitlines(), byline or ""]
        yield Seen._make((*values, tuple(filter(None, around))))
