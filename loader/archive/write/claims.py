"""Which of several claims about one article holds: a rule that no order of loading changes.

Per field: of the values that captures give, the one whose earliest capture is earliest
(captures without a time come last; the smaller text breaks a tie). A date with a clock
time completes the same date without one, and is no conflict.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from loader.archive.ids import chunks, ids_of
from loader.rows.prepare import CLAIM_FIELDS, Prepared, ProblemRow, problem_row

NO_TIME = "~"  # sorts behind every date
_DATES = frozenset({"published_at", "updated_at"})
_WHOLE_MINUTE = ":00+05:00"
_EXCERPT = 500

Dated = tuple[str, str]  # (earliest capture time or NO_TIME, value)


def settle_articles(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    articles: dict[str, int],
    new_articles: set[int],
    load_id: int,
) -> int:
    """Settle the articles that these captures show not for the first time; new conflicts."""
    times_seen: dict[int, int] = {}
    for item in new:
        if item.article:
            article_id = articles[item.article.digest]
            times_seen[article_id] = times_seen.get(article_id, 0) + 1
    repeated = [
        article_id
        for article_id, times in times_seen.items()
        if times > 1 or article_id not in new_articles
    ]
    return settle(conn, repeated, load_id)


def settle(conn: sqlite3.Connection, article_ids: Iterable[int], load_id: int | None) -> int:
    """Make the rows of these articles what their captures together say; new conflicts."""
    conflicts = 0
    for marks, chunk in chunks(list(article_ids)):
        digests = dict(
            conn.execute(f"select id, digest from articles where id in ({marks})", chunk)
        )
        claims = _claims_of(conn, marks, chunk)
        for article_id, digest in digests.items():
            kept, disputed = choose(claims.get(article_id, []))
            _update_article(conn, article_id, kept)
            conflicts += _write_conflicts(conn, article_id, digest, disputed, load_id)
    return conflicts


def choose(
    claims: Sequence[tuple[str, Sequence[str | None]]],
) -> tuple[list[str | None], dict[str, list[str]]]:
    """From (earliest capture time, values) the value of each field, and the disputed ones.

    >>> kept, disputed = choose([("~", ["B"] + [None] * 9), ("2024", ["A"] + [None] * 9)])
    >>> kept[0], disputed
    ('A', {'headline': ['A', 'B']})
    """
    kept: list[str | None] = []
    disputed: dict[str, list[str]] = {}
    for number, name in enumerate(CLAIM_FIELDS):
        dated = sorted((time, value) for time, values in claims if (value := values[number]))
        if name in _DATES:
            dated = _completed(dated)
        kept.append(dated[0][1] if dated else None)
        if len(distinct := sorted({value for _, value in dated})) > 1:
            disputed[name] = distinct
    return kept, disputed


def _completed(dated: list[Dated]) -> list[Dated]:
    """Without the dates that a value with a clock time completes, and the visible times, which
    have no seconds, that one with seconds completes."""
    timed = [value for _, value in dated if "T" in value]
    exact = [value for value in timed if not value.endswith(_WHOLE_MINUTE)]
    return sorted((time, _complete(value, timed, exact)) for time, value in dated)


def _complete(value: str, timed: Sequence[str], exact: Sequence[str]) -> str:
    if "T" not in value:
        value = next((whole for whole in timed if whole.startswith(value)), value)
    if value.endswith(_WHOLE_MINUTE):
        minute = value.removesuffix(_WHOLE_MINUTE)
        value = next((whole for whole in exact if whole.startswith(minute)), value)
    return value


def conflict_rows(digest: str, disputed: dict[str, list[str]]) -> list[ProblemRow]:
    """The problems of an article whose captures dispute these fields."""
    return [
        problem_row(
            digest,
            "conflict",
            f"captures of one text disagree about its {name}; the earliest capture's is kept",
            " | ".join(values)[:_EXCERPT],
        )
        for name, values in disputed.items()
    ]


def _claims_of(
    conn: sqlite3.Connection, marks: str, article_ids: Sequence[int]
) -> dict[int, list[tuple[str, Sequence[str | None]]]]:
    claims: dict[int, list[tuple[str, Sequence[str | None]]]] = {}
    fields = ", ".join(f"article_claims.{name}" for name in CLAIM_FIELDS)
    for article_id, time, *values in conn.execute(
        f"""
        select article_claims.article_id, coalesce(min(snapshots.captured_at), '{NO_TIME}'),
            {fields}
        from article_claims
        join snapshots on snapshots.claim_id = article_claims.id
        where article_claims.article_id in ({marks})
        group by article_claims.id
        """,
        article_ids,
    ):
        claims.setdefault(article_id, []).append((time, values))
    return claims


_UPDATE: Final = f"""
update articles set
    {", ".join(f"{name} = ?" for name in CLAIM_FIELDS)},
    page_id = (
        select pages.id from snapshots join pages on pages.id = snapshots.page_id
        where snapshots.article_id = articles.id
        order by pages.url limit 1
    )
where id = ?
"""


def _update_article(conn: sqlite3.Connection, article_id: int, kept: Sequence[str | None]) -> None:
    conn.execute(_UPDATE, (*kept, article_id))


def _write_conflicts(
    conn: sqlite3.Connection,
    article_id: int,
    digest: str,
    disputed: dict[str, list[str]],
    load_id: int | None,
) -> int:
    rows = conflict_rows(digest, disputed)
    wanted = {row.digest for row in rows}
    stored = {
        row[0]
        for row in conn.execute(
            "select digest from problems where article_id = ? and kind = 'conflict'", (article_id,)
        )
    }
    conn.executemany("delete from problems where digest = ?", [(gone,) for gone in stored - wanted])
    known = ids_of(conn, "problems", "digest", wanted)
    fresh = [row for row in rows if row.digest not in known]
    conn.executemany(
        "insert into problems (digest, kind, detail, excerpt, article_id, load_id)"
        " values (?, ?, ?, ?, ?, ?)",
        [(row.digest, row.kind, row.detail, row.excerpt, article_id, load_id) for row in fresh],
    )
    return len(fresh)
