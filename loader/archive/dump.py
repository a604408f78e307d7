"""What an archive says, by natural keys: equal for equal content, whatever the ids.

Two archives of the same captures have the same dump, in whatever order, batches or files
they were loaded; tests and `merge` rely on it. Loads are left out: they tell when this
file was made, not what it holds.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator

from loader.archive.raw import RawReader

_QUERIES: dict[str, str] = {
    "sources": "select location, kind from sources",
    "pages": "select url, news_id from pages",
    "instruments": "select symbol, kind, name, sector from instruments",
    "boards": """
        select boards.digest, trading_days.date, first_captured_at, last_captured_at, quotes,
            advancers, decliners, unchanged, is_pre_open, is_one_line, is_stale
        from boards left join trading_days on trading_days.id = boards.trading_day_id
    """,
    "quotes": """
        select boards.digest, position, symbol, direction, price, change, percent,
            previous_price, sign_ok, percent_ok, percent_error, limit_ok
        from quotes
        join boards on boards.id = quotes.board_id
        join instruments on instruments.id = quotes.instrument_id
    """,
    "articles": """
        select digest, url, headline, section, byline, agency, dateline, published_at,
            updated_at, print_date, word_count, tags_line, caption, summary, body
        from articles left join pages on pages.id = articles.page_id
    """,
    "article_claims": """
        select digest, article_claims.headline, article_claims.section, article_claims.byline,
            article_claims.agency, article_claims.published_at, article_claims.updated_at,
            article_claims.print_date, article_claims.tags_line, article_claims.caption,
            article_claims.summary
        from article_claims join articles on articles.id = article_claims.article_id
    """,
    "article_tags": """
        select digest, name
        from article_tags
        join articles on articles.id = article_tags.article_id
        join tags on tags.id = article_tags.tag_id
    """,
    "mentions": """
        select digest, symbol, count
        from mentions
        join articles on articles.id = mentions.article_id
        join instruments on instruments.id = mentions.instrument_id
    """,
    "teasers": """
        select digest, position, teasers.headline, url
        from teasers
        join articles on articles.id = teasers.article_id
        left join pages on pages.id = teasers.page_id
    """,
    "snapshots": """
        select snapshots.digest, pages.url, boards.digest, articles.digest, captured_at,
            captured_basis, masthead_date, corpus_date, layout, snapshots.url, location,
            source_offset
        from snapshots
        left join pages on pages.id = snapshots.page_id
        left join boards on boards.id = snapshots.board_id
        left join articles on articles.id = snapshots.article_id
        join sources on sources.id = snapshots.source_id
    """,
    "covid_counters": """
        select digest, deaths, deaths_24h, cases, cases_24h, positivity_percent, provinces
        from covid_counters join snapshots on snapshots.id = covid_counters.snapshot_id
    """,
    "problems": """
        select problems.kind, detail, excerpt, location, problems.source_offset, snapshots.digest,
            articles.digest
        from problems
        left join sources on sources.id = problems.source_id
        left join snapshots on snapshots.id = problems.snapshot_id
        left join articles on articles.id = problems.article_id
    """,
}


def dump(conn: sqlite3.Connection) -> dict[str, list[str]]:
    """Each table's rows as sorted lines, raw captures as the digest of their exact bytes."""
    tables = {name: sorted(map(repr, conn.execute(sql))) for name, sql in _QUERIES.items()}
    tables["raw_captures"] = sorted(_raw_lines(conn))
    return tables


def _raw_lines(conn: sqlite3.Connection) -> Iterator[str]:
    reader = RawReader(conn)
    for snapshot_id, digest, media_type, charset in conn.execute(
        "select snapshot_id, digest, media_type, charset"
        " from raw_captures join snapshots on snapshots.id = raw_captures.snapshot_id"
    ):
        content = hashlib.sha256(reader.read(snapshot_id)).hexdigest()
        yield repr((digest, media_type, charset, content))
