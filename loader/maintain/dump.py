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
        select boards.digest, trading_day_id, index_day_id, first_captured_at,
            last_captured_at, quotes, advancers, decliners, unchanged, is_pre_open,
            is_one_line, is_stale
        from boards
    """,
    "quotes": """
        select boards.digest, position, symbol, direction, price, change, percent,
            previous_price, sign_ok, percent_ok, percent_error, limit_ok
        from quotes
        join boards on boards.id = quotes.board_id
        join instruments on instruments.id = quotes.instrument_id
    """,
    "sessions": "select date, opens_at, settled_at, source from sessions",
    "session_changes": "select date, is_open, source from session_changes",
    "closes": "select symbol, date, close, source from closes",
    "stated_closes": """
        select digest, span_start, span_end, symbol, value, date_from, date
        from stated_closes join articles on articles.id = stated_closes.article_id
    """,
    "trading_days": """
        select date, basis, trading_days.boards, trading_days.first_captured_at,
            trading_days.last_captured_at, last_boards.digest, index_boards.digest,
            previous_date, next_date, sessions_since_previous
        from trading_days
        left join boards as last_boards on last_boards.id = last_board_id
        left join boards as index_boards on index_boards.id = index_board_id
    """,
    "board_groups": """
        select digest, boards, kse100_low, kse100_high, kse30_low, kse30_high, br100_low,
            br100_high, br30_low, br30_high, trading_day_id, basis, reason, candidates
        from board_groups
    """,
    "board_indices": """
        select boards.digest, board_groups.digest, kse100, kse30, br100, br30, kse100_base,
            kse30_base, br100_base, br30_base, share_prices, share_bases
        from board_indices
        join boards on boards.id = board_indices.board_id
        left join board_groups on board_groups.id = board_indices.group_id
    """,
    "group_links": """
        select min(board_groups.digest, next_groups.digest),
            max(board_groups.digest, next_groups.digest),
            case when group_links.kind <> 'twin' then board_groups.digest end,
            group_links.kind, indices, shares_equal, shares_common
        from group_links
        join board_groups on board_groups.id = group_links.group_id
        join board_groups as next_groups on next_groups.id = group_links.next_group_id
    """,
    "day_witnesses": """
        select board_groups.digest, boards.digest, day_witnesses.kind, date_from, date,
            captures, weight, detail, articles.digest, span_start, span_end, accepted
        from day_witnesses
        join board_groups on board_groups.id = day_witnesses.group_id
        left join boards on boards.id = day_witnesses.board_id
        left join articles on articles.id = day_witnesses.article_id
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
    "revisits": """
        select captured_at, revisits.url, refers_to_at, refers_to_url, pages.url, targets.url,
            location, source_offset
        from revisits
        join sources on sources.id = revisits.source_id
        left join pages on pages.id = revisits.page_id
        left join pages as targets on targets.id = revisits.target_page_id
    """,
    "listings": """
        select snapshots.digest, position, pages.url, headline, summary, listed_at
        from listings
        join snapshots on snapshots.id = listings.snapshot_id
        left join pages on pages.id = listings.page_id
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
    tables = {name: sorted(row_lines(conn, name)) for name in _QUERIES}
    tables["raw_captures"] = sorted(_raw_lines(conn))
    return tables


def row_lines(conn: sqlite3.Connection, table: str) -> Iterator[str]:
    """The rows of one table as lines, in no order."""
    for row in conn.execute(_QUERIES[table]):
        yield repr(tuple(row))


def _raw_lines(conn: sqlite3.Connection) -> Iterator[str]:
    reader = RawReader(conn)
    for snapshot_id, digest, media_type, charset in conn.execute(
        "select snapshot_id, digest, media_type, charset"
        " from raw_captures join snapshots on snapshots.id = raw_captures.snapshot_id"
    ):
        content = hashlib.sha256(reader.read(snapshot_id)).hexdigest()
        yield repr((digest, media_type, charset, content))
