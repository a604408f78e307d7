"""`/symbol/OGDC.json`: all days of a symbol's page as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from loader.web.data.archive_db import ArchiveDb
from loader.web.data.prices import Instrument
from loader.web.pages.own_closes import read_own_closes
from loader.web.pages.page import Page
from loader.web.pages.shown_data import COLUMNS, day_rows
from loader.web.pages.symbol_basics import read_basics, read_other_days, read_peers
from loader.web.pages.symbol_view import SymbolView, symbol_view

_EVENT = ("event", "old_symbol", "new_symbol", "date_from", "date_to", "source")


async def symbol_json(archive: ArchiveDb, request: Any) -> Page:
    """Return the rows of `/chart/symbol/OGDC.csv` as objects, with the page's key figures."""
    view = await symbol_view(archive, request, "/symbol/{}.json")
    return Page("", data=await _data(archive, view))


async def _data(archive: ArchiveDb, view: SymbolView) -> dict[str, Any]:
    instrument = view.main.instrument
    own = await read_own_closes(archive, (view.main,), *view.period.dates)
    rows = await day_rows(archive, view.shown, view.lines if view.others else ())
    basics = await read_basics(archive, view.main)
    return {
        **_named(instrument),
        "earlier_symbols": view.main.symbols[:-1],
        "events": [{name: event[name] for name in _EVENT} for event in instrument.events],
        "period": view.period.as_json(),
        "basics": asdict(basics) if basics else None,
        "peers": await read_peers(archive, view.main),
        **await read_other_days(archive, view.main),
        "compared_with": [_named(each.instrument) for each in view.others],
        "own_closes": [
            {
                "symbol": row["symbol"],
                "date": row["date"],
                "close": row["close_hundredths"] / 100,
                "source": row["source"],
            }
            for row in own.rows
        ],
        "days": [dict(zip(COLUMNS, row, strict=True)) for row in rows],
    }


def _named(instrument: Instrument) -> dict[str, Any]:
    row = instrument.row
    named = {name: row[name] for name in ("symbol", "name", "kind", "sector")}
    return {**named, "unit": instrument.unit}
