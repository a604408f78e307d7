"""Read closing prices of shares among stated values, for given groups and days."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from loader.archive.dating.links import ShareBook
from loader.archive.ids import json_list
from loader.market.model import Passage, Witness
from loader.market.sessions import Sessions
from loader.market.share_closes import StatedShares, weigh_shares

_CACHED: Final = 64  # days

# Values with a certain day, of shares on boards.
_STATED: Final = """
select instruments.id, value_hundredths, articles.digest, span_start, span_end
from json_each(?) as shares
join instruments on instruments.id = shares.value
join stated_values on stated_values.symbol = instruments.symbol
    and date_to = ? and date_from = date_to and measure = 'close'
join articles on articles.id = article_id
order by articles.digest, span_start
"""


def share_closes_in(
    conn: sqlite3.Connection, sessions: Sessions
) -> Callable[[int, int], Witness | None] | None:
    """Return a function that weighs a group's share bases against the closes before a day.

    None if no article of the archive states a value.
    """
    (has_values,) = conn.execute("select exists (select 1 from stated_values)").fetchone()
    if not has_values:
        return None
    book = ShareBook(conn)
    shares = json_list(
        row[0] for row in conn.execute("select id from instruments where kind <> 'index'")
    )

    @lru_cache(maxsize=_CACHED)
    def stated(session: int) -> StatedShares | None:
        closes: dict[int, list[int]] = {}
        source: Passage | None = None
        for key, value, *passage in conn.execute(_STATED, (shares, sessions.days[session])):
            closes.setdefault(key, []).append(value)
            source = source or Passage._make(passage)
        return StatedShares(closes, source) if source else None

    def weigh(group: int, day: int) -> Witness | None:
        found = stated(day - 1) if 0 < day < len(sessions) else None
        return weigh_shares(day, book.bases(group), found) if found else None

    return weigh
