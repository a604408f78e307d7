"""Making a damaged archive sound again in place, from its raw captures.

Where the file itself is damaged see `verify_salvage`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from loader.archive.archive import Archive
from loader.archive.connection import archive_errors
from loader.archive.references import delete_orphans
from loader.archive.schema import restore_indexes
from loader.archive.write.boards import forget_dating, set_spans
from loader.maintain.reparse.rewrite import rewrite
from loader.maintain.verify.finding import Finding, Remedy
from loader.maintain.verify.schema import restore_facts
from loader.rows.problems import problem_row

LOST_KIND: Final = "damaged-capture"
_LOST_DETAIL: Final = "the raw capture was damaged and taken out by verify --repair"

_REBUILD_INDEX: Final = "insert into articles_fts (articles_fts) values ('rebuild')"


def needs_new_file(findings: Iterable[Finding]) -> bool:
    """Whether the damage is to the file rather than to what can be rebuilt in it."""
    return any(finding.remedy is Remedy.SALVAGE for finding in findings)


def repair(archive: Archive, findings: Sequence[Finding]) -> None:
    """Rebuild in place what the findings name. Raises ArchiveError when it cannot be."""
    archive.begin_writing()
    if any(finding.remedy is Remedy.REINDEX for finding in findings):
        with archive_errors(archive.path):
            archive.conn.execute("reindex")
    lost = {f.snapshot_id for f in findings if f.remedy is Remedy.LOST and f.snapshot_id}
    changed = {f.snapshot_id for f in findings if f.remedy is Remedy.REBUILD and f.snapshot_id}

    def rebuild(conn: sqlite3.Connection) -> None:
        restore_indexes(conn)
        conn.execute(_REBUILD_INDEX)
        restore_facts(conn)
        _take_out_lost(conn, sorted(lost))
        # First: a trading day names its last board, which may be an orphan by now.
        forget_dating(conn)
        delete_orphans(conn)
        set_spans(conn)

    archive.in_transaction(rebuild)
    rewrite(archive, sorted(changed - lost))


def _take_out_lost(conn: sqlite3.Connection, snapshot_ids: Sequence[int]) -> None:
    """Damaged raw captures go, with a problem that says so; merging a copy brings them back."""
    for snapshot_id in snapshot_ids:
        digest, source_id, offset = conn.execute(
            "select digest, source_id, source_offset from snapshots where id = ?", (snapshot_id,)
        ).fetchone()
        row = problem_row(digest, LOST_KIND, _LOST_DETAIL, None)
        conn.execute(
            "insert or ignore into problems (digest, kind, detail, source_id, source_offset,"
            " snapshot_id) values (?, ?, ?, ?, ?, ?)",
            (row.digest, row.kind, row.detail, source_id, offset, snapshot_id),
        )
        conn.execute("delete from raw_captures where snapshot_id = ?", (snapshot_id,))
