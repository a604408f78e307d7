"""How each table is treated when archives are merged, shared, reparsed or verified.

A test fails for a table that is missing here, so that whoever adds one has to decide.
"""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import Final


class Travels(Enum):
    """The origin of a table's rows, which decides how they get into another archive."""

    CAPTURES = "merged by natural keys; reparsed from raw captures"
    BROUGHT = "merged as the user supplied it; left out of shared copies unless requested"
    INFERRED = "computed again after a merge"
    FACTS = "the loader's own, the same in every archive"
    BOOKKEEPING = "about this file rather than its content"


TABLES: Final = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "article_authors", "article_claims", "article_images", "article_tables",
                "article_tags", "articles", "boards", "covid_counters",
                "instruments", "listings", "loads", "mention_spans", "mentions", "pages",
                "problems", "quotes", "raw_captures", "raw_dictionaries", "revisits", "snapshots",
                "sources", "tags", "teasers", "text_links",
            ),
            Travels.CAPTURES,
        ),
        **dict.fromkeys(("closes", "session_overrides"), Travels.BROUGHT),
        **dict.fromkeys(
            (
                "article_counts", "article_likenesses", "article_sketches", "articles_fts",
                "board_groups", "board_indices", "credits", "crowded_sketches", "dating_state",
                "day_witnesses", "group_links", "sessions", "stated_closes", "stated_moves",
                "stated_values", "text_versions", "trading_days", "version_forms",
            ),
            Travels.INFERRED,
        ),
        "instrument_events": Travels.FACTS,
        **dict.fromkeys(
            ("_sqlite_migrations", "provenance", "read_sources"), Travels.BOOKKEEPING
        ),
    }
)  # fmt: skip
