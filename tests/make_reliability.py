"""docs/reliability.md from the notes of a test run: `make reliability` runs both."""

from __future__ import annotations

import json
import platform
import sqlite3
from datetime import date
from pathlib import Path

from tests.reliability import FIGURES

PAGE = Path(__file__).parent.parent / "docs" / "reliability.md"

_HEAD = """# Reliability

What is promised, the test that proves it, and what it counted when it last ran here: tests may
have run on different days and for different lengths. `make reliability` runs all of them at length
(50 kills a command, 1,000 flips) and writes this page.

| promise | test | counted |
| --- | --- | --- |
"""
_FOOT = """
Written {day}, Python {python}, SQLite {sqlite}, {system}. Each kill is followed by
`verify --all` and by the same command again, which must end with the same content.

Promises without a count, each with its tests: union of archives in any split and order
(`tests/archive/test_merge.py`, made-up captures), reparse (`test_reparse.py`: six parsers that
read otherwise), copies for others (`test_share.py`: over HTTP ranges too), damage found and rebuilt
(`test_verify.py`: each kind of row), older schemas (`test_migrations.py`: one archive of each that
was released), no table forgotten (`test_tables.py`: a row of each goes missing), who holds a lock
(`tests/faults/test_concurrent.py`), litestream (`tests/faults/test_litestream.py`), full disk
(`tests/faults/test_disk.py`), a source that changes while it is read
(`tests/sources/test_pages.py`), decompression bombs (`tests/sources/test_compressed.py`: a
thousand times its size after 64 MiB).

Known limits. What no digest and no raw capture covers (where a capture was found, what the
crawler said) stands in a table and in an index: `verify` finds a change to one of them but cannot
tell which is right. Captures of one page at one time with the same bytes and another media type
or charset are one snapshot, read as the first. Of captures that were refused no raw bytes are
kept, so `reparse` cannot read them again. Power loss is simulated by copying the files at an
instant and by cutting the WAL; a disk that reorders writes after a sync is not. What differs from
the raw captures is damage only where this version of the loader was the last to read them:
`verify` of an archive of another version names it as another reading until `reparse` has run. Who
holds a lock is named on Linux only, and not across containers.
"""


def make_page(today: date) -> str:
    """The page, from what the tests of the last run noted."""
    rows = []
    for path in sorted(FIGURES.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        counted = ", ".join(
            f"{value:,} {name.replace('_', ' ')}" if isinstance(value, int) else f"{name} {value}"
            for name, value in record["counts"].items()
        )
        rows.append(f"| {record['promise']} | `{record['test']}` | {counted} |\n")
    foot = _FOOT.format(
        day=today.isoformat(),
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        system=platform.system(),
    )
    return _HEAD + "".join(rows) + foot


if __name__ == "__main__":
    PAGE.write_text(make_page(date.today()), encoding="utf-8")
