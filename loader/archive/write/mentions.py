"""Write mentions of instruments in articles, and their positions."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from loader.archive.ids import AMONG, in_chunks, json_list
from loader.rows.prepare import mention_rows
from loader.rows.records import MentionRow

# Mentions are only of instruments in the loader's own list, which have rows.
_INSERT_SPAN: Final = """
insert into mention_spans (article_id, part, span_start, span_end, instrument_id)
select ?, ?, ?, ?, id from instruments where symbol = ?
"""
_INSERT: Final = """
insert into mentions (article_id, instrument_id, mention_count)
select ?, id, ? from instruments where symbol = ?
"""
_TEXTS: Final = f"select id, headline, summary, body from articles where id in {AMONG}"
_BODY: Final = 2


def insert_mentions(
    conn: sqlite3.Connection, texts: Iterable[tuple[int, Iterable[MentionRow]]]
) -> None:
    """Add the mentions of articles without any, given by id."""
    spans, counts = [], []
    for article_id, mentions in texts:
        named: Counter[str] = Counter()
        for row in mentions:
            spans.append((article_id, row.part, row.span_start, row.span_end, row.symbol))
            named[row.symbol] += 1
        counts += [(article_id, count, symbol) for symbol, count in named.items()]
    conn.executemany(_INSERT_SPAN, spans)
    conn.executemany(_INSERT, counts)


def replace_mentions(
    conn: sqlite3.Connection, texts: Sequence[tuple[int, Iterable[MentionRow]]]
) -> None:
    """Replace the mentions of articles."""
    gone = [(article_id,) for article_id, _ in texts]
    for table in ("mentions", "mention_spans"):
        conn.executemany(f"delete from {table} where article_id = ?", gone)
    insert_mentions(conn, texts)


def write_mentions(conn: sqlite3.Connection, article_ids: Iterable[int]) -> None:
    """Find the mentions in headlines, summaries and bodies of these articles again.

    In a copy without texts, mentions in bodies are kept.
    """
    for chunk in in_chunks(list(article_ids)):
        texts = conn.execute(_TEXTS, (json_list(chunk),)).fetchall()
        kept = read_mentions(conn, [article_id for article_id, *_, body in texts if not body])
        replace_mentions(
            conn,
            [
                (
                    article_id,
                    (
                        *mention_rows(headline, summary, body),
                        *(row for row in kept.get(article_id, ()) if row.part == _BODY),
                    ),
                )
                for article_id, headline, summary, body in texts
            ],
        )


_READ: Final = f"""
select article_id, symbol, part, span_start, span_end
from mention_spans join instruments on instruments.id = instrument_id
where article_id in {AMONG} order by article_id, part, span_start
"""


def read_mentions(
    conn: sqlite3.Connection, article_ids: Iterable[int]
) -> dict[int, tuple[MentionRow, ...]]:
    """Return the mentions of these articles, in order of their positions."""
    found: dict[int, list[MentionRow]] = {}
    for article_id, *values in conn.execute(_READ, (json_list(article_ids),)):
        found.setdefault(article_id, []).append(MentionRow._make(values))
    return {article_id: tuple(rows) for article_id, rows in found.items()}
