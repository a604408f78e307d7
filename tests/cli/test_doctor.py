"""`loader doctor` and the next step after a command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from loader.maintain import health
from loader.maintain.health import State, check_archive_file, check_machine
from tests.archives import RELEASED, unpack
from tests.conftest import ROOT, SAMPLES, Run

PAGE = SAMPLES / "2024-seed-layout-teaser.txt"


def test_sound_machine_and_archive_have_no_fault(sample_archive: Path, run: Run) -> None:
    before = sample_archive.read_bytes()
    output = run("doctor", "--db", sample_archive).output
    assert "FAULT" not in output
    assert "with full-text search" in output
    assert "snapshots" in output
    assert sample_archive.read_bytes() == before


def test_archive_that_is_missing_is_advice_and_not_made(tmp_path: Path, run: Run) -> None:
    output = run("doctor", "--db", tmp_path / "none.db").output
    assert "loader load PAGES --db" in output
    assert list(tmp_path.iterdir()) == []


def test_boards_without_a_day_are_told_with_what_would_help(tmp_path: Path, run: Run) -> None:
    run("load", PAGE, "--db", tmp_path / "a.db")
    output = run("doctor", "--db", tmp_path / "a.db").output
    assert "no board has a day yet" in output
    assert "loader date --closes FILE.csv" in output


def test_sources_that_were_not_read_are_counted(tmp_path: Path, run: Run) -> None:
    run("load", PAGE, tmp_path / "nowhere.txt", "--db", tmp_path / "a.db", code=1)
    assert "1 source could not be read" in run("doctor", "--db", tmp_path / "a.db").output


def test_archive_of_an_older_schema_is_advice(tmp_path: Path, run: Run) -> None:
    old = unpack(RELEASED[0], tmp_path / "old.db")
    before = old.read_bytes()
    assert "the next load updates it" in run("doctor", "--db", old).output
    assert old.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"no database at all, but some text" * 99, b"SQLite format 3\0"]
)
def test_file_that_is_no_archive_is_a_fault(content: bytes, tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.db").write_bytes(content)
    assert "FAULT" in run("doctor", "--db", tmp_path / "a.db", code=1).output


def test_old_sqlite_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.sqlite3, "sqlite_version_info", (3, 31, 0))
    (found,) = [check for check in check_machine() if check.subject == "SQLite"]
    assert found.state is State.FAULT
    assert "or newer is needed" in found.detail


def test_missing_extra_names_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.importlib.util, "find_spec", lambda name: None)
    found = {check.subject: check for check in check_machine()}
    assert found["[parquet]"].state is State.OPTIONAL
    assert "brecorder-archive[parquet]" in found["[parquet]"].remedy


def test_every_extra_for_users_is_checked() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for extra in health._EXTRAS:
        assert f"\n{extra} = [" in pyproject


def test_names_of_files_are_quoted_for_the_shell(tmp_path: Path) -> None:
    checks = list(check_archive_file(tmp_path / "my file.db", 1))
    assert f"'{tmp_path / 'my file.db'}'" in checks[-1].remedy


@pytest.mark.skipif(os.name == "nt", reason="a terminal of Unix")
@pytest.mark.parametrize("no_color", ["", "1"])
def test_next_step_is_named_in_a_terminal_alone(tmp_path: Path, no_color: str) -> None:
    import pty

    code = "from loader.cli import main; main(prog_name='loader')"
    command = [sys.executable, "-c", code, "load", str(PAGE), "--db", str(tmp_path / "a.db")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": no_color}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "Next:" not in done.stderr + done.stdout
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, env=environment, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        output = b""
        while chunk := _read(ours):
            output += chunk
    os.close(ours)
    assert process.returncode == 0
    assert b"Next: loader serve --open --db" in output
    assert (b"\x1b[" in output.partition(b"Next:")[0][-8:]) == (not no_color)


def _read(terminal: int) -> bytes:
    """Return output of a terminal; nothing once its other side is closed."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
