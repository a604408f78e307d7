"""Writing revisits: a crawler's notes that a page had not changed since an earlier capture."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from loader.archive.ids import ids_of
from loader.archive.write.articles import add_pages
from loader.rows.prepare import Prepared


def new_revisits(conn: sqlite3.Connection, batch: Sequence[Prepared]) -> list[Prepared]:
    """Those of a batch that are not in the archive, each once; reads only."""
    found = {item.revisit.digest: item for item in batch if item.revisit}
    known = ids_of(conn, "revisits", "digest", found)
    return [item for digest, item in found.items() if digest not in known]


def write_revisits(
    conn: sqlite3.Connection,
    new: Sequence[Prepared],
    sources: Mapping[str, int],
    load_id: int,
) -> None:
    """Add revisits that are new, with the pages they name."""
    revisits = [(item, item.revisit) for item in new if item.revisit]
    addresses = [
        address for _, revisit in revisits for address in (revisit.page, revisit.target) if address
    ]
    pages = add_pages(conn, dict(addresses))
    conn.executemany(
        "insert into revisits (digest, page_id, captured_at, url, target_page_id, refers_to_at,"
        " refers_to_url, source_id, source_offset, load_id)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                revisit.digest,
                pages[revisit.page[0]] if revisit.page else None,
                revisit.captured_at,
                revisit.url,
                pages[revisit.target[0]] if revisit.target else None,
                revisit.refers_to_at,
                revisit.refers_to_url,
                sources[item.source],
                item.offset,
                load_id,
            )
            for item, revisit in revisits
        ],
    )
