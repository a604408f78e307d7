"""Choose the initial query of an archive's SQL editor."""

from __future__ import annotations

import sqlite3
from typing import Final

from datasette.database import QueryInterrupted

from loader.web.data.archive_db import ArchiveDb

_QUERIES: Final = (
    """-- Which shares moved most on the latest board?
select symbol, name, price, percent, trading_day
from latest_board
where kind = 'share'
order by abs(percent) desc, symbol
limit 20""",
    """-- Which articles are the newest?
select article_date, title, section
from article_list
order by article_date desc, id desc
limit 20""",
    """-- What did each load add?
select * from load_report""",
)


async def first_query(archive: ArchiveDb) -> str | None:
    """Return the first of our example queries with a result; None if all are empty."""
    return await archive.cached("first_query", lambda: _first_answered(archive))


async def _first_answered(archive: ArchiveDb) -> str | None:
    for query in _QUERIES:
        try:
            if (await archive.database.execute(query)).rows:
                return query
        except (QueryInterrupted, sqlite3.OperationalError):  # too slow, or an older schema
            continue
    return None
