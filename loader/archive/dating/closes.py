"""Read and write closing values: the user's, and those stated in articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from loader.archive.changes import replace_rows
from loader.archive.dating.values import read_texts
from loader.archive.ids import AMONG, insert_into, json_list
from loader.market.closes import Close
from loader.market.closes_file import CloseRow
from loader.market.model import INDICES, Passage
from loader.market.sessions import Sessions
from loader.market.stated import may_state_close, stated_closes


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """Numbers of rows of a file of closes that were new, known, or known with another value."""

    new: int = 0
    equal: int = 0
    conflicts: tuple[str, ...] = ()


def import_closes(conn: sqlite3.Connection, rows: Sequence[CloseRow], source: str) -> ImportCounts:
    """Add the closes of one file.

    A day that already has another value keeps both, and does not count for dating any more.
    """
    stored: dict[tuple[str, str], set[int]] = {}
    for symbol, day, value in conn.execute("select symbol, date, close_hundredths from closes"):
        stored.setdefault((symbol, day), set()).add(value)
    equal = 0
    conflicts = []
    new = []
    for row in rows:
        known = stored.get((row.symbol, row.day), set())
        if row.value in known:
            equal += 1
            continue
        if known:
            conflicts.append(f"{row.symbol} {row.day}")
        new.append((row.symbol, row.day, row.value, source))
    conn.executemany(insert_into("closes", ("symbol", "date", "close_hundredths", "source")), new)
    return ImportCounts(len(new) - len(conflicts), equal, tuple(conflicts))


# A text that states a close or a move names its index. The full-text index finds these texts
# quickly, whereas reading all bodies takes as long as the rest of dating.
_NAMES_AN_INDEX = """
select rowid from articles_fts
where articles_fts match '{headline body} : (kse* OR psx OR brindex* OR br100* OR br30*)'
    and rowid between ? and ?
"""


# Up to this number, reading the bodies is faster than a search in the index of a large archive.
_FEW_ARTICLES = 1000


def reports_among(conn: sqlite3.Connection, article_ids: Collection[int]) -> set[int]:
    """Return the articles whose text names an index, as to state a close; all if few."""
    if len(article_ids) <= _FEW_ARTICLES:
        return set(article_ids)
    span = (min(article_ids), max(article_ids))
    return {row[0] for row in conn.execute(_NAMES_AN_INDEX, span)}.intersection(article_ids)


def note_stated(
    conn: sqlite3.Connection, article_ids: Iterable[int], reports: set[int], sessions: Sessions
) -> None:
    """Update the stated closes of these articles, of which only `reports` may have any.

    Call `note_values` first, since exact closes of indices among stated values are evidence too.
    """
    wanted = {
        StatedRow(
            article_id,
            found.start,
            found.end,
            found.symbol,
            found.value,
            sessions.days[found.first],
            sessions.days[found.last],
            found.kind,
        )
        for article_id, published_at, body in read_texts(conn, reports)
        for found in stated_closes(body, published_at, sessions)
    }
    wanted |= _more_closes(conn, article_ids, wanted)
    replace_rows(
        conn,
        "stated_closes",
        StatedRow._fields,
        ("article_id", "span_start"),
        wanted,
        f"article_id in {AMONG}",
        (json_list(article_ids),),
    )


_EXACT_CLOSES: Final = f"""
select article_id, span_start, span_end, symbol, value_hundredths, date_from, date_to, 'close'
from stated_values
where measure = 'close' and value_hundredths % 100 <> 0
    and symbol in ({", ".join("?" * len(INDICES))}) and article_id in {AMONG}
order by article_id, span_start, span_end
"""


def _more_closes(
    conn: sqlite3.Connection, article_ids: Iterable[int], known: set[StatedRow]
) -> set[StatedRow]:
    """Return the exact closes of indices among stated values that are not yet known."""
    values = {(row.article_id, row.symbol, row.value_hundredths) for row in known}
    places = {(row.article_id, row.span_start) for row in known}
    more = set()
    for found in map(
        StatedRow._make, conn.execute(_EXACT_CLOSES, (*INDICES, json_list(article_ids)))
    ):
        value = (found.article_id, found.symbol, found.value_hundredths)
        place = (found.article_id, found.span_start)
        if value not in values and place not in places:
            values.add(value)
            places.add(place)
            more.add(found)
    return more


class StatedRow(NamedTuple):
    """A close stated in an article: columns of stated_closes."""

    article_id: int
    span_start: int
    span_end: int
    symbol: str
    value_hundredths: int
    date_from: str
    date_to: str
    kind: str


def days_of_reports(conn: sqlite3.Connection, reports: Iterable[int]) -> set[str]:
    """Return the days of publication of reports that may state a close."""
    return {
        published_at[:10]
        for _, published_at, body in read_texts(conn, reports)
        if published_at and may_state_close(body)
    }


def read_closes(conn: sqlite3.Connection, sessions: Sessions) -> list[Close]:
    """Return all closing values on days with a session."""
    numbers = sessions.numbers
    imported = [
        Close(symbol, value, numbers[day], numbers[day], "close", source)
        for symbol, day, value, source in conn.execute(
            "select symbol, date, close_hundredths, source from closes"
        )
        if day in numbers
    ]
    stated = [
        Close(symbol, value, numbers[first], numbers[last], "stated", Passage(digest, start, end))
        for symbol, value, first, last, digest, start, end in conn.execute(
            "select symbol, value_hundredths, date_from, date_to, digest, span_start, span_end"
            " from stated_closes join articles on articles.id = stated_closes.article_id"
        )
        if first in numbers and last in numbers
    ]
    return imported + stated
