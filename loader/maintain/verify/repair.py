"""Repair a damaged archive in place, from its raw captures.

If the file itself is damaged, see `salvage`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from loader.archive.archive import Archive
from loader.archive.connection import archive_errors
from loader.archive.credits import credit_all
from loader.archive.references import delete_orphans
from loader.archive.schema import restore_indexes, restore_triggers
from loader.archive.write.article_dates import settle_dates
from loader.archive.write.boards import forget_dating, set_spans
from loader.archive.write.likenesses import link_all
from loader.maintain.reparse.rewrite import rewrite
from loader.maintain.verify.finding import Finding, Remedy
from loader.maintain.verify.rows import changed_problems
from loader.maintain.verify.schema import restore_facts
from loader.maintain.verify.verify import GIVEN
from loader.rows.problems import problem_row
from loader.rows.travels import TABLES

LOST_KIND: Final = "damaged-capture"
_LOST_DETAIL: Final = "the raw capture was damaged and taken out by verify --repair"

_REBUILD_INDEX: Final = "insert into articles_fts (articles_fts) values ('rebuild')"


def needs_new_file(findings: Iterable[Finding]) -> bool:
    """Whether the file itself is damaged, rather than rows that can be rebuilt in it."""
    return any(finding.remedy is Remedy.SALVAGE for finding in findings)


def repair(archive: Archive, findings: Sequence[Finding]) -> None:
    """Fix the findings in place. Raises ArchiveError if that is impossible."""
    archive.begin_writing()
    if any(finding.remedy is Remedy.REINDEX for finding in findings):
        with archive_errors(archive.path):
            archive.conn.execute("reindex")
    lost = {f.snapshot_id for f in findings if f.remedy is Remedy.LOST and f.snapshot_id}
    changed = {f.snapshot_id for f in findings if f.remedy is Remedy.REBUILD and f.snapshot_id}

    def rebuild(conn: sqlite3.Connection) -> None:
        restore_indexes(conn)
        restore_triggers(conn)
        conn.execute(_REBUILD_INDEX)
        # Inferred rows are deleted first, since they refer to boards and texts that may be deleted.
        forget_dating(conn)
        _fix_keys(conn)
        restore_facts(conn)
        _replace_lost(conn, sorted(lost))
        _delete_changed_problems(conn)
        delete_orphans(conn)
        set_spans(conn)

    archive.in_transaction(rebuild)
    rewrite(archive, sorted(changed - lost))
    archive.in_transaction(_settle)


def _settle(conn: sqlite3.Connection) -> None:
    settle_dates(conn)
    link_all(conn)
    credit_all(conn)


# Keys of snapshots that reparsing restores; a text is reset with its claim.
_RESTORED: Final = {
    "board_id": "board_id = null",
    "article_id": "article_id = null, claim_id = null",
}


def _fix_keys(conn: sqlite3.Connection) -> None:
    """Delete rows with dangling keys, or reset the keys; reparsing restores them."""
    for table in TABLES:
        keys: dict[int, list[_Key]] = {}
        for number, *key in conn.execute(_KEYS, (table,)).fetchall():
            keys.setdefault(number, []).append(_Key._make(key))
        for parts in keys.values():
            given = " and ".join(f"{key.column} is not null" for key in parts)
            equal = " and ".join(f"parent.{key.to} = {table}.{key.column}" for key in parts)
            found = f"select 1 from {parts[0].parent} parent where {equal}"
            dangling = f"{given} and not exists ({found})"
            anew = _RESTORED.get(parts[0].column) if table == "snapshots" else None
            if anew:
                conn.execute(f"update snapshots set {anew} where {dangling}")
            elif parts[0].parent not in GIVEN:
                conn.execute(f"delete from {table} where {dangling}")


class _Key(NamedTuple):
    parent: str
    column: str
    to: str


_KEYS: Final = 'select id, "table", "from", "to" from pragma_foreign_key_list(?)'


def _delete_changed_problems(conn: sqlite3.Connection) -> None:
    """Delete problems that do not match their digest; reparsing restores those of captures."""
    digests = [problem.digest for problem in changed_problems(conn)]
    conn.executemany("delete from problems where digest = ?", [(digest,) for digest in digests])


def _replace_lost(conn: sqlite3.Connection, snapshot_ids: Sequence[int]) -> None:
    """Replace damaged raw captures by problems; merging an intact copy restores them."""
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
