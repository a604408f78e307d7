"""Ctrl-C, SIGTERM and SIGHUP end a command cleanly; a second signal ends it at once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

from loader.cli.stops import Stopped, raising_stops
from tests.conftest import SAMPLES, Run
from tests.faults.commands import LOADER, verified
from tests.reliability import some

if sys.platform == "win32":
    pytest.skip("Windows has no such signals", allow_module_level=True)

PAGES = 20_000  # far more than are loaded before the signal comes, on a busy machine too
SCHEMA_BYTES = 1_500_000  # of the log when the tables are made; more is captures
LINE = "completed batches are kept, and the same command does the rest\n"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page again and again, each time about another town."""
    text = (SAMPLES / "2024-date-line-alone.txt").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("corpus") / "pages.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(PAGES):
            page = {
                "text": text.replace("Multan", f"Multan{number}"),
                "url": f"https://www.brecorder.com/news/4{number:07d}/x",
                "date": "2024-05-03T10:15:00Z",
            }
            file.write(json.dumps(page) + "\n")
    return path


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def command() -> Iterator[Start]:
    """Start a command; one that outlives its test is killed."""
    started: list[subprocess.Popen[str]] = []

    def start_command(command: Sequence[str], **keywords: object) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(SAMPLES.parent.parent)}
        process = subprocess.Popen(command, env=environment, text=True, **keywords)  # type: ignore[call-overload]
        started.append(process)
        return process  # type: ignore[no-any-return]

    yield start_command
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def start(tmp_path: Path, corpus: Path, command: Start) -> Start:
    """Start a load and give it back when its first batch is in the archive."""

    def start_load(*options: str, before: tuple[str, ...] = (), **keywords: object):  # type: ignore[no-untyped-def]
        process = command(
            [*before, *LOADER, "load", str(corpus), "--db", "archive.db", "-q", *options],
            cwd=tmp_path,
            **{"stderr": subprocess.PIPE, **keywords},
        )
        wal = tmp_path / "archive.db-wal"
        while process.poll() is None and not (wal.exists() and wal.stat().st_size > SCHEMA_BYTES):
            time.sleep(0.01)
        assert process.poll() is None, "the load was over before it could be stopped"
        return process

    return start_load


def _is_left_whole(folder: Path, run: Run) -> None:
    """Whole batches in one file."""
    assert [path.name for path in folder.glob("archive.db*")] == ["archive.db"]
    db = folder / "archive.db"
    counts = json.loads(run("stats", "--json", "--db", db).output)["counts"]
    assert 0 < counts["snapshots"] < PAGES
    with closing(sqlite3.connect(db)) as conn:
        assert conn.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert conn.execute("pragma foreign_key_check").fetchall() == []


def _is_sound(folder: Path, run: Run) -> None:
    """As it is left whole, with what its captures say."""
    _is_left_whole(folder, run)
    verified(folder / "archive.db")


@pytest.mark.parametrize(
    ("name", "workers"),
    some([("SIGTERM", "1"), ("SIGTERM", "2"), ("SIGHUP", "2"), ("SIGINT", "1")], 1),
)
def test_signal_ends_a_load_in_good_order(
    name: str, workers: str, start: Start, tmp_path: Path, run: Run
) -> None:
    number = signal.Signals[name]
    process = start("--workers", workers)
    process.send_signal(number)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 128 + number
    assert errors == f"stopped by {'Ctrl-C' if name == 'SIGINT' else name}: {LINE}"
    _is_sound(tmp_path, run)


def test_signal_to_the_whole_group_reaches_workers_without_harm(
    start: Start, tmp_path: Path, run: Run
) -> None:
    """As `docker stop` with a shell in between, and systemd, send it."""
    process = start("--workers", "2", start_new_session=True)
    os.killpg(process.pid, signal.SIGTERM)
    _, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (143, f"stopped by SIGTERM: {LINE}")
    _wait_for_group(process.pid)
    _is_sound(tmp_path, run)


