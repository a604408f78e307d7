"""Find the newest articles of a period that name an instrument, under any of its symbols."""

from __future__ import annotations

from typing import Final

from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.prices import Instrument

MOST_ARTICLES: Final = 200
_FEW_MENTIONS: Final = 2000  # up to this number they are read and sorted by date


async def symbol_articles(archive: ArchiveDb, instrument: Instrument, rows: list[Row]) -> list[Row]:
    """Return id, headline, date and mention_count, newest first; `rows` are the period's prices."""
    if not rows:
        span_dates = {"first_date": "0001", "last_date": "9999"}
    else:
        span_dates = {"first_date": rows[0]["date"], "last_date": rows[-1]["date"]}
    found: list[Row] = []
    for instrument_id in instrument.ids:
        asked = {"instrument_id": instrument_id, "limit": MOST_ARTICLES, **span_dates}
        few = await archive.has_at_most(_FEW_MENTIONS, "mentions_count", asked)
        found += await archive.rows("symbol_mentions" if few else "symbol_mentions_common", asked)
    found.sort(key=lambda row: (row["date"], row["id"]), reverse=True)
    return found[:MOST_ARTICLES]
