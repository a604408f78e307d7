"""Fixtures for all tests: the samples, a way to run commands, an archive of all samples."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from loader.cli import main
from loader.sources.transport.patience import UNREACHED
from tests import datasettes_own

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "tests" / "samples"

Run = Callable[..., Result]

datasettes_own.mark()


def pytest_configure() -> None:
    """Let commands that tests start be stopped: a job in the background ignores some signals."""
    for name, handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


@pytest.fixture(autouse=True)
def every_host_is_asked() -> None:
    """Forget hosts that an earlier test could not reach: a server may get a port of theirs."""
    UNREACHED.clear()


@pytest.fixture
def run() -> Run:
    """Run a `loader` command in this process; `code` is the exit code wanted of it."""

    def run_command(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
        return result

    return run_command


@pytest.fixture
def connect() -> Iterator[Callable[[Path], sqlite3.Connection]]:
    """Open a database to look at; closed when the test ends."""
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
    """Rows of a table, to compare with: samples are added, so no test knows a number."""
    with closing(sqlite3.connect(path)) as conn:
        return int(conn.execute(f"select count(*) from {table}").fetchone()[0])


@pytest.fixture(scope="session")
def sample_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All samples loaded into one archive, once a run: to read, not to write."""
    path = tmp_path_factory.mktemp("samples") / "archive.db"
    result = CliRunner().invoke(main, ["load", str(SAMPLES), "--db", str(path)])
    assert result.exit_code == 0, result.output
    return path


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: compressed, they hold the time, and workers must agree."""
    return argname if isinstance(val, bytes) and len(val) > 20 else None
