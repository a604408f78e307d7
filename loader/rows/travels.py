"""How each table travels when archives are merged, shared, parsed again or verified.

A table that is not named here fails a test: whoever adds one decides.
"""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import Final


class Travels(Enum):
    """Where the rows of a table come from, and so how they come into another archive."""

    CAPTURES = "merged by natural keys; parsed again from raw captures"
    BROUGHT = "merged as the user brought it; left out of shared copies unless asked for"
    INFERRED = "worked out again from what was merged"
    FACTS = "the loader's own, the same in every archive"
    BOOKKEEPING = "about this file, not what it holds"


TABLES: Final = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "article_authors", "article_claims", "article_images", "article_tables",
                "article_tags", "articles", "boards", "covid_counters",
                "instruments", "listings", "loads", "mention_spans", "mentions", "pages",
                "problems", "quotes", "raw_captures", "raw_dictionaries", "revisits", "snapshots",
                "sources", "tags", "teasers",
            ),
            Travels.CAPTURES,
        ),
        **dict.fromkeys(("closes", "session_overrides"), Travels.BROUGHT),
        **dict.fromkeys(
            (
                "article_likenesses", "article_sketches", "articles_fts", "board_groups",
                "board_indices", "credits", "crowded_sketches", "dating_state", "day_witnesses",
                "group_links", "sessions", "stated_closes", "stated_moves", "stated_values",
                "text_versions", "trading_days", "version_forms",
            ),
            Travels.INFERRED,
        ),
        "instrument_events": Travels.FACTS,
        **dict.fromkeys(
            ("_sqlite_migrations", "provenance", "read_sources"), Travels.BOOKKEEPING
        ),
    }
)  # fmt: skip
