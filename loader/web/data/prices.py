"""Find instruments by symbol, and their daily prices across renames."""

from __future__ import annotations

import json
from collections.abc import Iterable
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

    @property
    def is_index(self) -> bool:
        """Whether it is an index; otherwise it is a share."""
        return bool(self.row["kind"] == "index")

    @property
    def unit(self) -> str:
        """Unit of its prices."""
        return "points" if self.is_index else "rupees"

    @property
    def ids(self) -> list[int]:
        """Its id and those of the symbols it was renamed from."""
        return [self.row["id"], *(old_id for old_id, _ in self.earlier)]


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


async def daily_prices(archive: ArchiveDb, symbol: str) -> list[Row]:
    """Return `joined_prices` of all days; empty for an unknown symbol."""
    instrument = await find_instrument(archive, symbol)
    return await joined_prices(archive, instrument) if instrument else []


async def joined_prices(
    archive: ArchiveDb, instrument: Instrument, first_day: int = _FIRST_DAY,
    last_day: int = _LAST_DAY,
) -> list[Row]:  # fmt: skip
    """Return the last price of each day, oldest first, under this and earlier symbols.

    Days are numbers such as 20240503; prices are in rupees or points. If a day has both symbols,
    the later one wins.
    """
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


async def seen_boards(archive: ArchiveDb, rows: Iterable[Row]) -> dict[int, Row]:
    """Return digest, first and last capture of the boards of some prices, by board id."""
    ids = json.dumps(sorted({row["board_id"] for row in rows}))
    return {board["id"]: board for board in await archive.rows("boards_seen", {"ids": ids})}
