"""Several processes on one archive: writers wait or name the blocker, readers continue."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from loader.archive.archive import Archive
from loader.archive.connection import open_readonly
from loader.errors import ArchiveError
from tests.conftest import SAMPLES
from tests.faults.commands import content, finish, run, sample_files, start, verified
from tests.faults.conftest import invoke
from tests.reliability import note, setting

ROUNDS = setting("LOADER_RACES", 1)
LOADERS = 3


def test_loaders_at_once_lose_no_row(tmp_path: Path, small: Path) -> None:
    """Also when the archive is not there yet and all of them make it."""
    pages = sample_files()
    wanted = content(small)
    for number in range(ROUNDS):
        db = tmp_path / str(number) / "archive.db"
        db.parent.mkdir()
        processes = [
            start("load", *pages[part::LOADERS], "--db", db, "-q", "--timeout", 120)
            for part in range(LOADERS)
        ]
        for process in processes:
            code, output = finish(process)
            assert code == 0, output
        run("load", db.parent, "--db", db, "-q")
        verified(db)
        assert content(db) == wanted
        assert [path.name for path in db.parent.iterdir()] == ["archive.db"]
    note("Loaders at once lose no row", races=ROUNDS, loaders=LOADERS)


def test_loader_that_may_not_wait_says_who_is_in_the_way(tmp_path: Path, small: Path) -> None:
    db = tmp_path / "archive.db"
    db.write_bytes(small.read_bytes())
    page = tmp_path / "new.txt"
    page.write_bytes((SAMPLES / "2024-seed-layout-teaser.txt").read_bytes() + b"\n\nNew.\n")
    with closing(sqlite3.connect(db, isolation_level=None)) as holder:
        holder.execute("begin immediate")
        for command in (
            ("load", page, "--db", db, "--timeout", 0.2),
            ("date", "--db", db, "--timeout", 0.2),
        ):
            code, output = finish(start(*command))
            assert code == 1
            assert "is locked by another writer" in output
    run("load", page, "--db", db, "-q")


HOLDER = """
import sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("pragma journal_mode = " + sys.argv[2])
conn.execute(sys.argv[3])
conn.execute("select count(*) from snapshots").fetchone()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux tells who holds a lock")
@pytest.mark.parametrize(
    ("mode", "begin", "who"),
    [
        ("wal", "begin immediate", "another writer"),
        ("delete", "begin immediate", "another writer"),
        ("delete", "begin", "a reader"),
    ],
)
def test_who_holds_the_lock_is_named(
    tmp_path: Path, small: Path, mode: str, begin: str, who: str
) -> None:
    db = tmp_path / "archive.db"
    db.write_bytes(small.read_bytes())
    page = tmp_path / "new.txt"
    page.write_bytes((SAMPLES / "2024-seed-layout-teaser.txt").read_bytes() + b"\n\nNew.\n")
    other = tmp_path / "other.db"
    invoke("load", page, "--db", other, "-q")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(db), mode, begin],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        for command in (("load", page, "--db", db), ("merge", db, other)):
            code, output = finish(start(*command, "--timeout", 0.2))
            assert code == 1
            name = Path(f"/proc/{holder.pid}/comm").read_text().strip()
            assert f"archive.db: is locked by {who}: {name}, process {holder.pid} (" in output
    finally:
        holder.kill()
        holder.communicate()
    run("load", page, "--db", db, "-q")


def test_where_the_system_does_not_tell_the_lock_alone_is(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "archive.db"
    db.write_bytes(small.read_bytes())
    with closing(sqlite3.connect(db, isolation_level=None)) as holder:
        holder.execute("begin immediate")
        for locks in ("no such line\n", "1: POSIX ADVISORY WRITE 0 00:00:1 0 EOF\n", None):
            file = tmp_path / "locks"
            file.unlink(missing_ok=True)
            if locks:
                file.write_text(locks)
            monkeypatch.setattr("loader.archive.lock_holder._LOCKS", file)
            with (
                pytest.raises(ArchiveError, match=r"is locked by another writer \(wait"),
                Archive.open(db, timeout=0) as archive,
            ):
                archive.in_transaction(lambda conn: conn.execute("select 1"))


def test_reader_during_a_load_meets_no_error(tmp_path: Path, small: Path, corpus: Path) -> None:
    db = tmp_path / "archive.db"
    db.write_bytes(small.read_bytes())
    process = start("load", corpus, "--db", db, "-q")
    longest, reads, counts = 0.0, 0, []
    while process.poll() is None:
        started = time.perf_counter()
        with closing(open_readonly(db, timeout=5)) as conn:
            counts.append(conn.execute("select count(*) from snapshots").fetchone()[0])
            conn.execute("select * from latest_board").fetchall()
        longest = max(longest, time.perf_counter() - started)
        reads += 1
        time.sleep(0.01)
    code, output = finish(process)
    assert code == 0, output
    assert counts == sorted(counts)
    note("A reader during a load meets no error", reads=reads,
         longest_wait_in_milliseconds=round(longest * 1000))  # fmt: skip


def test_load_leaves_the_wal_to_whoever_follows_it(
    tmp_path: Path, small: Path, corpus: Path
) -> None:
    """As litestream does, which holds the archive open in WAL mode (docs/backup.md)."""
    db = tmp_path / "archive.db"
    db.write_bytes(small.read_bytes())
    with closing(sqlite3.connect(db)) as follower:
        follower.execute("pragma journal_mode = wal")
        follower.execute("select count(*) from snapshots").fetchone()
        run("load", corpus, "--db", db, "-q")
        assert follower.execute("pragma journal_mode").fetchone()[0] == "wal"
        (count,) = follower.execute("select count(*) from snapshots").fetchone()
        assert count > len(content(small)["snapshots"])
    verified(db)
