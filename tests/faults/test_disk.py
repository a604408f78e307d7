"""A full disk or a missing permission gives a clear line and an unchanged archive.

A limit on the size of files stands in for the full disk: SQLite meets both as a failed write.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import SAMPLES
from tests.faults.commands import LOADER, content, run, verified
from tests.reliability import note, some


def _limited(limit: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    def limit_file_size() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [*LOADER, *map(str, arguments)],
        preexec_fn=limit_file_size,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", some(["load", "merge", "reparse", "migration"], 2))
def test_full_disk_is_told_and_damages_nothing(
    command: str,
    tmp_path: Path,
    small: Path,
    large: Path,
    misread: Path,
    oldest: Path,
    corpus: Path,
) -> None:
    db = tmp_path / "archive.db"
    source, arguments, room = {
        "load": (small, ("load", corpus, "--db", db, "-q"), 60_000),
        "merge": (small, ("merge", db, large, "-q"), 60_000),
        "reparse": (misread, ("reparse", "--db", db), 20_000),
        "migration": (oldest, ("load", SAMPLES, "--db", db, "-q"), 30_000),
    }[command]
    shutil.copy(source, db)
    before = content(db) if command != "migration" else None
    # A rollback journal or a WAL is a file of its own, so the limit is met there as well.
    result = _limited(db.stat().st_size + room if command != "reparse" else room, *arguments)
    assert result.returncode == 1
    assert result.stderr.startswith(f"Error: {db}"), result.stderr
    assert "disk" in result.stderr
    assert "Traceback" not in result.stderr
    verified(db, but="captures" if command == "reparse" else "")
    if before is not None:
        assert set(before["snapshots"]) <= set(content(db)["snapshots"])
    run(*arguments)
    verified(db)


def test_share_without_room_leaves_no_file(tmp_path: Path, small: Path) -> None:
    out = tmp_path / "out.db"
    result = _limited(100_000, "share", out, "--db", small)
    assert result.returncode == 1
    assert result.stderr.startswith("Error: "), result.stderr
    assert "disk" in result.stderr
    assert list(tmp_path.iterdir()) == []


def _obey_permissions() -> None:
    """Take from root, before the command starts, the right to pass over permissions."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 24, 1, 2  # linux/prctl.h, capability.h


@pytest.mark.skipif(sys.platform != "linux", reason="root's rights are taken as Linux does")
def test_folder_that_may_not_be_written(tmp_path: Path, small: Path) -> None:
    """Reading goes on; writing says what is in the way."""
    folder = tmp_path / "public"
    folder.mkdir()
    db = Path(shutil.copy(small, folder / "archive.db"))
    before = db.read_bytes()

    def obeying(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*LOADER, *map(str, arguments), "--db", str(db)],
            preexec_fn=_obey_permissions,
            capture_output=True,
            text=True,
            check=False,
        )

    db.chmod(0o444)
    folder.chmod(0o555)
    try:
        loaded = obeying("load", SAMPLES.parent / "html_cases", "-q")
        assert loaded.returncode == 1
        assert "is read-only, or its folder is" in loaded.stderr, loaded.stderr
        assert "Traceback" not in loaded.stderr
        for command in (("stats",), ("verify", "--all"), ("share", tmp_path / "copy.db")):
            result = obeying(*command)
            assert result.returncode == 0, result.stderr + result.stdout
    finally:
        folder.chmod(0o755)
    assert db.read_bytes() == before
    note("A read-only folder is read and left alone", commands=4)
