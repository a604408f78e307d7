"""Power loss, as far as it can be simulated: the files as they are at an instant of a load.

The process is stopped, its files are copied, it goes on. In half of the copies the end of
the WAL is missing too, as when it never reached the disk; SQLite syncs the WAL before it
folds pages back, so no copy loses what the main file already has.
"""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import time
from pathlib import Path

from tests.faults.commands import content, finish, start, verified
from tests.reliability import note, setting

COPIES = setting("LOADER_POWER_CUTS", 12)


def test_copy_of_file_and_wal_at_any_moment_opens_sound(
    tmp_path: Path, small: Path, corpus: Path
) -> None:
    chance = random.Random(6)
    wanted_before = set(content(small)["snapshots"])
    copies: list[Path] = []
    cut = rounds = 0
    while len(copies) < COPIES and rounds < COPIES * 3:
        rounds += 1
        live = tmp_path / f"live-{rounds}"
        live.mkdir()
        db = Path(shutil.copy(small, live / "archive.db"))
        unfolded = db.read_bytes()[100:]
        process = start("load", corpus, "--db", db, "-q")
        wal = live / "archive.db-wal"
        while process.poll() is None and len(copies) < COPIES:
            time.sleep(chance.uniform(0.0, 0.15))
            process.send_signal(signal.SIGSTOP)
            if wal.exists() and wal.stat().st_size:
                at = tmp_path / f"cut-{len(copies)}"
                at.mkdir()
                for path in (db, wal):
                    shutil.copy(path, at / path.name)
                copies.append(at / "archive.db")
                if len(copies) % 2 and (at / "archive.db").read_bytes()[100:] == unfolded:
                    tail = at / "archive.db-wal"
                    with tail.open("r+b") as file:
                        file.truncate(chance.randrange(tail.stat().st_size))
                    cut += 1
            process.send_signal(signal.SIGCONT)
        code, output = finish(process)
        assert code == 0, output
    assert len(copies) == COPIES
    for copy in copies:
        verified(copy)
        assert wanted_before <= set(content(copy)["snapshots"])
        with sqlite3.connect(copy) as conn:
            (count,) = conn.execute("select count(*) from snapshots").fetchone()
        conn.close()
        assert count >= len(wanted_before)
    note("Power loss leaves a sound archive", copies_opened=len(copies), with_the_wal_cut=cut)
