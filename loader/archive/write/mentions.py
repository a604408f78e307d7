"""Write mentions of instruments in articles, and their positions."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from loader.archive.ids import AMONG, ids_of, in_chunks, insert_into, insert_many, json_list
from loader.rows.prepare import mention_rows
from loader.rows.records import MentionRow

_INSERT_SPAN: Final = insert_into(
    "mention_spans", ("article_id", "part", "span_start", "span_end", "instrument_id")
)
_INSERT: Final = insert_into("mentions", ("article_id", "instrument_id", "mention_count"))
_TEXTS: Final = f"select id, headline, summary, body from articles where id in {AMONG}"
_BODY: Final = 2


def insert_mentions(
    conn: sqlite3.Connection, texts: Sequence[tuple[int, Sequence[MentionRow]]]
) -> None:
    """Add the mentions of articles without any, given by id.

    They are only of instruments in the loader's own list, which have rows, except in a shared copy
    of some symbols.
    """
    symbols = {row.symbol for _, mentions in texts for row in mentions}
    ids = ids_of(conn, "instruments", "symbol", symbols) if symbols else {}
    spans, counts = [], []
    for article_id, mentions in texts:
        rows = [row for row in mentions if row.symbol in ids]
        spans += [
            (article_id, row.part, row.span_start, row.span_end, ids[row.symbol]) for row in rows
        ]
        named = Counter(ids[row.symbol] for row in rows)
        counts += [(article_id, *item) for item in sorted(named.items())]
    insert_many(conn, _INSERT_SPAN, spans)
    insert_many(conn, _INSERT, counts)


def replace_mentions(
    conn: sqlite3.Connection, texts: Sequence[tuple[int, Sequence[MentionRow]]]
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
