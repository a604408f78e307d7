"""Collect the data behind a symbol's page, its chart and its files."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from loader.rows.suggest import suggest_symbols, with_suggestion
from loader.web.charts.layout import WIDE, Layout
from loader.web.charts.series import Mark, Point, Series, is_sound, rebase, series_of
from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.parameters import in_path, text
from loader.web.data.prices import Instrument, find_instrument, joined_prices, known_symbols
from loader.web.errors import PageError, Redirect
from loader.web.pages.period import Period, period_of
from loader.web.render.text_format import signed
from loader.words import counted

MOST_OTHERS: Final = 5  # further lines in a chart
# Maximum distance of the next session.
_NEXT_SESSION: Final = datetime.timedelta(days=20)
_SYMBOL = re.compile(r"[A-Z0-9.&-]{1,20}$")


@dataclass(frozen=True, slots=True)
class Shown:
    """An instrument, its prices in the period, oldest first, and its first price after that."""

    instrument: Instrument
    rows: list[Row]
    after: Row | None

    @property
    def symbol(self) -> str:
        """Its current symbol."""
        return self.instrument.symbol

    @property
    def symbols(self) -> list[str]:
        """All symbols of its rows."""
        return [*(symbol for _, symbol in self.instrument.earlier), self.symbol]

    def followed(self) -> Iterator[tuple[Row, float | None]]:
        """Yield each row with the base of the next session, if known."""
        for row, after in zip(self.rows, [*self.rows[1:], self.after], strict=False):
            yield row, _next_base(after, row["date"])


def _next_base(after: Row | None, date: str) -> float | None:
    """Return the base of a row, if it is of the session after a date."""
    if after is None or after["previous_date"] != date or after["sessions_since_previous"] != 1:
        return None
    base: float | None = after["previous_price"]
    return base


@dataclass(frozen=True, slots=True)
class SymbolView:
    """An instrument, the instruments compared with it, a period, and the lines of the chart.

    Several lines are rebased to 100, on `base_day` if they have a day in common.
    """

    main: Shown
    others: tuple[Shown, ...]
    period: Period
    lines: tuple[Series, ...]
    base_day: datetime.date | None

    @property
    def shown(self) -> tuple[Shown, ...]:
        """All instruments, the first included."""
        return (self.main, *self.others)

    @property
    def unseen(self) -> list[str]:
        """Symbols that are on no board of the period, and so have no line."""
        drawn = {line.name for line in self.lines}
        return [each.symbol for each in self.shown if each.symbol not in drawn]

    @property
    def query(self) -> str:
        """Query string of the same view."""
        asked = [*self.period.parameters.items(), *(("with", each.symbol) for each in self.others)]
        return urlencode(asked)

    @property
    def selection(self) -> str:
        """Parameters of the view daily_prices that select these rows."""
        symbols = [symbol for each in self.shown for symbol in each.symbols]
        return urlencode(
            {"symbol__in": ",".join(symbols), **self.period.selection, "_sort": "date"}
        )

    def layout(self, marks: tuple[Mark, ...] = ()) -> Layout | None:
        """Return the chart; None without a price to draw."""
        if not self.lines or self.lines[0].name != self.main.symbol:
            return None
        bars = () if self.others else tuple(_moves(self.main.rows))
        return Layout(self.words(), self.lines, WIDE, marks, bars)

    def words(self) -> str:
        """Return the text alternative of the chart."""
        if not self.others:
            return in_words(self.main.symbol, self.main.rows)
        ends = ", ".join(f"{line.name} {line.points[-1].value:,.2f}" for line in self.lines)
        return f"From 100 at the start, at the end of the period: {ends}."


def _moves(rows: list[Row]) -> list[Point]:
    return [
        Point(datetime.date.fromisoformat(row["date"]).toordinal(), row["percent"])
        for row in rows
        if row["percent"] is not None
    ]


async def symbol_view(archive: ArchiveDb, request: Any, address: str = "/symbol/{}") -> SymbolView:
    """Return the view for a request. Raises Redirect for an old or a lower-case symbol."""
    wanted = in_path(request, "symbol")
    instrument = await wanted_instrument(archive, wanted)
    if instrument.renamed_to:
        asked = [*_asked(request), ("came_from", instrument.symbol)]
        raise Redirect(f"{address.format(instrument.renamed_to)}?{urlencode(asked)}")
    if instrument.symbol != wanted:
        query = urlencode(_asked(request))
        raise Redirect(address.format(instrument.symbol) + (f"?{query}" if query else ""))
    period = await period_of(archive, request)
    main = await shown_in(archive, instrument, period)
    others = await _others(archive, request, main, period)
    lines = [series_of(each.symbol, each.rows) for each in (main, *others) if each.rows]
    if not others:
        return SymbolView(main, others, period, tuple(lines), None)
    rebased, common = rebase(lines)
    base_day = datetime.date.fromordinal(common) if common else None
    return SymbolView(main, others, period, rebased, base_day)


async def _others(
    archive: ArchiveDb, request: Any, main: Shown, period: Period
) -> tuple[Shown, ...]:
    others: dict[str, Instrument] = {}
    for wanted in _asked_symbols(request):
        other = await wanted_instrument(archive, wanted)
        if other.renamed_to:
            other = await wanted_instrument(archive, other.renamed_to)
        if other.symbol != main.symbol:
            others[other.symbol] = other
    if len(others) > MOST_OTHERS:
        raise PageError(
            400, "Too many symbols", f"A chart has room for {MOST_OTHERS} besides the first."
        )
    return tuple([await shown_in(archive, other, period) for other in others.values()])


async def shown_in(archive: ArchiveDb, instrument: Instrument, period: Period) -> Shown:
    """Return the prices of an instrument in a period."""
    last = min(period.last, datetime.date.max - _NEXT_SESSION) + _NEXT_SESSION
    days = period.ids[0], int(last.strftime("%Y%m%d"))
    found = await joined_prices(archive, instrument, *days)
    rows = [row for row in found if row["date"] <= period.last.isoformat()]
    return Shown(instrument, rows, found[len(rows)] if len(found) > len(rows) else None)


def _asked(request: Any) -> list[tuple[str, str]]:
    """Return the parameters of a request that define a view."""
    names = ("range", "from", "to", "with")
    return [(name, value) for name in names for value in request.args.getlist(name)]


def _asked_symbols(request: Any) -> list[str]:
    """Return the values of `with`, which may be repeated or separated by commas."""
    text(request, "with")  # raises PageError if it is too long
    values = request.args.getlist("with")
    symbols = [part.strip().upper() for value in values for part in value.split(",")]
    return [symbol for symbol in symbols if symbol][:50]


async def wanted_instrument(archive: ArchiveDb, wanted: str) -> Instrument:
    """Return the instrument in a URL, in upper or lower case. Raises PageError 404 without one."""
    symbol = wanted.strip().upper()
    instrument = await find_instrument(archive, symbol) if _SYMBOL.match(symbol) else None
    if instrument is None:
        found = suggest_symbols(wanted, await known_symbols(archive))
        raise PageError(
            404,
            "No such symbol",
            with_suggestion(f"The archive has no share or index called {wanted[:40]!r}.", found),
            tuple(f"/symbol/{symbol}" for symbol in found),
        )
    return instrument


def in_words(symbol: str, rows: list[Row]) -> str:
    """Return a sentence on the prices of a period: last, first, lowest, highest, failed checks."""
    if not rows:
        return f"No board of a known day shows {symbol} in this range."
    if len(rows) == 1:
        failed = "" if is_sound(rows[0]) else " It failed a check."
        return (
            f"{symbol} was last seen at {rows[0]['price']:,.2f} on {rows[0]['date']}, the only day"
            f" of this range with a board.{failed}"
        )
    low, high = (pick(rows, key=lambda row: row["price"]) for pick in (min, max))
    change = rows[-1]["price"] / rows[0]["price"] * 100 - 100 if rows[0]["price"] else 0.0
    suspect = sum(not is_sound(row) for row in rows)
    doubt = f" {suspect} of them failed a check." if suspect else ""
    return (
        f"{symbol} was last seen at {rows[-1]['price']:,.2f} on {rows[-1]['date']}, against"
        f" {rows[0]['price']:,.2f} on {rows[0]['date']} ({signed(change, 1)} per cent). Lowest"
        f" {low['price']:,.2f} on {low['date']}, highest {high['price']:,.2f} on {high['date']},"
        f" of {counted(len(rows), 'day')} with a board.{doubt}"
    )
