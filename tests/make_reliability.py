"""docs/reliability.md from the notes of a test run: `make reliability` runs both.

With `--words` the figures and the day stay those of the page, and only the words around them
are written anew: tests that ran for a moment leave notes too, and are not worth a figure.
"""

from __future__ import annotations

import json
import platform
import re
import sqlite3
import sys
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
{written} Each kill is followed by
`verify --all` and by the same command again, which must end with the same content.

Promises without a count, each with its tests: union of archives in any split and order
(`tests/maintain/test_merge.py`, made-up captures), reparse (`tests/maintain/test_reparse.py`: six
parsers that read otherwise), copies for others (`tests/maintain/test_share.py`: over HTTP ranges
too), damage found and rebuilt (`tests/maintain/test_verify.py`: each kind of row), older schemas
(`tests/archive/test_migrations.py`: one archive of each that was released), no table forgotten
(`tests/rows/test_travels.py`: a row of each goes missing), who holds a lock
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


def counted() -> list[str]:
    """The rows of the table, from what the tests of the last run noted."""
    rows = []
    for path in sorted(FIGURES.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        counts = ", ".join(
            f"{value:,} {name.replace('_', ' ')}" if isinstance(value, int) else f"{name} {value}"
            for name, value in record["counts"].items()
        )
        rows.append(f"| {record['promise']} | `{record['test']}` | {counts} |")
    return rows


def written_on(today: date) -> str:
    return (
        f"Written {today.isoformat()}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}, {platform.system()}."
    )


def make_page(rows: list[str], written: str) -> str:
    return _HEAD + "".join(f"{row}\n" for row in rows) + _FOOT.format(written=written)


def with_figures_of(page: str) -> str:
    """The page in today's words, with the rows and the day that `page` has."""
    rows = re.findall(r"^\| .* \| `tests/.* \|$", page, re.M)
    (written,) = re.findall(r"^Written [^\n]*?, \w+\.(?= )", page, re.M)
    return make_page(rows, written)


if __name__ == "__main__":
    if "--words" in sys.argv:
        text = with_figures_of(PAGE.read_text(encoding="utf-8"))
    else:
        text = make_page(counted(), written_on(date.today()))
    PAGE.write_text(text, encoding="utf-8")
