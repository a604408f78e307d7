"""Read the key figures of a symbol's page: previous price, range, days, last capture, peers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from loader.web.charts.series import is_sound
from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.pages.symbol_view import Shown

MOST_UNDATED: Final = 50


@dataclass(frozen=True, slots=True)
class Basics:
    """Key figures of a period with at least one day, in rupees or points.

    `previous_price` is the base of the last day's change. `previous_day` is its session, None if
    the archive does not know the previous session.
    """

    last_price: float
    last_day: str
    previous_price: float
    previous_day: str | None
    high: float
    high_day: str
    high_held: bool
    low: float
    low_day: str
    low_held: bool
    day_count: int
    failed_count: int
    last_captured_at: str | None
    last_snapshot_id: int | None


async def read_basics(archive: ArchiveDb, shown: Shown) -> Basics | None:
    """Return the key figures of an instrument in a period; None without a day in it."""
    if not shown.rows:
        return None
    last = shown.rows[-1]
    low, high = (pick(shown.rows, key=lambda row: row["price"]) for pick in (min, max))
    capture = await archive.row("last_capture", {"board_id": last["board_id"]}) or {}
    return Basics(
        last_price=last["price"],
        last_day=last["date"],
        previous_price=last["previous_price"],
        previous_day=last["previous_date"] if last["sessions_since_previous"] == 1 else None,
        high=high["price"],
        high_day=high["date"],
        high_held=is_sound(high),
        low=low["price"],
        low_day=low["date"],
        low_held=is_sound(low),
        day_count=len(shown.rows),
        failed_count=sum(not is_sound(row) for row in shown.rows),
        last_captured_at=capture.get("captured_at"),
        last_snapshot_id=capture.get("id"),
    )


async def read_peers(archive: ArchiveDb, shown: Shown) -> list[Row]:
    """Return symbol and name of the other shares of its sector, or of the other indices."""
    instrument = shown.instrument.row
    symbols = await archive.cached("symbols", lambda: archive.rows("symbols"))
    names = {row["symbol"]: row["name"] for row in symbols}
    if shown.instrument.is_index:
        peers = [row["symbol"] for row in symbols if row["kind"] == "index"]
    elif instrument["sector"] is None:
        return []
    else:
        rows = await archive.rows("sector_instruments", {"sector": instrument["sector"]})
        peers = [row["symbol"] for row in rows]
    return [
        {"symbol": symbol, "name": names.get(symbol)}
        for symbol in peers
        if symbol not in shown.symbols
    ]


async def read_other_days(archive: ArchiveDb, shown: Shown) -> dict[str, Any]:
    """Return the data of an instrument outside of a period in which it has no day.

    `known_days` are the first and last day outside of the period. Without any, `undated` has the
    newest quotes on boards without a day. Both are empty if there are days in the period.
    """
    if shown.rows:
        return {"known_days": None, "undated": []}
    ids = json.dumps(shown.instrument.ids)
    days = await archive.row("symbol_days", {"ids": ids, "kind": shown.instrument.row["kind"]})
    if days and days["first_day"]:
        return {"known_days": days, "undated": []}
    asked = {"ids": ids, "limit": MOST_UNDATED}
    return {"known_days": None, "undated": await archive.rows("undated_quotes", asked)}
