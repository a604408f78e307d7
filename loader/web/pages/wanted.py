"""`/wanted.txt`: URLs of pages that the archive lacks, for a crawler."""

from __future__ import annotations

from typing import Any, Final

from loader.web.data.archive_db import ArchiveDb
from loader.web.pages.page import File

_MOST: Final = 100_000


async def wanted_list(archive: ArchiveDb, request: Any) -> File:
    """Return URLs in articles and listings, one a line, most links first."""

    async def make() -> bytes:
        rows = await archive.rows("wanted", {"limit": _MOST})
        return "".join(f"{row['url']}\n" for row in rows).encode()

    return File("wanted.txt", "text/plain; charset=utf-8", await archive.cached("wanted", make))
