"""kill -9 at any moment: what was committed stays, and the same command does the rest."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from loader.archive.schema import migrations
from tests.conftest import SAMPLES
from tests.faults.commands import content, copied, kill_at, measure, run, verified
from tests.reliability import note, setting

KILLS = setting("LOADER_KILLS", 4)

Prepare = Callable[[Path], Sequence[object]]
"""Makes a new folder ready and gives the command that is to be killed in it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a command: when it is over, and whether a kill came before that."""

    is_over: Callable[[Path], bool]
    was_met: Callable[[Path], bool]


def _survives(
    promise: str,
    at: Path,
    prepare: Prepare,
    seed: int,
    but: str = "",
    part: Part | None = None,
) -> None:
    """Kill the command at KILLS moments; each time the archive is sound and can be finished.

    A kill that came after the command, or after its `part`, is tried but does not count.
    """
    seconds = min(_seconds(at / f"whole-{number}", prepare, part) for number in range(3))
    wanted = content(at / "whole-0" / "run" / "archive.db")
    chance = random.Random(seed)
    # A little beyond the end of the work, so that folding up the file is met too.
    delays = [chance.uniform(0, seconds * 1.05) for _ in range(KILLS * 4)]

    def try_one(number: int) -> bool:
        folder = at / str(number) / "run"
        folder.parent.mkdir()
        arguments = prepare(folder)
        was_alive = kill_at(folder, arguments, delays[number])
        if (folder / "archive.db").exists():
            verified(folder / "archive.db", but)
        counts = was_alive and (part is None or part.was_met(folder / "archive.db"))
        run(*arguments)
        assert content(folder / "archive.db") == wanted, f"killed after {delays[number]:.4f} s"
        return counts

    killed = tried = 0
    with ThreadPoolExecutor(2) as pool:
        while killed < KILLS and tried < len(delays):
            numbers = range(tried, min(tried + 2, len(delays)))
            killed += sum(pool.map(try_one, numbers))
            tried += len(numbers)
    assert killed >= KILLS, "the command is too quick to be killed"
    note(promise, kills_survived=killed)


def _seconds(at: Path, prepare: Prepare, part: Part | None) -> float:
    """How long the command, or its part, takes when nothing kills it."""
    at.mkdir(parents=True)
    command = prepare(at / "run")
    db = at / "run" / "archive.db"
    span = measure(at / "run", command, (lambda: part.is_over(db)) if part else None)
    return span.end - span.first


def test_load_survives_kills(tmp_path: Path, corpus: Path) -> None:
    def prepare(folder: Path) -> Sequence[object]:
        folder.mkdir()
        return ("load", corpus, "--db", folder / "archive.db", "-q")

    _survives("A killed load loses nothing that was committed", tmp_path, prepare, seed=1)


def test_load_into_an_archive_survives_kills(tmp_path: Path, small: Path, corpus: Path) -> None:
    def prepare(folder: Path) -> Sequence[object]:
        return ("load", corpus, "--db", copied(small, folder), "-q")

    _survives("A killed load leaves what was there before", tmp_path, prepare, seed=2)


def test_merge_survives_kills(tmp_path: Path, small: Path, large: Path) -> None:
    def prepare(folder: Path) -> Sequence[object]:
        return ("merge", copied(small, folder), large, "-q")

    _survives("A killed merge adds a source whole or not at all", tmp_path, prepare, seed=3)


def test_reparse_survives_kills(tmp_path: Path, misread: Path) -> None:
    def prepare(folder: Path) -> Sequence[object]:
        return ("reparse", "--db", copied(misread, folder))

    # Half of the snapshots are as the other parser read them; all else must be sound.
    promise = "A killed reparse leaves every snapshot whole"
    _survives(promise, tmp_path, prepare, seed=4, but="captures")


def test_migration_survives_kills(tmp_path: Path, oldest: Path) -> None:
    """Killed in its one transaction, it leaves the old schema, and the next run does it all."""
    before = _migrations(oldest)
    after = {migration.name for migration in migrations._migrations}

    def prepare(folder: Path) -> Sequence[object]:
        page = SAMPLES / "2024-seed-layout-teaser.txt"
        return ("load", page, "--db", copied(oldest, folder), "-q")

    def was_met(db: Path) -> bool:
        found = _migrations(db)
        assert found in (before, after)
        return found == before

    # Its transaction keeps a journal; what comes after the migration is written to a WAL.
    part = Part(lambda db: not db.with_name(f"{db.name}-journal").exists(), was_met)
    _survives("A killed migration leaves the old version", tmp_path, prepare, seed=5, part=part)


def _migrations(db: Path) -> set[str]:
    with closing(sqlite3.connect(db)) as conn:
        return {row[0] for row in conn.execute("select name from _sqlite_migrations")}


def test_archive_whose_writer_was_killed_in_a_transaction_can_be_read(
    tmp_path: Path, small: Path
) -> None:
    """Its journal must be rolled back first, which a connection that only reads cannot."""
    db = copied(small, tmp_path / "run")
    program = (
        "import os, sqlite3, sys\n"
        "conn = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "conn.execute('pragma cache_size = 1')\n"
        "conn.execute('begin immediate')\n"
        "conn.execute(\"update articles set headline = 'half done'\")\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(db)], check=False)
    assert db.with_name("archive.db-journal").exists()
    run("stats", "--db", db)
    run("share", tmp_path / "copy.db", "--db", db)
    verified(db)
    assert content(db) == content(small) == content(tmp_path / "copy.db")
