"""Writing sources, snapshots, raw captures and problems."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loader.archive.ids import chunks, ids_of, next_id
from loader.archive.write.articles import ClaimIds
from loader.rows.prepare import Place, Prepared


@dataclass(frozen=True, slots=True)
class Parents:
    """Ids of the rows that snapshots point to, by natural key."""

    sources: dict[str, int]
    pages: dict[str, int]
    boards: dict[str, int]
    articles: dict[str, int]
    claims: ClaimIds


def new_captures(batch: Sequence[Prepared], known: Mapping[str, int]) -> tuple[list[Prepared], int]:
    """The captures of a batch that are new, each once, at its smallest place; and the repeats."""
    new: dict[str, Prepared] = {}
    repeated = 0
    for item in batch:
        if item.digest is None:
            continue
        earlier = new.get(item.digest)
        if earlier is None and item.digest not in known:
            new[item.digest] = item
            continue
        repeated += 1
        if earlier and item.place < earlier.place:
            new[item.digest] = item
    return list(new.values()), repeated


def found_at_smaller_places(
    conn: sqlite3.Connection, batch: Sequence[Prepared], known: Mapping[str, int]
) -> dict[int, Prepared]:
    """Snapshots of the archive that the batch holds at a smaller place, by id.

    One capture found in several places is recorded at the smallest (location, offset),
    whichever was loaded first.
    """
    ids = [known[item.digest] for item in batch if item.digest in known and item.digest]
    places: dict[int, Place] = {}
    for marks, chunk in chunks(ids):
        for snapshot_id, *place in conn.execute(
            "select snapshots.id, sources.location, coalesce(snapshots.source_offset, -1),"
            " coalesce(captured_basis, ''), coalesce(url, '')"
            " from snapshots join sources on sources.id = snapshots.source_id"
            f" where snapshots.id in ({marks})",
            chunk,
        ):
            places[snapshot_id] = (place[0], place[1], place[2], place[3])
    smaller: dict[int, Prepared] = {}
    for item in batch:
        snapshot_id = known.get(item.digest or "")
        if snapshot_id is not None and item.place < places[snapshot_id]:
            places[snapshot_id] = item.place
            smaller[snapshot_id] = item
    return smaller


def move_to_places(
    conn: sqlite3.Connection, smaller: Mapping[int, Prepared], sources: Mapping[str, int]
) -> None:
    """Record snapshots, and the problems found in them, at the places just found."""
    rows = [
        (key, sources[item.source], item.offset, item.seen[1], item.seen[-1])
        for key, item in smaller.items()
    ]
    left = set()
    for marks, chunk in chunks(list(smaller)):
        left.update(
            conn.execute(f"select source_id from snapshots where id in ({marks})", chunk).fetchall()
        )
    conn.executemany(
        "update snapshots set source_id = ?2, source_offset = ?3, captured_basis = ?4, url = ?5"
        " where id = ?1",
        rows,
    )
    conn.executemany(
        "update problems set source_id = ?2, source_offset = ?3 where snapshot_id = ?1",
        [row[:3] for row in rows],
    )
    conn.executemany(_DELETE_UNUSED_SOURCE, sorted(left))


# A source at which nothing is recorded any more would depend on the order of loading.
_DELETE_UNUSED_SOURCE = """
delete from sources
where id = ?
    and not exists (select 1 from snapshots where snapshots.source_id = sources.id)
    and not exists (select 1 from problems where problems.source_id = sources.id)
    and not exists (select 1 from revisits where revisits.source_id = sources.id)
"""


def write_sources(
    conn: sqlite3.Connection, batch: Sequence[Prepared], kinds: Mapping[str, str]
) -> dict[str, int]:
    """Add the places these captures come from; ids by location as given.

    A location may be met as two kinds, or as none while it cannot be read: the smaller
    known one is kept.
    """
    locations = sorted({item.source for item in batch})
    conn.executemany(
        """
        insert into sources (location, kind) values (?, ?)
        on conflict (location) do update set kind = excluded.kind
        where (excluded.kind = 'unknown', excluded.kind) < (kind = 'unknown', kind)
        """,
        [(location, kinds.get(location, "unknown")) for location in locations],
    )
    return ids_of(conn, "sources", "location", locations)


def write_snapshots(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    parents: Parents,
    load_id: int,
    dictionary_id: int | None,
) -> dict[str, int]:
    """Add snapshots with their raw captures; ids by digest."""
    ids = {
        item.digest or "": snapshot_id
        for snapshot_id, item in enumerate(new, next_id(conn, "snapshots"))
    }
    conn.executemany(
        "insert into snapshots (id, digest, page_id, board_id, article_id, claim_id,"
        " captured_at, captured_basis, masthead_date, corpus_date, layout, url,"
        " source_id, source_offset, load_id)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (ids[item.digest or ""], item.digest, *_links(item, parents), *item.seen,
             parents.sources[item.source], item.offset, load_id)
            for item in new
        ],
    )  # fmt: skip
    conn.executemany(
        "insert into raw_captures (snapshot_id, media_type, charset, size, data, dictionary_id)"
        " values (?, ?, ?, ?, ?, ?)",
        [(ids[item.digest or ""], *item.raw, dictionary_id) for item in new if item.raw],
    )
    conn.executemany(
        "insert into covid_counters (snapshot_id, deaths, deaths_24h, cases, cases_24h,"
        " positivity_percent, provinces) values (?, ?, ?, ?, ?, ?, ?)",
        [(ids[item.digest or ""], *item.covid) for item in new if item.covid],
    )
    return ids


def _links(item: Prepared, parents: Parents) -> tuple[int | None, ...]:
    """page_id, board_id, article_id, claim_id of a snapshot."""
    page_id = parents.pages[item.page[0]] if item.page else None
    board_id = parents.boards[item.board.digest] if item.board else None
    if item.article is None:
        return page_id, board_id, None, None
    article_id = parents.articles[item.article.digest]
    return page_id, board_id, article_id, parents.claims[article_id, item.article.claim]


def write_problems(
    conn: sqlite3.Connection,
    batch: Sequence[Prepared],
    snapshots: Mapping[str, int],
    sources: Mapping[str, int],
    load_id: int,
) -> int:
    """Add the problems of new and of refused captures, each once; how many were new."""
    rows = []
    for item in batch:
        if item.digest is not None and item.digest not in snapshots:
            continue
        snapshot_id = snapshots[item.digest] if item.digest else None
        place = (sources[item.source], item.offset, snapshot_id, load_id)
        rows += [(p.digest, p.kind, p.detail, p.excerpt, *place) for p in item.problems]
    before = conn.total_changes
    conn.executemany(
        "insert or ignore into problems (digest, kind, detail, excerpt, source_id,"
        " source_offset, snapshot_id, load_id) values (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    return conn.total_changes - before
