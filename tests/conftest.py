"""Fixtures for all tests: samples, running commands, an archive of all samples."""

from __future__ import annotations

import gc
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

from loader.cli import main
from loader.sources.transport.patience import UNREACHED
from tests import datasettes_own

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "tests" / "samples"

Run = Callable[..., Result]

datasettes_own.mark()
# On a busy machine the first example of a test may take any time.
settings.register_profile("any time", deadline=None)
settings.load_profile("any time")


def pytest_configure() -> None:
    """Restore default signal handling, since background jobs ignore signals that tests send."""
    for name, handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def pytest_collection_finish() -> None:
    """Spare the garbage collector thousands of tests, which live to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def every_host_is_asked() -> None:
    """Clear the list of unreachable hosts, since a later test's server may reuse a port."""
    UNREACHED.clear()


@pytest.fixture
def run() -> Run:
    """Return a function that runs a `loader` command in this process and checks its exit code."""

    def run_command(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
        return result

    return run_command


@pytest.fixture
def connect() -> Iterator[Callable[[Path], sqlite3.Connection]]:
    """Return a function that opens a database, which is closed at the end of the test."""
    opened: list[sqlite3.Connection] = []

    def connect_to(path: Path) -> sqlite3.Connection:
        conn = sqlite3.connect(path)
        conn.row_factory = sqlite3.Row
        opened.append(conn)
        return conn

    yield connect_to
    for conn in opened:
        conn.close()


def count_in(path: Path, table: str) -> int:
    """Return the row count of a table; tests compare counts, since samples are added."""
    with closing(sqlite3.connect(path)) as conn:
        return int(conn.execute(f"select count(*) from {table}").fetchone()[0])


@pytest.fixture(scope="session")
def sample_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of all samples, loaded once per run, for reading only."""
    path = tmp_path_factory.mktemp("samples") / "archive.db"
    result = CliRunner().invoke(main, ["load", str(SAMPLES), "--db", str(path)])
    assert result.exit_code == 0, result.output
    return path


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument, since compressed ones contain the time but ids must agree."""
    return argname if isinstance(val, bytes) and len(val) > 20 else None
