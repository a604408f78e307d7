"""Check the machine and an archive for missing parts, and suggest remedies.

The checks are cheap at any size of the archive; `loader.maintain.verify` checks the rows.
"""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from enum import Enum
from pathlib import Path
from shlex import quote
from typing import Final, NamedTuple

from loader.archive.connection import archive_errors, open_readonly
from loader.archive.dating.times import years_without_sessions
from loader.archive.schema import MIN_SQLITE, is_current
from loader.archive.undated import read_undated
from loader.archive.versions import is_read_by_another
from loader.errors import ArchiveError
from loader.version import __version__
from loader.words import counted

# A load or compaction may need free space of the archive's size.
_MIN_FREE_BYTES: Final = 200_000_000
_EXTRAS: Final = {
    "parquet": (("pyarrow",), "Parquet files and `loader export`"),
    "remote": (("fsspec", "aiohttp", "s3fs"), "sources at s3:// and https:// addresses"),
    "calendar": (("exchange_calendars",), "days of boards after 2026"),
    "cluster": (("distributed",), "loads on many machines"),
    "desk": (("datasette_xlsx", "datasette_copyable"), "Excel files of tables"),
    "ai": (("datasette_llms_txt",), "a server that language models can ask"),
}


class State(Enum):
    """The outcome of a check."""

    FINE = "ok"
    OPTIONAL = "-"
    ADVICE = "advice"
    FAULT = "FAULT"


class Check(NamedTuple):
    """A check: its subject, its outcome, details, and a command as remedy, if any."""

    subject: str
    state: State
    detail: str
    remedy: str = ""


def check_machine() -> Iterator[Check]:
    """Yield the checks of Python, SQLite and the optional extras."""
    system = f"{platform.system()} {platform.machine()}"
    yield Check(
        "loader", State.FINE, f"{__version__} on Python {platform.python_version()}, {system}"
    )
    yield _check_sqlite()
    for extra, (modules, purpose) in _EXTRAS.items():
        if all(importlib.util.find_spec(module) for module in modules):
            yield Check(f"[{extra}]", State.FINE, purpose)
        else:
            install = f"{Path(sys.executable).name} -m pip install 'brecorder-archive[{extra}]'"
            yield Check(f"[{extra}]", State.OPTIONAL, f"not installed: {purpose}", install)


def _check_sqlite() -> Check:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < MIN_SQLITE:
        wanted = ".".join(map(str, MIN_SQLITE))
        return Check("SQLite", State.FAULT, f"{version}; {wanted} or newer is needed")
    try:
        with closing(sqlite3.connect(":memory:")) as conn:
            conn.execute("create virtual table words using fts5 (word)")
    except sqlite3.OperationalError:
        return Check("SQLite", State.FAULT, f"{version} without full-text search (FTS5)")
    return Check("SQLite", State.FINE, f"{version} with full-text search")


def check_archive_file(path: Path, timeout: float) -> Iterator[Check]:
    """Yield the checks of an archive and of the free space beside it."""
    db = quote(str(path))
    folder = path.absolute().parent
    if folder.is_dir():
        yield _check_disk(path, folder)
    if not path.exists():
        yield Check("archive", State.ADVICE, f"no file {path}", f"loader load PAGES --db {db}")
        return
    try:
        with archive_errors(path), closing(open_readonly(path, timeout)) as conn:
            yield from _check_content(conn, db)
    except ArchiveError as error:
        remedy = error.remedy or f"loader verify --db {db}"
        yield Check("archive", State.FAULT, f"{error.subject} {error.fault}", remedy)


def _check_disk(path: Path, folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    size = path.stat().st_size if path.exists() else 0
    detail = f"{free / 1e9:,.1f} GB free beside the archive of {size / 1e6:,.1f} MB"
    is_enough = free > max(size, _MIN_FREE_BYTES)
    return Check("disk", State.FINE if is_enough else State.ADVICE, detail)


def _check_content(conn: sqlite3.Connection, db: str) -> Iterator[Check]:
    (count,) = conn.execute("select count(*) from snapshots").fetchone()
    yield Check("archive", State.FINE, counted(count, "snapshot"))
    if not is_current(conn):
        remedy = f"loader load /dev/null --db {db}"
        yield Check("schema", State.ADVICE, "of an older loader; the next load updates it", remedy)
        return
    if count == 0:
        yield Check("captures", State.ADVICE, "none yet", f"loader load PAGES --db {db}")
        return
    if is_read_by_another(conn):
        detail = "captures were last read by another version of the parser"
        yield Check("parser", State.ADVICE, detail, f"loader reparse --dry-run --db {db}")
    if found := read_undated(conn):
        detail = f"no board has a day yet; {found.remedies[0]}"
        yield Check("days", State.ADVICE, detail, f"loader date --closes FILE.csv --db {db}")
    if years := years_without_sessions(conn):
        detail = f"no calendar for boards captured in {', '.join(map(str, years))}"
        yield Check("days", State.ADVICE, detail, "pip install 'brecorder-archive[calendar]'")
    (failed,) = conn.execute(
        "select count(distinct source_id) from problems where kind = 'unreadable'"
    ).fetchone()
    if failed:
        detail = f"{counted(failed, 'source')} could not be read, once or more often"
        yield Check("sources", State.ADVICE, detail, f"loader stats --db {db}")
