"""Handle signals that end a command: Ctrl-C, SIGTERM (docker stop, systemd, timeout), SIGHUP.

The first signal raises an exception in the running command, so that context managers clean up: a
load keeps its whole batches and checkpoints the WAL. A second signal ends the process at once.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
# `timeout` sends each signal twice, to the command and to its group, which counts as one.
_SAME_STOP_SECONDS: Final = 0.5


class Stopped(SystemExit):
    """A stop by a signal; a SystemExit, so that no part of the command treats it as an error.

    The exit code is 128 plus the number of the signal, as in shells.
    """

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number

    def __str__(self) -> str:
        name = "Ctrl-C" if self.number == signal.SIGINT else signal.Signals(self.number).name
        return f"stopped by {name}: completed batches are kept, and the same command does the rest"


@contextmanager
def raising_stops() -> Iterator[None]:
    """Raise Stopped at the first of these signals, except for signals that are ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    second = _SecondStop()
    raised: list[Stopped] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if second.is_awaited:
            return
        second.wait_for()
        raised.append(Stopped(number))
        # sqlite-utils has SQLite print what is raised within one of our functions.
        sqlite3.enable_callback_tracebacks(False)
        raise raised[0]

    # Shells make background jobs ignore Ctrl-C, and `nohup` makes its command ignore SIGHUP.
    taken = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in taken}
    try:
        yield
    except sqlite3.Error as error:
        # SQLite turns what is raised there into an error of its own.
        if raised:
            raise raised[0] from error
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        second.close()


class _SecondStop:
    """Ends the process at a second signal, even while the main thread is inside SQLite.

    Python's handlers run only in the main thread, so another thread reads the pipe to which the C
    handler writes signal numbers.
    """

    def __init__(self) -> None:
        self.is_awaited = False
        self._since = 0.0
        self._ends: tuple[int, int] | None = None

    def wait_for(self) -> None:
        self.is_awaited, self._since = True, time.monotonic()
        reading, writing = self._ends = os.pipe()
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        threading.Thread(target=self._listen, args=(reading,), daemon=True).start()

    def _listen(self, reading: int) -> None:
        with suppress(OSError):
            while numbers := os.read(reading, 64):
                if numbers[0] in _SIGNALS and time.monotonic() - self._since > _SAME_STOP_SECONDS:
                    os._exit(128 + numbers[0])
            os.close(reading)

    def close(self) -> None:
        if self._ends is not None:
            signal.set_wakeup_fd(-1)
            os.close(self._ends[1])
