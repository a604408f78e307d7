"""Find instruments by symbol, and their daily prices across renames."""

from __future__ import annotations

from dataclasses import dataclass

from loader.web.data.archive_db import ArchiveDb, Row

_FIRST_DAY, _LAST_DAY = 0, 99991231
_RENAME = "rename"  # the only event after which an instrument continues under another symbol


@dataclass(frozen=True, slots=True)
class Instrument:
    """A symbol with its events; `earlier` are symbols it was renamed from."""

    row: Row
    events: tuple[Row, ...]
    earlier: tuple[tuple[int, str], ...]
    renamed_to: str | None

    @property
    def symbol(self) -> str:
        symbol: str = self.row["symbol"]
        return symbol


async def find_instrument(archive: ArchiveDb, symbol: str) -> Instrument | None:
    """Return the instrument with a symbol; None if there is none."""
    row = await archive.row("instrument", {"symbol": symbol})
    if row is None:
        return None
    events = await archive.rows("instrument_events", {"instrument_id": row["id"]})
    renames = [event for event in events if event["event"] == _RENAME and event["new_id"]]
    return Instrument(
        row=row,
        events=tuple(events),
        earlier=tuple(
            (event["old_id"], event["old_symbol"])
            for event in renames
            if event["new_id"] == row["id"]
        ),
        renamed_to=next(
            (event["new_symbol"] for event in renames if event["old_id"] == row["id"]), None
        ),
    )


async def known_symbols(archive: ArchiveDb) -> frozenset[str]:
    """Return the symbols of all instruments, also of those without quotes."""

    async def read() -> frozenset[str]:
        return frozenset(row["symbol"] for row in await archive.rows("lead_instruments"))

    return await archive.cached("known_symbols", read)


async def daily_prices(
    archive: ArchiveDb, symbol: str, first_day: int = _FIRST_DAY, last_day: int = _LAST_DAY
) -> list[Row]:
    """Return the last price of each day, oldest first, under this and earlier symbols.

    Days are numbers such as 20240503. Rupees for shares, points for indices.
    """
    instrument = await find_instrument(archive, symbol)
    if instrument is None:
        return []
    return await joined_prices(archive, instrument, first_day, last_day)


async def joined_prices(
    archive: ArchiveDb, instrument: Instrument, first_day: int = _FIRST_DAY,
    last_day: int = _LAST_DAY,
) -> list[Row]:  # fmt: skip
    """Return daily_prices with one row a day: the new symbol wins over an earlier one."""
    by_date: dict[str, Row] = {}
    for instrument_id, symbol in (*instrument.earlier, (instrument.row["id"], instrument.symbol)):
        rows = await archive.rows(
            "daily_prices",
            {
                "instrument_id": instrument_id,
                "symbol": symbol,
                "kind": instrument.row["kind"],
                "first_day": first_day,
                "last_day": last_day,
            },
        )
        by_date.update({row["date"]: row for row in rows})
    return [by_date[date] for date in sorted(by_date)]
