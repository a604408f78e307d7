"""Write the stories of listing pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from loader.rows.records import Prepared

# A copy shared without texts has no summaries; a complete copy of the capture adds them.
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
    """Add the listed stories of new captures; `pages` has the ids of the linked pages."""
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
