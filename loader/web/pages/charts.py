"""Charts without their pages: `/chart/symbol/OGDC.svg`, and `/embed/symbol/OGDC` for frames."""

from __future__ import annotations

from typing import Any

from loader.web.charts.draw import legend, page_svg
from loader.web.charts.file import svg_file
from loader.web.charts.layout import Layout
from loader.web.charts.script_data import script_data
from loader.web.data.archive_db import ArchiveDb
from loader.web.errors import PageError
from loader.web.pages.page import File, Page
from loader.web.pages.symbol_view import SymbolView, symbol_view
from loader.web.policies import EMBED_POLICY


async def symbol_svg(archive: ArchiveDb, request: Any) -> File:
    """Return the chart of a symbol's page as an SVG file."""
    view, layout = await _drawn(archive, request, "/chart/symbol/{}.svg")
    title, *notes = words_of(view)
    text = svg_file(layout, title, (*notes, f"From {request.scheme}://{request.host}/"))
    return File(file_name(view, "svg"), "image/svg+xml; charset=utf-8", text.encode())


async def symbol_embed(archive: ArchiveDb, request: Any) -> Page:
    """Return the chart alone, for embedding in a frame."""
    view, layout = await _drawn(archive, request, "/embed/symbol/{}")
    title, *notes = words_of(view)
    context = {
        "title": title, "notes": notes, "svg": page_svg(layout), "data": script_data(layout),
        "legend": legend(layout.series) if view.others else "",
        "page": f"/symbol/{view.main.symbol}", "query": view.query,
    }  # fmt: skip
    return Page("recorder_embed.html", context, EMBED_POLICY)


async def _drawn(archive: ArchiveDb, request: Any, address: str) -> tuple[SymbolView, Layout]:
    """Return the view and its chart. Raises PageError 404 if there is no price to draw."""
    view = await symbol_view(archive, request, address)
    layout = view.layout()
    if layout is None:
        symbol = view.main.symbol
        raise PageError(404, "No chart", f"No board of the period shows {symbol}.")
    return view, layout


def words_of(view: SymbolView) -> tuple[str, ...]:
    """Return title, unit and provenance of a chart."""
    names = ", ".join(line.name for line in view.lines)
    first, last = view.main.rows[0]["date"], view.main.rows[-1]["date"]
    title = f"{names}, {first} to {last}"
    if view.others:
        start = f" on {view.base_day}" if view.base_day else ""
        unit = f"Last prices seen on each day, from 100{start}"
    else:
        unit = f"Last price seen on each day, in {view.main.instrument.unit}"
    return (
        title,
        f"{unit}; not official closing prices. Days without a board are gaps.",
        ("Boards of Business Recorder pages."),
    )


def file_name(view: SymbolView, ending: str) -> str:
    """Return a file name of symbols and days: OGDC-HBL-2024-03-01-2024-05-10.svg."""
    names = "-".join(each.symbol for each in view.shown)
    if not view.main.rows:
        return f"{names}.{ending}"
    return f"{names}-{view.main.rows[0]['date']}-{view.main.rows[-1]['date']}.{ending}"
