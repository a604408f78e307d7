"""A command ended at any moment by kill -9 or SIGTERM loses nothing; the next run does the rest.

`make test` ends one command in either way; `make reliability` ends all of them, many times.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from loader.archive.schema import migrations
from loader.archive.scripts import run_sql
from tests.conftest import SAMPLES
from tests.faults.commands import content, copied, end_at, measure, run, verified
from tests.reliability import note, setting

# How often each command is ended by either signal; 0: the few of `make test`.
KILLS = setting("LOADER_KILLS", 0)
STOPS = setting("LOADER_STOPS", 0)
LINE = "stopped by SIGTERM: completed batches are kept, and the same command does the rest\n"

Command = Sequence[object]


Archives = Callable[[str], Path]


@pytest.fixture
def archives(request: pytest.FixtureRequest) -> Archives:
    """Return a function for what commands begin with, by the name of its fixture.

    Pages and archives, to read and copy; those that no test asks for are not made.
    """
    return cache(request.getfixturevalue)


@dataclass(frozen=True, slots=True)
class Case:
    """A command: `prepare` makes a folder ready and gives it. `promise` is what a kill leaves.

    `but` is what `verify` may find after a kill; what `is_once` is not made again when it is there.
    Where `is_over` is given, only kills count that
    came before it was true and left `was_met`.
    """

    promise: str
    prepare: Callable[[Path, Archives], Command]
    but: str = ""
    is_over: Callable[[Path], bool] | None = None
    was_met: Callable[[Path, Archives], bool] = lambda db, archives: True
    is_once: bool = False


def _first_load(folder: Path, archives: Archives) -> Command:
    folder.mkdir()
    return ("load", archives("corpus"), "--db", folder / "archive.db", "-q")


def _load(folder: Path, archives: Archives) -> Command:
    return ("load", archives("corpus"), "--db", copied(archives("small"), folder), "-q")


def _cluster(folder: Path, archives: Archives) -> Command:
    db = copied(archives("small"), folder)
    parts = folder.with_name("parts")
    return ("load", archives("corpus"), "--db", db, "-q", "--cluster", "local", "--parts", parts)


def _merge(folder: Path, archives: Archives) -> Command:
    return ("merge", copied(archives("small"), folder), archives("large"), "-q")


def _reparse(folder: Path, archives: Archives) -> Command:
    return ("reparse", "--db", copied(archives("misread"), folder))


def _date(folder: Path, archives: Archives) -> Command:
    db = copied(archives("large"), folder)
    with closing(sqlite3.connect(db, isolation_level=None)) as conn:
        run_sql(conn, "forget_dating.sql")
    return ("date", "--db", db)


def _compact(folder: Path, archives: Archives) -> Command:
    return ("compact", "--db", copied(archives("large"), folder))


def _share(folder: Path, archives: Archives) -> Command:
    folder.mkdir()
    return ("share", folder / "archive.db", "--db", archives("large"))


def _migration(folder: Path, archives: Archives) -> Command:
    page = SAMPLES / "2024-seed-layout-teaser.txt"
    return ("load", page, "--db", copied(archives("oldest"), folder), "-q")


def _is_of_the_old_schema(db: Path, archives: Archives) -> bool:
    """Killed in its one transaction, a migration leaves the old schema; else it is all done."""
    found = _migrations(db)
    before = _migrations(archives("oldest"))
    assert found in (before, {migration.name for migration in migrations._migrations})
    return found == before


CASES = {
    "first load": Case("loses nothing that was committed", _first_load),
    "load": Case("leaves what was there before", _load),
    "cluster run": Case("leaves what was there before, and parts that are whole", _cluster),
    "merge": Case("adds a source whole or not at all", _merge),
    # Half of the snapshots are as the other parser read them; all else must be sound.
    "reparse": Case("leaves every snapshot whole", _reparse, but="captures"),
    "date": Case("leaves the days of before or those of after", _date, but="trading days"),
    "compact": Case("leaves every raw capture readable", _compact),
    "share": Case("leaves no half copy under its name", _share, is_once=True),
    # Its transaction keeps a journal; what comes after the migration is written to a WAL.
    "migration": Case(
        "leaves the old version",
        _migration,
        is_over=lambda db: not db.with_name(f"{db.name}-journal").exists(),
        was_met=_is_of_the_old_schema,
    ),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("how", (signal.SIGKILL, signal.SIGTERM), ids=lambda how: how.name)
def test_command_survives_its_end_at_any_moment(
    name: str, how: signal.Signals, tmp_path: Path, archives: Archives
) -> None:
    is_kill = how == signal.SIGKILL
    wanted = KILLS if is_kill else STOPS
    if wanted == 0:
        if name != ("load" if is_kill else "merge"):
            pytest.skip("`make reliability` ends this command too")
        wanted = 1
    case = CASES[name]
    rounds = _Rounds(case, how, archives, tmp_path)
    ended = rounds.end_often(wanted)
    promise = f"A {name} that is {'killed' if is_kill else 'stopped'} {case.promise}"
    note(promise, **{"kills" if is_kill else "stops": ended})


class _Rounds:
    """A command ended at moments spread over its time; each time its archive is sound, and the
    same command again ends with the same content."""

    def __init__(self, case: Case, how: signal.Signals, archives: Archives, at: Path) -> None:
        self._case = case
        self._how = how
        self._archives = archives
        self._at = at
        folder = at / "whole" / "run"
        folder.parent.mkdir()
        command = case.prepare(folder, archives)
        db = folder / "archive.db"
        is_over = case.is_over
        span = measure(folder, command, (lambda: is_over(db)) if is_over else None)
        self._seconds = span.end - span.first
        self._wanted = content(db)

    def end_often(self, wanted: int) -> int:
        """End the command until it was met so often; return how often.

        A machine is not always as quick as it was: where a command was over before its end came,
        the next ends come earlier.
        """
        chance = random.Random(self._how)
        met = tried = 0
        with ThreadPoolExecutor(2) as pool:
            while met < wanted:
                assert tried < 10 * wanted + 20, "the command is too quick to be ended"
                numbers = range(tried, tried + min(2, wanted - met))
                # A little beyond the end of the work, so that folding up the file is met too.
                delays = [chance.uniform(0, self._seconds * 1.05) for _ in numbers]
                found = list(pool.map(self._try_one, numbers, delays))
                met += sum(found)
                if not any(found):
                    self._seconds *= 0.6
                tried += len(numbers)
        return met

    def _try_one(self, number: int, delay: float) -> bool:
        folder = self._at / str(number) / "run"
        folder.parent.mkdir()
        command = self._case.prepare(folder, self._archives)
        was_met, errors = end_at(folder, command, delay, self._how)
        db = folder / "archive.db"
        where = f"ended after {delay:.4f} s: {errors}"
        if self._how == signal.SIGTERM and was_met:
            assert errors == LINE
            assert {path.name for path in folder.iterdir()} <= {"archive.db"}, where
        if db.exists():
            verified(db, self._case.but)
        counts = was_met and self._case.was_met(db, self._archives)
        if not (self._case.is_once and db.exists()):
            run(*command)
        assert content(db) == self._wanted, where
        return counts


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
