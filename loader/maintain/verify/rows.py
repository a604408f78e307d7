"""Rows that contradict each other, or that nothing needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from loader.maintain.verify.finding import Finding, Remedy
from loader.model import Article
from loader.page.digest import article_digest
from loader.rows.prepare import problem_row

_ORPHANS: Final = {
    "boards": "select count(*) from boards where not exists"
    " (select 1 from snapshots where board_id = boards.id)",
    "articles": "select count(*) from articles where not exists"
    " (select 1 from snapshots where article_id = articles.id)",
    "article_claims": "select count(*) from article_claims where not exists"
    " (select 1 from snapshots where claim_id = article_claims.id)",
    "tags": "select count(*) from tags where not exists"
    " (select 1 from article_tags where tag_id = tags.id)",
    "sources": "select count(*) from sources where not exists"
    " (select 1 from snapshots where source_id = sources.id) and not exists"
    " (select 1 from problems where source_id = sources.id) and not exists"
    " (select 1 from revisits where source_id = sources.id)",
}

# Each counts rows that cannot be as they are.
_CONTRADICTIONS: Final = {
    "boards whose counts are not those of their quotes": """
        select count(*) from boards
        where quotes <> (select count(*) from quotes where board_id = boards.id)
    """,
    "boards whose times are not those of their captures": """
        select count(*) from boards
        where (first_captured_at, last_captured_at) is not (
            select min(captured_at), max(captured_at) from snapshots where board_id = boards.id
        )
    """,
    "quotes whose base is not price less change": """
        select count(*) from quotes where abs(price - change - previous_price) > 0.005
    """,
    "quotes whose checksum flag does not follow from its error": """
        select count(*) from quotes
        where percent_ok <> coalesce(abs(percent_error) < 0.015, 0)
    """,
    "quotes that moved and are flat, or the reverse": """
        select count(*) from quotes
        where sign_ok and case direction
            when 'up' then change < 0 when 'down' then change > 0 else change <> 0
        end
    """,
    "snapshots whose claim is of another article": """
        select count(*) from snapshots
        join article_claims on article_claims.id = snapshots.claim_id
        where article_claims.article_id is not snapshots.article_id
    """,
    "texts whose claim is missing": """
        select count(*) from snapshots where article_id is not null and claim_id is null
    """,
}


def row_findings(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Orphans, contradictions, and texts and problems that do not have their digests."""
    reduced = " ".join(row[0] for row in conn.execute("select left_out from provenance"))
    for table, sql in _ORPHANS.items():
        (count,) = conn.execute(sql).fetchone()
        if count:
            yield Finding("orphans", f"{count} {table} that nothing needs", Remedy.REBUILD)
    for what, sql in _CONTRADICTIONS.items():
        if "quotes of other symbols" in reduced and what.startswith("boards whose counts"):
            continue
        (count,) = conn.execute(sql).fetchone()
        if count:
            yield Finding("rows", f"{count} {what}", Remedy.REBUILD)
    yield from _texts(conn)
    yield from _problems_without_capture(conn)


def _texts(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Articles whose text is not the one their digest stands for."""
    for article_id, digest, headline, dateline, body, words in conn.execute(
        "select id, digest, headline, dateline, body, word_count from articles"
    ):
        if not body and words:
            continue  # left out by `loader share --without text`
        if not body and headline is not None:
            texts = [row[0] for row in conn.execute(_HEADLINES, (article_id,))]
        else:
            texts = [headline]
        found = {article_digest(Article(body, headline=text, dateline=dateline)) for text in texts}
        if digest not in found:
            yield Finding(
                "articles", f"article {article_id} has not its text's digest", Remedy.REBUILD
            )


# A text without body is named by its headline, and captures may spell that differently.
_HEADLINES: Final = "select headline from article_claims where article_id = ?"

_REFUSED: Final = """
select problems.digest, problems.kind, detail, excerpt, location, source_offset
from problems
join sources on sources.id = problems.source_id
where snapshot_id is null and article_id is null
"""


def _problems_without_capture(conn: sqlite3.Connection) -> Iterator[Finding]:
    for digest, kind, detail, excerpt, location, offset in conn.execute(_REFUSED):
        identity = f"{location}\n{'' if offset is None else offset}"
        if problem_row(identity, kind, detail, excerpt).digest != digest:
            yield Finding(
                "problems", f"the problem {digest[:12]} is not as it was noted", Remedy.LOST
            )
