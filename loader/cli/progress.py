"""Show progress in bytes on a terminal, with rate and remaining time, after the first second.

click's own bar appears at once, requires a total, shows plain byte counts without a rate, prints
its label even without a terminal, and leaves its last line behind.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

import click

_DELAY = 1.0  # seconds before the first drawing
_INTERVAL = 0.2  # seconds between two drawings
_WIDTH = 78
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


class ByteProgress:
    """A progress line, called with the number of bytes just consumed.

    `total` is in bytes; if it is 0 (unknown, for a stream or a store), no remaining time is shown.
    """

    def __init__(
        self, total: int, *, enabled: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = total
        # stderr is None if the caller closed it (`2>&-`).
        self._enabled = enabled and sys.stderr is not None and sys.stderr.isatty()
        self._clock = clock
        self._started = clock()
        self._drawn = 0.0
        self._done = 0

    def __enter__(self) -> ByteProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawn:
            click.echo("\r" + " " * _WIDTH + "\r", err=True, nl=False)

    def __call__(self, count: int) -> None:
        self._done += count
        if not self._enabled:
            return
        now = self._clock()
        if now - self._started >= _DELAY and now - self._drawn >= _INTERVAL:
            self._drawn = now
            line = progress_line(self._done, self._total, now - self._started)
            click.echo(f"\r{line:{_WIDTH}}", err=True, nl=False)


def progress_line(done: int, total: int, seconds: float) -> str:
    """Return a progress line: `Loading  45 %  1.2 GB of 2.7 GB  35.1 MB/s  0:43 left`."""
    rate = done / seconds if seconds > 0 else 0.0
    parts = ["Loading"]
    if total:
        # Read-ahead and growing files may exceed the total.
        parts.append(f"{min(100, 100 * done // total)} %")
        parts.append(f"{_bytes(done)} of {_bytes(total)}")
    else:
        parts.append(_bytes(done))
    parts.append(f"{_bytes(rate)}/s")
    if total and rate:
        parts.append(f"{_clock_time(max(0.0, total - done) / rate)} left")
    return "  ".join(parts)


def _bytes(count: float) -> str:
    power = 0
    while count >= 1000 and power < len(_UNITS) - 1:
        count /= 1000
        power += 1
    return f"{count:.{1 if power else 0}f} {_UNITS[power]}"


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def total_bytes(locations: Iterable[str]) -> int:
    """Return the size of files and directories in bytes; inaccessible ones count as 0."""
    return sum(map(_size, locations))


def _size(location: str) -> int:
    path = Path(location)
    try:
        if not path.is_dir():
            return path.stat().st_size
    except OSError:
        return 0
    return sum(
        _size(os.path.join(folder, name))  # noqa: PTH118
        for folder, _, names in os.walk(location)
        for name in names
    )
