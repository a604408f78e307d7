"""Data of charts as CSV and Excel: `/chart/symbol/OGDC.csv`, `/chart/sector/cement.xlsx`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from loader.market.closing import seen_when
from loader.web.charts.series import Series, is_sound
from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.prices import seen_boards
from loader.web.pages.charts import file_name, words_of
from loader.web.pages.own_closes import OwnCloses, read_own_closes
from loader.web.pages.page import File
from loader.web.pages.sector import SectorView, sector_view
from loader.web.pages.symbol_view import Shown, symbol_view
from loader.web.render.csv_cells import as_csv
from loader.web.render.workbook import MEDIA, as_workbook

COLUMNS: Final = (
    "date", "symbol", "last_price", "change", "percent", "previous_price", "from_100",
    "checks_held", "first_captured_at", "last_captured_at", "seen", "next_session_told",
    "board_id", "board_digest", "own_close", "last_less_own_close", "told_less_own_close",
)  # fmt: skip


async def symbol_file(archive: ArchiveDb, request: Any) -> File:
    """Return all days and lines of the chart of a symbol's page."""
    ending = request.url_vars["ending"]
    view = await symbol_view(archive, request, f"/chart/symbol/{{}}.{ending}")
    lines = view.lines if view.others else ()
    rows = await day_rows(archive, view.shown, lines)
    notes = words_of(view) if view.main.rows else (view.main.symbol,)
    return _file(file_name(view, ending), rows, notes)


async def sector_file(archive: ArchiveDb, request: Any) -> File:
    """Return all days of the small charts of a sector's page."""
    view: SectorView = await sector_view(archive, request)
    shown = [member.shown for member in view.members]
    lines = [member.line() for member in view.members if member.base > 0]
    rows = await day_rows(archive, shown, lines)
    name = f"{view.slug}-{view.period.first}-{view.period.last}.{request.url_vars['ending']}"
    notes = (view.sector or "Sector not known", "100 is the base of the first day.")
    return _file(name, rows, notes)


def _file(name: str, rows: list[tuple[Any, ...]], notes: Sequence[str]) -> File:
    if name.endswith(".csv"):
        return File(name, "text/csv; charset=utf-8", as_csv([COLUMNS, *rows]).encode())
    lines = (*notes, "Prices are the last that a page showed, not official closing prices.",
            "Times are UTC; seen is against the close of the session in Karachi.")  # fmt: skip
    return File(name, MEDIA, as_workbook([COLUMNS, *rows], lines))


async def day_rows(
    archive: ArchiveDb, shown: Sequence[Shown], lines: Sequence[Series]
) -> list[tuple[Any, ...]]:
    """Return COLUMNS of each day of each instrument; `from_100` is filled if lines are rebased."""
    prices = [row for each in shown for row in each.rows]
    boards = await seen_boards(archive, prices)
    dates = [row["date"] for row in prices]
    own = await read_own_closes(archive, shown, min(dates, default=""), max(dates, default=""))
    rebased = {line.name: [point.value for point in line.points] for line in lines}
    rows: list[tuple[Any, ...]] = []
    for each in shown:
        values = rebased.get(each.symbol, [None] * len(each.rows))
        rows += list(_rows_of(each, values, boards, own))
    return rows


def _rows_of(
    shown: Shown, rebased: Sequence[float | None], boards: dict[int, Row], own: OwnCloses
) -> Iterator[tuple[Any, ...]]:
    for (row, next_base), from_100 in zip(shown.followed(), rebased, strict=True):
        board = boards[row["board_id"]]
        seen = seen_when(row["date"], board["last_captured_at"])
        against = own.against(shown, row, next_base)
        yield (
            row["date"], row["symbol"], row["price"], row["change"], row["percent"],
            row["previous_price"], from_100, int(is_sound(row)), board["first_captured_at"],
            board["last_captured_at"], seen.value if seen else None, next_base, row["board_id"],
            board["digest"], against.close, against.last, against.next_base,
        )  # fmt: skip
