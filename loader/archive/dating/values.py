"""Write values of indices and shares stated in articles to the table `stated_values`."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from typing import Final, NamedTuple

from loader.archive.changes import replace_rows
from loader.archive.ids import AMONG, in_chunks, json_list
from loader.market.sessions import Sessions
from loader.market.values import Named, may_state_value, stated_values


class ValueRow(NamedTuple):
    """A value stated in an article: columns of stated_values."""

    article_id: int
    span_start: int
    span_end: int
    symbol: str
    measure: str
    unit: str
    date_from: str
    date_to: str
    sentence_start: int
    sentence_end: int
    value_hundredths: int


# Only texts that name an instrument can state its values.
_NAMING: Final = f"""
select distinct article_id from mention_spans where part = 2 and article_id in {AMONG}
"""
_TEXTS: Final = f"select id, published_at, body from articles where id in {AMONG}"
_NAMES: Final = f"""
select article_id, span_start, span_end, symbol
from mention_spans join instruments on instruments.id = instrument_id
where part = 2 and article_id in {AMONG} order by article_id, span_start
"""


_AT_ONCE: Final = 5_000  # articles whose values are compared with the stored ones


class Reports(NamedTuple):
    """Articles that may state something, and their days of publication (`2024-05-03`)."""

    article_ids: set[int]
    days: set[str]


def reports_of_values(conn: sqlite3.Connection, article_ids: Sequence[int]) -> Reports:
    """Return the articles that may state values."""
    reports = Reports(set(), set())
    for chunk in in_chunks(article_ids):
        naming = [row[0] for row in conn.execute(_NAMING, (json_list(chunk),))]
        for article_id, published_at, body in read_texts(conn, naming):
            if published_at and may_state_value(body):
                reports.article_ids.add(article_id)
                reports.days.add(published_at[:10])
    return reports


def note_values(
    conn: sqlite3.Connection,
    article_ids: Sequence[int],
    reports: Set[int],
    sessions: Sessions,
) -> None:
    """Update the stated values of these articles, of which only `reports` may have any."""
    for chunk in in_chunks(article_ids, _AT_ONCE):
        wanted = set(_wanted_rows(conn, reports & set(chunk), sessions))
        replace_rows(
            conn,
            "stated_values",
            ValueRow._fields,
            ("article_id", "span_start", "span_end"),
            wanted,
            f"article_id in {AMONG}",
            (json_list(chunk),),
        )


def _wanted_rows(
    conn: sqlite3.Connection, reports: Collection[int], sessions: Sessions
) -> Iterator[ValueRow]:
    named: dict[int, list[Named]] = {}
    for article_id, *place in conn.execute(_NAMES, (json_list(reports),)):
        named.setdefault(article_id, []).append(Named._make(place))
    for article_id, published_at, body in read_texts(conn, reports):
        yield from _rows(article_id, published_at, body, named.get(article_id, []), sessions)


def _rows(
    article_id: int,
    published_at: str | None,
    body: str,
    named: list[Named],
    sessions: Sessions,
) -> Iterator[ValueRow]:
    for found in stated_values(body, named, published_at, sessions):
        yield ValueRow(
            article_id,
            found.start,
            found.end,
            found.symbol,
            found.measure,
            found.unit,
            sessions.days[found.first],
            sessions.days[found.last],
            *found.sentence,
            found.value,
        )


def read_texts(
    conn: sqlite3.Connection, article_ids: Iterable[int]
) -> Iterator[tuple[int, str | None, str]]:
    """Yield id, published_at and body of these articles."""
    yield from conn.execute(_TEXTS, (json_list(article_ids),))
