"""Write the claims of captures about articles, and decide which claims win."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from loader.archive.credits import Signed, delete_unused_credits, insert_credits
from loader.archive.ids import AMONG, ids_of, insert_into, json_list, new_ids
from loader.archive.write.mentions import write_mentions
from loader.rows.claims import NO_TIME, choose, conflict_rows
from loader.rows.records import CLAIM_TEXTS, ClaimRow, Prepared

_FIELDS: Final = ", ".join(ClaimRow._fields)
# A copy shared without texts has empty claims with their digests.
_WRITE: Final = (
    insert_into("article_claims", ("id", "digest", "article_id", *ClaimRow._fields))
    + " on conflict (digest) do update set "
    + ", ".join(f"{name} = coalesce({name}, excluded.{name})" for name in CLAIM_TEXTS)
    + " where "
    + " or ".join(f"{name} is not coalesce({name}, excluded.{name})" for name in CLAIM_TEXTS)
)


def write_claims(
    conn: sqlite3.Connection, new: Sequence[Prepared], articles: Mapping[str, int]
) -> dict[str, int]:
    """Add the new claims of these captures; return the ids of all by digest."""
    texts = {item.article.claim_digest: item.article for item in new if item.article}
    known = ids_of(conn, "article_claims", "digest", texts)
    claims = known | new_ids(conn, "article_claims", known, texts)
    conn.executemany(
        _WRITE,
        [
            (claim_id, digest, articles[texts[digest].digest], *texts[digest].claim)
            for digest, claim_id in claims.items()
        ],
    )
    return claims


def settle_articles(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    articles: Mapping[str, int],
    new_articles: set[int],
    load_id: int | None,
) -> int:
    """Update the articles that these captures show again; return the number of new conflicts."""
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
    """Set the rows of these articles from all captures; return the number of new conflicts."""
    conflicts = 0
    wanted = json_list(article_ids)
    before = {row[0]: row[1:] for row in conn.execute(_BEFORE, (wanted,))}
    retitled: list[int] = []
    signed_before: list[Signed] = []
    for (article_id, digest), rows in groupby(
        conn.execute(_CLAIMS, (wanted,)).fetchall(), key=lambda row: (row[0], row[1])
    ):
        claims = [(time, ClaimRow._make(values)) for _, _, time, *values in rows]
        held, disputed = choose(claims)
        headline, summary, *signature = before[article_id]
        if signature != [held.byline, held.agency]:
            signed_before.append(Signed(*signature))
            insert_credits(conn, [Signed(held.byline, held.agency)])
        conn.execute(_UPDATE, (*held, article_id))
        if (headline, summary) != (held.headline, held.summary):
            retitled.append(article_id)
        conflicts += _write_conflicts(conn, article_id, digest, disputed, load_id)
    write_mentions(conn, retitled)
    delete_unused_credits(conn, signed_before)
    return conflicts


_BEFORE: Final = f"select id, headline, summary, byline, agency from articles where id in {AMONG}"
# Each claim with the time of its earliest capture, if the captures are still there.
_CLAIMS: Final = f"""
select articles.id, articles.digest, coalesce(min(snapshots.captured_at), '{NO_TIME}'),
    {", ".join(f"article_claims.{name}" for name in ClaimRow._fields)}
from articles
join article_claims on article_claims.article_id = articles.id
join snapshots on snapshots.claim_id = article_claims.id
where articles.id in {AMONG}
group by article_claims.id
order by articles.id, article_claims.id
"""
_UPDATE: Final = f"""
update articles set
    {", ".join(f"{name} = ?" for name in ClaimRow._fields)},
    page_id = (
        select pages.id from snapshots join pages on pages.id = snapshots.page_id
        where snapshots.article_id = articles.id
        order by pages.url limit 1
    )
where id = ?
"""
_INSERT_CONFLICT: Final = insert_into(
    "problems", ("digest", "kind", "detail", "excerpt", "article_id", "load_id")
)


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
        stored_digest
        for (stored_digest,) in conn.execute(
            "select digest from problems where article_id = ? and kind = 'conflict'", (article_id,)
        )
    }
    conn.executemany("delete from problems where digest = ?", [(gone,) for gone in stored - wanted])
    known = ids_of(conn, "problems", "digest", wanted)
    fresh = [row for row in rows if row.digest not in known]
    conn.executemany(_INSERT_CONFLICT, [(*row, article_id, load_id) for row in fresh])
    return len(fresh)
