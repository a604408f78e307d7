"""A full or broken disk at every single write of a command: one line, nothing lost."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from loader.cli import main
from tests.archives import RELEASED, unpack
from tests.faults.commands import content, verified
from tests.faults.conftest import short_pages
from tests.faults.disk import BROKEN, FULL, OK, Disk, Event, disk, missing
from tests.reliability import note, setting

# How many faults a command meets, spread over all its writes. At length, a load meets both kinds at
# each of them.
FAULTS = setting("LOADER_IO_FAULTS", 3)
AT_LENGTH = 100

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


def _invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve synthetic pages as JSON lines: little to write, so that every write can be met."""
    path = tmp_path_factory.mktemp("pages") / "pages.jsonl"
    path.write_text("\n".join(map(json.dumps, islice(short_pages(), 12))), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, pages: Path) -> Path:
    """An archive of four of them."""
    folder = tmp_path_factory.mktemp("before")
    few = folder / "few.jsonl"
    few.write_text("\n".join(pages.read_text(encoding="utf-8").split("\n")[:4]), "utf-8")
    assert _invoke("load", few, "--db", folder / "archive.db", "-q").exit_code == 0
    return folder / "archive.db"


Prepare = Callable[[Path], tuple[object, ...]]
"""Makes a folder ready and gives the command whose writes fail there."""


@pytest.fixture(params=["new", "load", "merge", "compact", "migration", "share"])
def prepare(request: pytest.FixtureRequest, pages: Path, before: Path, tmp_path: Path) -> Prepare:
    name = str(request.param)
    other = tmp_path / "other.db"
    if name == "merge":
        assert _invoke("load", pages, "--db", other, "-q").exit_code == 0

    def make_ready(folder: Path) -> tuple[object, ...]:
        folder.mkdir()
        db = folder / "archive.db"
        if name == "migration":
            unpack(RELEASED[0], db)
        elif name not in ("new", "share"):
            shutil.copy(before, db)
        return {
            "new": ("load", pages, "--db", db, "-q", "--workers", 1),
            "load": ("load", pages, "--db", db, "-q", "--workers", 1),
            "merge": ("merge", db, other, "-q"),
            "compact": ("compact", "--db", db),
            "migration": ("load", pages, "--db", db, "-q", "--workers", 1),
            "share": ("share", db, "--db", before),
        }[name]

    make_ready.__name__ = name
    return make_ready


def _chosen(count: int, name: str) -> list[tuple[int, int]]:
    """Which of so many writes fail, and how."""
    every = [(number, code) for number in range(count) for code in (FULL, BROKEN)]
    if name == "load" and FAULTS >= AT_LENGTH:
        return every
    return random.Random(9).sample(every, min(FAULTS, len(every)))


def test_fault_at_any_write_is_one_line_and_loses_nothing(prepare: Prepare, tmp_path: Path) -> None:
    command = prepare(tmp_path / "whole")
    db = tmp_path / "whole" / "archive.db"
    had = (
        set(content(db)["snapshots"]) if prepare.__name__ in ("load", "merge", "compact") else set()
    )
    with disk(Disk(tmp_path / "whole")) as whole:
        assert _invoke(*command).exit_code == 0
    wanted = content(db)
    failed = 0
    for number, code in _chosen(whole.count, prepare.__name__):
        folder = tmp_path / f"{number}-{code}"
        command = prepare(folder)
        failed += _fails(command, folder, number, code, had, wanted)
        shutil.rmtree(folder)
    assert failed
    note(
        f"A disk that fails at any write of a command costs nothing ({prepare.__name__})",
        faults=failed,
        writes=whole.count,
    )


def _fails(
    command: tuple[object, ...],
    folder: Path,
    number: int,
    code: int,
    had: set[str],
    wanted: dict[str, list[str]],
) -> bool:
    """Run a command on a disk that fails at event `number`; whether the command told so.

    A full disk stays full, a broken one fails once. A fault that SQLite makes good itself, such as
    a WAL that cannot be folded back now, is not told.
    """
    db = folder / "archive.db"

    def fault(at: int, event: Event) -> int:
        is_met = at >= number if code == FULL else at == number
        return code if is_met and (event.what != "delete" or code == BROKEN) else OK

    with disk(Disk(folder, fault)):
        result = _invoke(*command)
    where = (command[0], number, code, result.output)
    assert isinstance(result.exception, SystemExit | None), (*where, result.exc_info)
    assert result.exit_code in (0, 1), where
    if result.exit_code == 1:
        (line,) = [line for line in result.stderr.splitlines() if line]
        assert line.startswith("Error: "), where
        assert "disk" in line, where
    if db.exists() and db.stat().st_size:
        verified(db)
        assert not had or had <= set(content(db)["snapshots"]), where
    if command[0] == "share":
        assert result.exit_code == 0 or list(folder.iterdir()) == [], where
    again = _invoke(*command) if result.exit_code or command[0] != "share" else result
    assert again.exit_code == 0, (*where, again.output)
    assert content(db) == wanted, where
    return result.exit_code == 1
