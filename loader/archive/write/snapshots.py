"""Write sources, snapshots, raw captures and problems."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from loader.archive.ids import AMONG, ids_of, insert_into, json_list, new_ids
from loader.rows.records import (
    CovidRow,
    Place,
    Prepared,
    ProblemRow,
    RawCaptureRow,
    SnapshotRow,
    SourceRow,
)


class Parents(NamedTuple):
    """Ids of the rows that snapshots refer to, by natural key."""

    sources: dict[str, int]
    pages: dict[str, int]
    boards: dict[str, int]
    articles: dict[str, int]
    claims: dict[str, int]


def at_smallest_places(batch: Sequence[Prepared]) -> tuple[dict[str, Prepared], int]:
    """Return the captures of a batch by digest, at their smallest places, and the repeat count."""
    found: dict[str, Prepared] = {}
    repeated = 0
    for item in batch:
        if item.snapshot:
            earlier = found.setdefault(item.digest, item)
            if earlier is not item:
                repeated += 1
                if item.place < earlier.place:
                    found[item.digest] = item
    return found, repeated


_PLACES: Final = f"""
select snapshots.id, location, source_offset, captured_basis, reported_url
from snapshots join sources on sources.id = snapshots.source_id
where snapshots.id in {AMONG}
"""


def found_at_smaller_places(
    conn: sqlite3.Connection, captures: Mapping[str, Prepared], known: Mapping[str, int]
) -> dict[int, Prepared]:
    """Return the stored snapshots for which the batch has a smaller place, by id.

    A capture found in several places is recorded at the smallest, whichever was loaded first.
    """
    items = {known[digest]: item for digest, item in captures.items() if digest in known}
    return {
        snapshot_id: items[snapshot_id]
        for snapshot_id, location, offset, basis, url in conn.execute(_PLACES, (json_list(items),))
        if items[snapshot_id].place
        < Place(location, -1 if offset is None else offset, basis or "", url or "")
    }


def move_to_places(
    conn: sqlite3.Connection, smaller: Mapping[int, Prepared], sources: Mapping[str, int]
) -> set[int]:
    """Move snapshots and their problems to these places.

    Returns the former sources, which may now be unused.
    """
    if not smaller:
        return set()
    left = {
        source_id
        for (source_id,) in conn.execute(
            f"select source_id from snapshots where id in {AMONG}", (json_list(smaller),)
        )
    }
    rows = [
        {
            "id": snapshot_id,
            "source": sources[item.source.location],
            "offset": item.offset,
            "basis": item.snapshot.captured_basis,
            "url": item.snapshot.reported_url,
        }
        for snapshot_id, item in smaller.items()
        if item.snapshot
    ]
    conn.executemany(
        "update snapshots set source_id = :source, source_offset = :offset,"
        " captured_basis = :basis, reported_url = :url where id = :id",
        rows,
    )
    conn.executemany(
        "update problems set source_id = :source, source_offset = :offset where snapshot_id = :id",
        rows,
    )
    return left


# A location may be found with two kinds, or without one if it cannot be read. Of two known kinds
# the alphabetically first wins.
_WRITE_SOURCE: Final = """
insert into sources (location, kind) values (?, ?)
on conflict (location) do update set kind = excluded.kind
where (excluded.kind = 'unknown', excluded.kind) < (kind = 'unknown', kind)
"""


def write_sources(conn: sqlite3.Connection, batch: Iterable[Prepared]) -> dict[str, int]:
    """Add the sources of these captures; return their ids by location as given."""
    sources = {item.source for item in batch}
    add_sources(conn, sources)
    return ids_of(conn, "sources", "location", (source.location for source in sources))


def add_sources(conn: sqlite3.Connection, sources: Iterable[SourceRow]) -> None:
    """Add new sources, and update the kind of known ones."""
    conn.executemany(_WRITE_SOURCE, sorted(sources))


_INSERT_SNAPSHOT: Final = insert_into(
    "snapshots",
    (
        "id", *SnapshotRow._fields, "page_id", "board_id", "article_id", "claim_id", "source_id",
        "source_offset", "load_id",
    ),
)  # fmt: skip
_INSERT_RAW: Final = insert_into(
    "raw_captures", ("snapshot_id", *RawCaptureRow._fields, "dictionary_id")
)
_INSERT_COVID: Final = insert_into("covid_counters", ("snapshot_id", *CovidRow._fields))
_INSERT_PROBLEM: Final = insert_into(
    "problems", (*ProblemRow._fields, "source_id", "source_offset", "snapshot_id", "load_id")
).replace("insert", "insert or ignore", 1)


def write_snapshots(
    conn: sqlite3.Connection, new: Sequence[Prepared], parents: Parents, load_id: int | None
) -> dict[str, int]:
    """Add snapshots; return their ids by digest."""
    ids = new_ids(conn, "snapshots", {}, (item.digest for item in new))
    conn.executemany(
        _INSERT_SNAPSHOT,
        [
            (
                ids[item.digest],
                *item.snapshot,
                parents.pages[item.page.url] if item.page else None,
                parents.boards[item.board.digest] if item.board else None,
                parents.articles[item.article.digest] if item.article else None,
                parents.claims[item.article.claim_digest] if item.article else None,
                parents.sources[item.source.location],
                item.offset,
                load_id,
            )
            for item in new
            if item.snapshot
        ],
    )
    conn.executemany(_INSERT_COVID, [(ids[item.digest], *item.covid) for item in new if item.covid])
    return ids


def without_raw(
    conn: sqlite3.Connection, captures: Mapping[str, Prepared], known: Mapping[str, int]
) -> dict[str, Prepared]:
    """Return the captures whose snapshot is in the archive without its bytes."""
    wanted = {
        known[digest]: digest for digest, item in captures.items() if digest in known and item.raw
    }
    have = {
        snapshot_id
        for (snapshot_id,) in conn.execute(
            f"select snapshot_id from raw_captures where snapshot_id in {AMONG}",
            (json_list(wanted),),
        )
    }
    return {
        digest: captures[digest]
        for snapshot_id, digest in wanted.items()
        if snapshot_id not in have
    }


def write_raw(
    conn: sqlite3.Connection,
    items: Iterable[Prepared],
    snapshots: Mapping[str, int],
    dictionary_id: int | None,
) -> None:
    """Add the raw captures of snapshots without one."""
    conn.executemany(
        _INSERT_RAW,
        [(snapshots[item.digest], *item.raw, dictionary_id) for item in items if item.raw],
    )


def write_problems(
    conn: sqlite3.Connection,
    items: Iterable[Prepared],
    snapshots: Mapping[str, int],
    sources: Mapping[str, int],
    load_id: int | None,
) -> int:
    """Add the distinct problems of new and refused captures; return the number of new ones."""
    rows = [
        (*problem, sources[item.source.location], item.offset, snapshots.get(item.digest), load_id)
        for item in items
        for problem in item.problems
    ]
    before = conn.total_changes
    conn.executemany(_INSERT_PROBLEM, rows)
    return conn.total_changes - before
