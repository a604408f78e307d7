"""`/api`: snippets that read this archive from a shell, pandas, DuckDB and JavaScript."""

from __future__ import annotations

from typing import Any

from loader.web.data.archive_db import ArchiveDb
from loader.web.pages.coverage import span
from loader.web.pages.page import Page

_USUAL_SYMBOLS = ("OGDC", "KSE100")


async def api_page(archive: ArchiveDb, request: Any) -> Page:
    """Return the page, with a symbol and a day of this archive as examples."""
    held = await span(archive)
    rows = await archive.cached("symbols", lambda: archive.rows("symbols"))
    symbols = [row["symbol"] for row in rows]
    usual = [symbol for symbol in _USUAL_SYMBOLS if symbol in symbols]
    context = {"symbol": next(iter([*usual, *symbols]), None), "day": held["last_day"]}
    return Page("recorder_api.html", context)
