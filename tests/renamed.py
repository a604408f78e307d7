"""Names of schema 009 and what they were before, for docs/schema.md and CHANGELOG.md."""

from __future__ import annotations

from typing import Final

RENAMED: Final = (
    ("article_list.captures", "capture_count"),
    ("board_groups.boards", "board_count"),
    ("board_groups.kse100_low, kse100_high (and kse30, br100, br30)",
     "kse100_base_min_hundredths, kse100_base_max_hundredths"),
    ("board_indices.kse100, kse100_base (and kse30, br100, br30)",
     "kse100_hundredths, kse100_base_hundredths"),
    ("board_indices.share_prices, share_bases", "share_prices_hash, share_bases_hash"),
    ("boards.quotes", "quote_count"),
    ("boards.advancers, decliners, unchanged",
     "advancer_count, decliner_count, unchanged_count (in views too)"),
    ("boards.is_one_line", "is_single_quote"),
    ("boards.is_stale", "has_stale_shares"),
    ("daily_prices.agrees", "next_day_agrees"),
    ("daily_prices.boards, market_days.boards", "board_count"),
    ("day_witnesses.date", "date_to"),
    ("day_witnesses.captures", "capture_count"),
    ("day_witnesses.accepted", "is_accepted"),
    ("group_links.indices, shares_equal, shares_common",
     "index_count, equal_share_count, common_share_count"),
    ("loads.captures, snapshots, duplicates, problems (and load_report)",
     "capture_count, snapshot_count, duplicate_count, problem_count"),
    ("loads.loader_version, the part after “parsed again by”", "loads.parser_version"),
    ("mentions.count", "mention_count"),
    ("provenance.snapshots, boards, quotes, articles",
     "snapshot_count, board_count, quote_count, article_count"),
    ("quotes.limit_ok", "within_daily_limit"),
    ("read_sources.read_with", "options, parser_version"),
    ("revisits.url, snapshots.url", "reported_url"),
    ("session_changes (table)", "session_overrides"),
    ("stated_closes.date", "date_to"),
    ("trading_days.boards", "board_count"),
    ("undated_boards.quotes", "quote_count"),
    ("indexes snapshots_url, sources_kind, raw_captures_charset, closes_date, session_changes_open",
     "snapshots_reported_checksum, sources_kind_checksum, raw_captures_charset_checksum,"
     " closes_checksum, session_overrides_checksum"),
    ("loader load --again", "loader load --reread"),
)  # fmt: skip


def table() -> list[str]:
    """Return the lines of a Markdown table of old and new names."""
    return [
        "| before 009 | now |",
        "| --- | --- |",
        *(f"| {old} | {new} |" for old, new in RENAMED),
    ]
