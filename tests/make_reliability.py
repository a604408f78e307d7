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
(200 kills and 100 SIGTERMs over nine commands, 2,000 flipped bits, half an hour of fuzz, ten
minutes of everything at once: 45 minutes on two cores) and writes this page. `make test` runs the
same tests with small counts, and of the ends of commands two.

| promise | test | counted |
| --- | --- | --- |
"""
_FOOT = """
{written} Each kill, fault and
power cut is followed by `verify --all` and by the same command again, which must end with the same
content. A disk that fails is one between SQLite and the files (`tests/faults/disk.py`): full from
one write on, or broken at one. A power cut leaves what was synced, and of what was written since
each sector of 512 bytes or not, in any order.

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
kept, so `reparse` cannot read them again. Power loss is simulated for SQLite's own writes; a disk
that says it has synced and has not is not. What differs from
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


def write_page() -> None:
    """Write the page from the notes of the last run."""
    PAGE.write_text(make_page(counted(), written_on(date.today())), encoding="utf-8")


if __name__ == "__main__":
    if "--words" in sys.argv:
        PAGE.write_text(with_figures_of(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        write_page()
