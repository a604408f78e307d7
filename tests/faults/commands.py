"""Run the real command in another process, and end it at a chosen moment."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from loader.maintain.dump import dump
from loader.maintain.reparse.compare import Scan
from loader.maintain.verify.verify import reading, verify
from tests.conftest import SAMPLES

LOADER = (sys.executable, "-m", "loader")


def sample_files() -> list[Path]:
    """Return the files that a load of the samples' folder reads."""
    kinds = {".txt", ".html", ".mhtml", ".jsonl", ".gz"}
    return sorted(path for path in SAMPLES.rglob("*") if path.suffix in kinds)


def start(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*LOADER, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Return exit code and output; a command that hangs is killed."""
    try:
        output, errors = process.communicate(timeout=300)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return process.returncode, output + errors


def run(*arguments: object) -> str:
    code, output = finish(start(*arguments))
    assert code == 0, output
    return output


def content(path: Path) -> dict[str, list[str]]:
    """Return the content of an archive by natural keys."""
    conn = sqlite3.connect(path)
    try:
        return dump(conn)
    finally:
        conn.close()


def verified(path: Path, but: str = "") -> None:
    """Fail if `verify --all`, in this process, finds damage outside the given area."""
    with reading(path, timeout=5) as conn:
        found = verify(conn, path, Scan(), everything=True)
        damage = [finding for finding in found if finding.is_damage and finding.area != but]
    assert not damage, damage[:5]


@dataclass(frozen=True, slots=True)
class Span:
    """The seconds after which a command first touches its archive's folder, and ends.

    Instead of the end, it may be that of the part in which the command is to be killed.
    """

    first: float
    end: float


def _is_touched(folder: Path, before: frozenset[tuple[str, int]]) -> bool:
    return _state(folder) != before


def _state(folder: Path) -> frozenset[tuple[str, int]]:
    names = []
    for path in folder.iterdir():
        try:
            names.append((path.name, path.stat().st_mtime_ns))
        except FileNotFoundError:  # a journal that has just gone
            continue
    return frozenset(names)


def measure(
    folder: Path, arguments: Sequence[object], is_over: Callable[[], bool] | None = None
) -> Span:
    """Run a command to its end once, to measure its span.

    With `is_over` the span ends when that is first true.
    """
    before, started = _state(folder), time.monotonic()
    process = start(*arguments)
    while process.poll() is None and not _is_touched(folder, before):
        time.sleep(0.0005)
    first = time.monotonic() - started
    while is_over and process.poll() is None and not is_over():
        time.sleep(0.0005)
    end = time.monotonic() - started
    code, output = finish(process)
    assert code == 0, output
    return Span(first, end if is_over else time.monotonic() - started)


def end_at(
    folder: Path, arguments: Sequence[object], delay: float, how: signal.Signals
) -> tuple[bool, str]:
    """Start a command and send a signal `delay` seconds after it first touched the folder.

    Returns whether the signal ended it, and its errors. A faster command has done its work, also if
    the signal arrived during Python's shutdown.
    """
    before = _state(folder)
    process = start(*arguments)
    while process.poll() is None and not _is_touched(folder, before):
        time.sleep(0.0002)
    time.sleep(delay)
    process.send_signal(how)
    _, errors = process.communicate()
    assert process.returncode in (0, -how, 128 + how), errors
    return process.returncode == (-how if how == signal.SIGKILL else 128 + how), errors


def copied(source: Path, folder: Path) -> Path:
    """Return the archive alone in a new folder."""
    folder.mkdir(parents=True)
    return Path(shutil.copy(source, folder / "archive.db"))
