"""Check trading days and links between articles against their evidence."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from loader.archive.connection import address
from loader.archive.credits import credit_all
from loader.archive.dating import date_all, has_undated
from loader.archive.versions import is_read_by_another
from loader.archive.write.boards import forget_dating
from loader.archive.write.likenesses import link_all
from loader.maintain.dump import row_lines
from loader.maintain.verify.finding import Finding, Remedy

_INFERRED: Final = (
    "boards",
    "quotes",
    "sessions",
    "stated_closes",
    "stated_values",
    "stated_moves",
    "trading_days",
    "board_groups",
    "board_indices",
    "group_links",
    "day_witnesses",
    "text_versions",
    "version_forms",
)
# Tables derived from texts and bylines alone, independent of days.
_OF_TEXTS: Final = (
    "article_sketches",
    "crowded_sketches",
    "article_likenesses",
    "credits",
    "article_counts",
)


def dating_findings(conn: sqlite3.Connection, *, everything: bool) -> Iterator[Finding]:
    """Yield a finding for undated boards, and with `everything` for days inferred wrongly.

    The latter are found by dating a copy of the archive. An archive made by `loader share` may lack
    evidence for its days, so only the former are checked.
    """
    if has_undated(conn):
        yield Finding("days", "not all boards were dated", Remedy.WAITS)
        return
    if not everything or conn.execute("select 1 from provenance").fetchone():
        return
    # Inferences of another version are not damage, just another result.
    remedy = Remedy.REPARSE if is_read_by_another(conn) else Remedy.REBUILD
    with tempfile.TemporaryDirectory(prefix="loader-verify-") as folder:
        file = address(Path(folder) / "copy.db")
        with closing(sqlite3.connect(file, uri=True, isolation_level=None)) as copy:
            conn.backup(copy)
            copy.execute("pragma journal_mode = off")
            copy.execute("begin")
            forget_dating(copy)
            date_all(copy)
            link_all(copy)
            credit_all(copy)
            for table in _INFERRED:
                if _fingerprint(conn, table) != _fingerprint(copy, table):
                    yield Finding("days", f"{table}: differs from the evidence", remedy)
            for table in _OF_TEXTS:
                if _fingerprint(conn, table) != _fingerprint(copy, table):
                    yield Finding("links", f"{table}: differs from the texts", remedy)


def _fingerprint(conn: sqlite3.Connection, table: str) -> int:
    """Return a checksum of a table's rows, whatever their order, in constant memory."""
    return sum(
        int.from_bytes(hashlib.sha256(line.encode("utf-8", "surrogatepass")).digest()[:16], "big")
        for line in row_lines(conn, table)
    )
