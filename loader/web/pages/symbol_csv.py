"""`/symbol/OGDC/boards.csv`: all quotes of a symbol, streamed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.parameters import in_path
from loader.web.data.prices import Instrument
from loader.web.errors import Redirect
from loader.web.pages.page import Csv
from loader.web.pages.symbol_view import wanted_instrument
from loader.web.render.csv_cells import as_csv

_ROWS = 2000  # of a batch: takes a few milliseconds, and bounds the rows in memory
_KNOWN_DAYS = "and boards.trading_day_id >= :day"
_NO_DAY = "and boards.trading_day_id is null"
COLUMNS = (
    "symbol", "trading_day", "first_captured_at", "last_captured_at", "price", "change",
    "percent", "previous_price", "percent_ok", "sign_ok", "within_daily_limit", "board_id",
)  # fmt: skip


async def symbol_boards(archive: ArchiveDb, request: Any) -> Csv:
    """Return the whole history as CSV; an old symbol redirects to its successor."""
    wanted = in_path(request, "symbol")
    instrument = await wanted_instrument(archive, wanted)
    name = instrument.renamed_to or instrument.symbol
    if name != wanted:
        raise Redirect(f"/symbol/{name}/boards.csv")
    return Csv(f"{name}.csv", _pieces(archive, instrument))


async def _pieces(archive: ArchiveDb, instrument: Instrument) -> AsyncIterator[str]:
    yield as_csv([COLUMNS])
    async for rows in history(archive, instrument):
        yield as_csv([[row[name] for name in COLUMNS] for row in rows])


async def history(archive: ArchiveDb, instrument: Instrument) -> AsyncIterator[list[Row]]:
    """Yield quotes under this and earlier symbols, oldest first; boards without a day last."""
    for conditions in (_KNOWN_DAYS, _NO_DAY):
        place: dict[str, Any] = {"day": 0, "seen": None, "id": 0, "instrument_id": 0}
        while True:
            asked = {**place, "instrument_ids": json.dumps(instrument.ids), "limit": _ROWS}
            rows = await archive.rows("symbol_boards", asked, conditions)
            if rows:
                yield rows
            if len(rows) < _ROWS:
                break
            place = _place_of(rows[-1])


def _place_of(row: Row) -> dict[str, Any]:
    return {
        "day": row["trading_day_id"] or 0,
        "seen": row["first_captured_at"],
        "id": row["board_id"],
        "instrument_id": row["instrument_id"],
    }
