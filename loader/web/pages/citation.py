"""Collect the data for citing a value: its day and the basis of that, board and capture."""

from __future__ import annotations

from loader.web.data.archive_db import ArchiveDb, Row


async def citation(archive: ArchiveDb, board_id: int | None) -> Row | None:
    """Return day, basis, digest and earliest capture of a board; None without a board."""
    if board_id is None:
        return None
    return await archive.row("citation", {"board_id": board_id})
