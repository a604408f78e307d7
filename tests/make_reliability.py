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

Each row is a promise, the test that proves it, and the counts of its last run here. The tests may
have run on different days and for different lengths. `make reliability` runs all of them at
length (200 kills and 100 SIGTERMs over nine commands, 2,000 flipped bits, half an hour of
fuzzing, ten minutes of everything at once; 45 minutes on two cores) and writes this page.
`make test` runs the same tests with small counts. Of what has many cases (damages, kept archives,
damaged parts, values of options, seeds of simulated markets, formats by worker processes) it runs
some of each, spread evenly, and `make reliability` all of them.

| promise | test | counted |
| --- | --- | --- |
"""
_FOOT = """
{written} Each kill, fault and power cut is followed by `verify --all` and by the same command
again, which must end with the same content. A disk fails in a layer between SQLite and the files
(`tests/faults/disk.py`): it is full from one write on, or one write fails. After a power cut,
everything that was synced is there; each sector of 512 bytes written since then may be missing,
in any combination.

These promises have no count, but tests:

| promise | test |
| --- | --- |
| archives merged in any split and order are the same | `tests/maintain/test_merge.py` |
| reparsing replaces the rows that changed | `tests/maintain/test_reparse.py`, six parsers |
| copies contain the requested parts, also over HTTP ranges | `tests/maintain/test_share.py` |
| damage is found and repaired | `tests/maintain/test_verify.py`, for each kind of row |
| older schemas are migrated | `tests/archive/test_migrations.py`, one of each release |
| no operation forgets a table | `tests/rows/test_travels.py`, which removes a row of each |
| an error names the process that holds a lock | `tests/faults/test_concurrent.py` |
| litestream can replicate and restore | `tests/faults/test_litestream.py` |
| a full disk loses nothing | `tests/faults/test_disk.py` |
| a source that changes while it is read is reported | `tests/sources/test_pages.py` |
| decompression bombs are refused | `tests/sources/test_compressed.py` |

## Known limits

- The place of a capture and the crawler's claims are covered neither by a digest nor by a raw
  capture. They stand in a table and in an index: `verify` finds a change to one of them, but
  cannot tell which is right.
- Captures of one page at one time with the same bytes but another media type or charset are one
  snapshot, read like the first.
- Refused captures have no raw bytes, so `reparse` cannot read them again.
- Power loss is simulated for SQLite's own writes. A disk that reports a sync before it is done is
  not simulated.
- A difference from the raw captures counts as damage only if this version of the loader was the
  last to read them. Until `reparse` has run, `verify` calls it another reading.
- The process that holds a lock is named on Linux only, and not across containers.
"""


def counted() -> list[str]:
    """Return the rows of the table, from the notes of the last run of the tests."""
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
    """Return the page in the present words, with the rows and the day of `page`."""
    rows = re.findall(r"^\| [^|]* \| `tests/[^|]*` \| [^|]* \|$", page, re.M)
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
