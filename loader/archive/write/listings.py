"""Writing the stories that listing pages name."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from loader.rows.records import Prepared

# A copy shared without texts has no summaries: they come with a fuller copy of the capture.
_WRITE = """
insert into listings (snapshot_id, position, page_id, headline, summary, listed_at)
values (?, ?, ?, ?, ?, ?)
on conflict (snapshot_id, position) do update set summary = excluded.summary
where listings.summary is null
"""


def write_listings(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    pages: Mapping[str, int],
    snapshots: Mapping[str, int],
) -> None:
    """Add the listed stories of new captures; `pages` holds the ids of those they link to."""
    conn.executemany(
        _WRITE,
        [
            (
                snapshots[item.digest],
                listing.position,
                pages[listing.page.url] if listing.page else None,
                listing.headline,
                listing.summary,
                listing.listed_at,
            )
            for item in new
            for listing in item.listings
        ],
    )
