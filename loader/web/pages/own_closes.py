"""Compare the user's own closes with the prices on boards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.pages.symbol_view import Shown, SymbolView

# In hundredths of a point: a board shows an index in whole points and its change in tenths.
INDEX_SHOWN: Final = 50
INDEX_SLACK: Final = INDEX_SHOWN + 5  # as in the view daily_prices


class Against(NamedTuple):
    """The close of a day, and its differences from the last price seen and the next day's base.

    In rupees or points. Differences are None if a price is missing or if files contradict each
    other, in which case `closes` has several values.
    """

    closes: tuple[float, ...]
    last: float | None = None
    next_base: float | None = None
    last_agrees: bool | None = None
    next_base_agrees: bool | None = None

    @property
    def close(self) -> float | None:
        """The close, if it is unambiguous."""
        return self.closes[0] if len(self.closes) == 1 else None


@dataclass(frozen=True, slots=True)
class OwnCloses:
    """Closes of some symbols; `rows` of the table, and `by_day` the values in hundredths."""

    rows: list[Row]
    by_day: dict[tuple[str, str], tuple[int, ...]]

    def against(self, shown: Shown, row: Row, next_base: float | None) -> Against:
        """Compare the close of a day of `shown` with its last price and the next day's base."""
        values = sorted(
            {
                value
                for symbol in shown.symbols
                for value in self.by_day.get((symbol, row["date"]), ())
            }
        )
        closes = tuple(value / 100 for value in values)
        if len(values) != 1:
            return Against(closes)
        is_index = shown.instrument.is_index
        last = round(100 * row["price"]) - values[0]
        after = None if next_base is None else round(100 * next_base) - values[0]
        return Against(
            closes,
            last / 100,
            None if after is None else after / 100,
            abs(last) <= (INDEX_SHOWN if is_index else 0),
            None if after is None else abs(after) <= (INDEX_SLACK if is_index else 0),
        )


async def read_own_closes(
    archive: ArchiveDb, shown: Sequence[Shown], first: str, last: str
) -> OwnCloses:
    """Return the closes of instruments over a range of days, also under earlier symbols."""
    symbols = sorted({symbol for each in shown for symbol in each.symbols})
    asked = {"symbols": json.dumps(symbols), "first": first, "last": last}
    rows = await archive.rows("own_closes", asked)
    by_day: dict[tuple[str, str], tuple[int, ...]] = {}
    for row in rows:
        key = row["symbol"], row["date"]
        by_day[key] = (*by_day.get(key, ()), row["close_hundredths"])
    return OwnCloses(rows, by_day)


async def beside_prices(archive: ArchiveDb, view: SymbolView) -> dict[str, Any] | None:
    """Return the closes of a symbol by day, and the number that agree; None without any."""
    own = await read_own_closes(archive, (view.main,), *view.period.dates)
    if not own.rows:
        return None
    by_date = {
        row["date"]: own.against(view.main, row, next_base)
        for row, next_base in view.main.followed()
    }
    selection = {
        "symbol__in": ",".join(view.main.symbols), **view.period.selection, "_sort": "date",
    }  # fmt: skip
    days = {row["date"] for row in own.rows}
    return {
        "by_date": by_date,
        "row_count": len(own.rows),
        "selection": urlencode(selection),
        "day_count": len(days),
        "without_board": len(days - {row["date"] for row in view.main.rows}),
        "contradicting": sum(len(each.closes) > 1 for each in by_date.values()),
        "last": _agreeing([each.last_agrees for each in by_date.values()]),
        "next_base": _agreeing([each.next_base_agrees for each in by_date.values()]),
    }


def _agreeing(found: Sequence[bool | None]) -> tuple[int, int]:
    """Return the number that agree and the number that could be compared."""
    known = [agrees for agrees in found if agrees is not None]
    return sum(known), len(known)
