"""Store the versions of pages, computed from the texts in the captures of each page.

The rule is in loader/articles. Versions are stored for pages with more than one text, and depend on
the content of the archive but not on the order of loading.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from loader.archive.ids import AMONG, in_chunks, insert_into, json_list
from loader.articles.compare import Text, lines_apart
from loader.articles.versions import Seen, Version, find_versions

_AT_ONCE: Final = 2000  # pages or articles
_COLUMNS: Final = (
    "page_id", "version", "article_id", "headline", "published_at", "updated_at", "first_seen_at",
    "last_seen_at", "headline_changed", "body_changed", "dates_changed", "words_added",
    "words_removed", "is_silent",
)  # fmt: skip
_FORM: Final = ("page_id", "version", "article_id")
_Row = tuple[object, ...]


class _Rows(NamedTuple):
    """The rows of a page in text_versions and version_forms."""

    versions: list[_Row]
    forms: list[_Row]


_INSERT_VERSION: Final = insert_into("text_versions", _COLUMNS)
_INSERT_FORM: Final = insert_into("version_forms", _FORM)

_PAGES: Final = f"""
select distinct page_id from snapshots
where article_id in {AMONG} and page_id is not null
"""
_ALL_PAGES: Final = "select distinct page_id from snapshots where page_id is not null"
# A claim belongs to one text, so a page with one claim has one text.
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
# Copies shared without texts keep the versions computed from these.
_LEFT_OUT: Final = f"""
select exists (
    select 1 from articles where id in {AMONG} and body = '' and word_count > 0
)
"""


def settle_versions(conn: sqlite3.Connection, article_ids: Iterable[int] | None = None) -> None:
    """Update the versions of the pages of these articles, or of all pages.

    Writes only differences, in the caller's transaction.
    """
    for chunk in in_chunks(sorted(_pages_of(conn, article_ids)), _AT_ONCE):
        several = [row[0] for row in conn.execute(_OF_SEVERAL, (json_list(chunk),))]
        versions = _stored(conn, "text_versions", _COLUMNS, chunk)
        forms = _stored(conn, "version_forms", _FORM, chunk)
        _delete(conn, versions.keys() - set(several))
        for page_id in several:
            found = _settle(conn, page_id)
            stored = _Rows(versions.get(page_id, []), forms.get(page_id, []))
            if found is None or found == stored:
                continue
            if stored.versions:
                _delete(conn, (page_id,))
            conn.executemany(_INSERT_VERSION, found.versions)
            conn.executemany(_INSERT_FORM, found.forms)


def _pages_of(conn: sqlite3.Connection, article_ids: Iterable[int] | None) -> set[int]:
    if article_ids is None:
        return {row[0] for row in conn.execute(_ALL_PAGES)}
    return {
        row[0]
        for chunk in in_chunks(list(article_ids), _AT_ONCE)
        for row in conn.execute(_PAGES, (json_list(chunk),))
    }


def _settle(conn: sqlite3.Connection, page_id: int) -> _Rows | None:
    """Return the rows of a page; None if its texts were left out, so that it keeps its rows."""
    captures = list(_captures(conn, page_id))
    texts = json_list({seen.article_id for seen in captures})
    if conn.execute(_LEFT_OUT, (texts,)).fetchone()[0]:
        return None

    def read(article_id: int) -> Text:
        dateline, body, tags_line, summary = conn.execute(_TEXT, (article_id,)).fetchone()
        apart = [tuple(row) for row in conn.execute(_TEASERS, (article_id,))]
        return Text(dateline, body, lines_apart(apart, tags_line), summary)

    versions = find_versions(captures, read)
    forms: list[_Row] = [
        (page_id, version.version, article_id)
        for version in versions
        for article_id in version.forms
    ]
    if len(versions) == 1 and not forms:
        return _Rows([], [])  # the view computes pages of one text
    return _Rows([_row(page_id, version) for version in versions], forms)


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
    conn: sqlite3.Connection, table: str, columns: Sequence[str], pages: Sequence[int]
) -> dict[int, list[_Row]]:
    """Return the rows of these pages by page, in the order of their keys."""
    found: dict[int, list[_Row]] = {}
    names = ", ".join(columns)
    for row in conn.execute(
        f"select {names} from {table} where page_id in {AMONG} order by {names}",
        (json_list(pages),),
    ):
        found.setdefault(row[0], []).append(tuple(row))
    return found


def _delete(conn: sqlite3.Connection, pages: Iterable[int]) -> None:
    for page_id in pages:
        conn.execute("delete from version_forms where page_id = ?", (page_id,))
        conn.execute("delete from text_versions where page_id = ?", (page_id,))


def _captures(conn: sqlite3.Connection, page_id: int) -> Iterator[Seen]:
    for *values, caption, byline in conn.execute(_CAPTURES, (page_id,)):
        around = [*(caption or "").splitlines(), byline or ""]
        yield Seen._make((*values, tuple(filter(None, around))))
