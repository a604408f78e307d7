"""What an article shows of the sessions around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from loader.web.data.archive_db import Row

_INDEX = "KSE100"


@dataclass(frozen=True, slots=True)
class Reactions:
    """Per cent by symbol and session, the index first; None where no board tells.

    `timing` is why `first_session` could react first.
    """

    first_session: str
    timing: str
    sessions: tuple[tuple[int, str | None], ...]
    moves: tuple[tuple[str, tuple[float | None, ...]], ...]


def reactions(rows: Sequence[Row]) -> Reactions | None:
    """Return the table of rows of article_reactions; None where no move is known."""
    if not any(row["percent"] is not None for row in rows):
        return None
    groups = [(symbol, list(group)) for symbol, group in groupby(rows, itemgetter("symbol"))]
    first = groups[0][1]
    return Reactions(
        first[0]["first_session"],
        first[0]["timing"],
        tuple((row["session_offset"], row["session"]) for row in first),
        (
            (_INDEX, tuple(row["kse100_percent"] for row in first)),
            *((symbol, tuple(row["percent"] for row in group)) for symbol, group in groups),
        ),
    )