def _wait_for_group(number: int) -> None:
    """Wait for the end of all processes of a group; a worker that had just begun ends by itself."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.killpg(number, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError("workers outlive the load")


@pytest.mark.skipif(not shutil.which("timeout"), reason="there is no `timeout` here")
def test_timeout_ends_a_load(start: Start, tmp_path: Path, run: Run) -> None:
    process = start("--workers", "1", before=("timeout", "--preserve-status", "600"))
    process.terminate()  # it passes the signal on, to the load and to its own group
    _, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (143, f"stopped by SIGTERM: {LINE}")
    _is_left_whole(tmp_path, run)


def test_terminal_that_closes_ends_a_load(start: Start, tmp_path: Path, run: Run) -> None:
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    process = start(
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    os.close(ours)
    assert process.wait(timeout=300) == 129
    _is_left_whole(tmp_path, run)


def test_load_under_nohup_goes_on(start: Start, tmp_path: Path) -> None:
    process = start(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    process.send_signal(signal.SIGHUP)
    time.sleep(0.2)
    assert process.poll() is None


def test_signal_while_a_source_is_read_is_no_fault_of_it(corpus: Path, command: Start) -> None:
    process = command(
        [*LOADER, "parse", str(corpus)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.terminate()
    output, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (143, f"stopped by SIGTERM: {LINE}")
    assert "Stopped" not in output


# A command that, once stopped, is within SQLite and gives no turn to Python's own handlers.
BUSY = """
import sqlite3, sys, time
from loader.cli.stops import Stopped, raising_stops
with raising_stops():
    try:
        print("ready", flush=True)
        time.sleep(60)
    except Stopped:
        print("stopping", flush=True)
        if "busy" in sys.argv:
            sqlite3.connect(":memory:").execute(
                "with recursive numbers (n) as (select 1 union all select n + 1 from numbers)"
                " select max(n) from numbers where n < 0").fetchall()
        time.sleep(0.3)
        print("tidied up", flush=True)
"""


def _stopping(
    command: Start, *arguments: str, numbers: Sequence[int] = (signal.SIGTERM,)
) -> subprocess.Popen[str]:
    process = command([sys.executable, "-c", BUSY, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    # Stopped meanwhile, it gets all of them in one moment.
    process.send_signal(signal.SIGSTOP)
    for number in numbers:
        process.send_signal(number)
    process.send_signal(signal.SIGCONT)
    assert process.stdout.readline() == "stopping\n"
    return process


def test_second_signal_ends_at_once(command: Start) -> None:
    process = _stopping(command, "busy")
    time.sleep(0.7)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=300)[0] == ""
    assert process.returncode == 130


def test_two_signals_in_one_moment_are_one_stop(command: Start) -> None:
    """`timeout` sends each to its command and to its group."""
    process = _stopping(command, numbers=(signal.SIGTERM, signal.SIGINT))
    assert process.communicate(timeout=300)[0] == "tidied up\n"
    assert process.returncode == 0


def test_second_signal_loses_nothing(start: Start, tmp_path: Path, run: Run) -> None:
    process = start("--workers", "2")
    process.send_signal(signal.SIGTERM)
    time.sleep(0.6)
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    process.communicate(timeout=300)
    # The second signal may also come while Python exits, when the default handler is back.
    assert process.returncode in {143, -signal.SIGTERM}
    db = tmp_path / "archive.db"
    run("load", SAMPLES / "2024-seed-layout-teaser.txt", "--db", db, "-q")
    _is_sound(tmp_path, run)


def test_signal_within_a_function_that_sqlite_calls_is_a_stop() -> None:
    """SQLite tells of the exception in it as an error of its own."""

    def stopped() -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.1)
        return 1

    with closing(sqlite3.connect(":memory:")) as conn:
        conn.create_function("stopped", 0, stopped)
        with pytest.raises(Stopped) as ended, raising_stops():
            conn.execute("select stopped()").fetchone()
    assert ended.value.code == 128 + signal.SIGTERM


def test_errors_of_sqlite_stay_errors_without_a_signal() -> None:
    with (
        closing(sqlite3.connect(":memory:")) as conn,
        pytest.raises(sqlite3.OperationalError),
        raising_stops(),
    ):
        conn.execute("select nothing from nowhere")
