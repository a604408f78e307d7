"""Run servers in processes of their own, on free ports, and stop them with their tests."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

_Found = TypeVar("_Found")
_START_SECONDS = 120


@dataclass(frozen=True)
class Server:
    """A running server: its host and port, its process, and its output so far."""

    host: str
    process: int
    output: Callable[[], str]

    @property
    def address(self) -> str:
        return f"http://{self.host}"


@contextmanager
def loader_server(
    db: Path, *options: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run `loader serve` on a free port, with all installed plugins."""
    command = [sys.executable, "-m", "loader", "serve", "--db", str(db), "--port", "0", *options]
    with running(command, cwd=cwd, environment=environment) as (process, output):
        said = _wait(process, output, lambda: re.search(r"at http://([^/\s]+)/", output()))
        assert said
        host = said[1]
        _wait(process, output, lambda: answers(host))
        yield Server(host, process.pid, output)


@contextmanager
def running(
    command: Sequence[str], cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], str]]]:
    """Run a server command with output to a file, since an unread pipe would fill up."""
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**(environment or os.environ), "PYTHONUNBUFFERED": "1"},
            stdout=printed,
            stderr=printed,
        )

        def output() -> str:
            return os.pread(printed.fileno(), 1 << 20, 0).decode("utf-8", "replace")

        try:
            yield process, output
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def answers(host: str) -> bool:
    """Whether a server listens at a host and port, such as 127.0.0.1:8001."""
    name, _, port = host.rpartition(":")
    with socket.socket() as client:
        return client.connect_ex((name, int(port))) == 0


def _wait(
    process: subprocess.Popen[bytes], output: Callable[[], str], find: Callable[[], _Found]
) -> _Found:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if found := find():
            return found
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(f"the server did not start: {output()}")
