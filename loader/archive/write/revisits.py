"""Write revisits: a crawler's records that a page was unchanged since an earlier capture."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from loader.archive.ids import ids_of, insert_into
from loader.rows.records import Prepared

_INSERT: Final = insert_into(
    "revisits",
    (
        "digest", "page_id", "captured_at", "reported_url", "target_page_id", "refers_to_at",
        "refers_to_url", "source_id", "source_offset", "load_id",
    ),
)  # fmt: skip


def new_revisits(conn: sqlite3.Connection, batch: Sequence[Prepared]) -> list[Prepared]:
    """Return the distinct revisits of a batch that are not in the archive."""
    found = {item.revisit.digest: item for item in batch if item.revisit}
    known = ids_of(conn, "revisits", "digest", found)
    return [item for digest, item in found.items() if digest not in known]


def write_revisits(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    pages: Mapping[str, int],
    sources: Mapping[str, int],
    load_id: int | None,
) -> None:
    """Add new revisits."""
    conn.executemany(
        _INSERT,
        [
            (
                revisit.digest,
                pages[revisit.page.url] if revisit.page else None,
                revisit.captured_at,
                revisit.reported_url,
                pages[revisit.target.url] if revisit.target else None,
                revisit.refers_to_at,
                revisit.refers_to_url,
                sources[item.source.location],
                item.offset,
                load_id,
            )
            for item in new
            if (revisit := item.revisit)
        ],
    )
