"""`/table/17/1.csv`: a table of a text as rows of cells."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from loader.web.data.archive_db import ArchiveDb
from loader.web.data.parameters import in_path
from loader.web.errors import PageError
from loader.web.pages.page import Csv
from loader.web.render.csv_cells import as_csv


async def article_table(archive: ArchiveDb, request: Any) -> Csv:
    """Return the table as CSV; 404 if the article has no table of that number."""
    asked = {"id": int(in_path(request, "id")), "number": int(in_path(request, "number"))}
    found = await archive.row("article_table", asked)
    if found is None:
        raise PageError(404, "No such table", "The article has no table of that number.")

    async def pieces() -> AsyncIterator[str]:
        yield as_csv(json.loads(found["cells"]))

    return Csv(f"table-{asked['id']}-{asked['number']}.csv", pieces())
