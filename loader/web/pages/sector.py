"""`/sector/cement?from=2024-06-10&to=2024-06-14`: the shares of a sector over a period."""

from __future__ import annotations

import datetime
import statistics
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from loader.web.charts.draw import page_svg
from loader.web.charts.layout import SMALL, Layout
from loader.web.charts.series import Series, is_sound, series_of
from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.parameters import in_path
from loader.web.data.prices import Instrument, find_instrument
from loader.web.errors import PageError
from loader.web.pages.page import Page
from loader.web.pages.period import RANGE_NAMES, Period, period_of
from loader.web.pages.symbol_view import Shown, shown_in
from loader.web.render.text_format import signed, slug
from loader.words import counted

_USUAL: Final = "3m"
_MOST: Final = 60  # shares on a page


@dataclass(frozen=True, slots=True)
class Member:
    """One share of a sector with at least one price in the period."""

    shown: Shown

    @property
    def instrument(self) -> Instrument:
        """The share."""
        return self.shown.instrument

    @property
    def rows(self) -> list[Row]:
        """Its prices, oldest first."""
        return self.shown.rows

    @property
    def base(self) -> float:
        """Previous price of the first day, so that the move of a week includes its Monday."""
        first = self.rows[0]
        return float(first["previous_price"] or first["price"])

    @property
    def move(self) -> float | None:
        """Change from the base to the last price in per cent."""
        return (self.rows[-1]["price"] / self.base - 1) * 100 if self.base > 0 else None

    def line(self) -> Series:
        """Return the prices rebased to 100."""
        return series_of(self.instrument.symbol, self.rows).rebased(self.base)


@dataclass(frozen=True, slots=True)
class SectorView:
    """A sector and a period: shares with prices, largest rise first, and shares without."""

    sector: str | None
    slug: str
    sectors: dict[str, str | None]
    period: Period
    members: list[Member]
    quiet: list[str]


async def sector_view(archive: ArchiveDb, request: Any) -> SectorView:
    """Return the view for a request. Raises PageError 404 for a sector that is on no board."""
    wanted = slug(in_path(request, "sector"))
    symbols = await archive.cached("symbols", lambda: archive.rows("symbols"))
    sectors = {slug(row["sector"]): row["sector"] for row in symbols if row["kind"] == "share"}
    if wanted not in sectors:
        raise PageError(404, "No such sector", "No board of the archive has a share of it.")
    period = await period_of(archive, request, _USUAL)
    members, quiet = await _members(archive, sectors[wanted], period)
    members.sort(key=lambda member: (-(member.move or 0), member.instrument.symbol))
    return SectorView(sectors[wanted], wanted, sectors, period, members, quiet)


async def sector_page(archive: ArchiveDb, request: Any) -> Page:
    """Return the page with a small chart of each share on one scale, and a table of moves."""
    view = await sector_view(archive, request)
    names = sorted((name or "Sector not known", key) for key, name in view.sectors.items())
    return Page(
        "recorder_sector.html",
        {
            "sector": view.sector or "Sector not known",
            "slug": view.slug,
            "sectors": names,
            "period": view.period,
            "ranges": RANGE_NAMES,
            "neighbours": _neighbours(view.period),
            "members": [_shown(member) for member in view.members],
            "charts": small_multiples([member for member in view.members if member.base > 0]),
            "quiet": view.quiet,
            "summary": _in_words(view.members),
            "selection": _selection(view.members, view.period),
            "row_count": sum(len(member.rows) for member in view.members),
        },
    )


async def _members(
    archive: ArchiveDb, sector: str | None, period: Period
) -> tuple[list[Member], list[str]]:
    """Return shares with a price in the period, and symbols without one."""
    members: list[Member] = []
    quiet: list[str] = []
    rows = await archive.rows("sector_instruments", {"sector": sector})
    for row in rows[:_MOST]:
        instrument = await find_instrument(archive, row["symbol"])
        shown = await shown_in(archive, instrument, period) if instrument else None
        if shown and shown.rows:
            members.append(Member(shown))
        else:
            quiet.append(row["symbol"])
    return members, quiet + [row["symbol"] for row in rows[_MOST:]]


def small_multiples(members: list[Member]) -> list[dict[str, Any]]:
    """Return a small chart of each share, all with the same axes."""
    lines = {member.instrument.symbol: member.line() for member in members}
    if not lines:
        return []
    points = [point for line in lines.values() for point in line.points]
    days = min(point.day for point in points), max(point.day for point in points)
    values = [100.0, *(point.value for point in points)]
    return [
        {
            "symbol": symbol,
            "svg": page_svg(
                Layout(
                    f"{symbol}, from 100 to {line.points[-1].value:,.1f}",
                    (line,), SMALL, days=days, values=(min(values), max(values)),
                )
            ),
        }
        for symbol, line in lines.items()
    ]  # fmt: skip


def _shown(member: Member) -> dict[str, Any]:
    low, high = (pick(member.rows, key=lambda row: row["price"]) for pick in (min, max))
    return {
        "symbol": member.instrument.symbol,
        "name": member.instrument.row["name"],
        "base": member.base,
        "first": member.rows[0],
        "last": member.rows[-1],
        "low": low,
        "high": high,
        "move": member.move,
        "day_count": len(member.rows),
        "suspect_count": sum(not is_sound(row) for row in member.rows),
    }


def _in_words(members: list[Member]) -> str:
    moves = [member.move for member in members if member.move is not None]
    if not moves:
        return "No board of the period shows a share of it."
    rose, fell = (sum(sign * move > 0 for move in moves) for sign in (1, -1))
    median = signed(statistics.median(moves), 1)
    return (
        f"Of {counted(len(moves), 'share')} {rose} rose and {fell} fell"
        f" over the period; the median move was {median} per cent."
    )


def _neighbours(period: Period) -> dict[str, str]:
    """Return parameters of the previous and next period of the same length."""
    if not (period.date_from and period.date_to):
        return {}
    length = max(period.last - period.first + datetime.timedelta(days=1), datetime.timedelta(1))
    if length.days == 5:  # a trading week
        length = datetime.timedelta(days=7)
    try:
        return {
            name: urlencode({"from": period.first + step, "to": period.last + step})
            for name, step in (("earlier", -length), ("later", length))
        }
    except OverflowError:
        return {}


def _selection(members: list[Member], period: Period) -> str:
    """Return parameters of the view daily_prices that select these rows."""
    symbols = sorted({row["symbol"] for member in members for row in member.rows})
    return urlencode({"symbol__in": ",".join(symbols), **period.selection, "_sort": "date"})
