"""Progress by bytes on a terminal, with a rate and the time left, for what takes over a second.

click's own bar draws at once, wants a total, counts in single bytes without a rate, writes its
label where there is no terminal, and leaves its last line behind.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

import click

_DELAY = 1.0  # seconds before anything appears
_EVERY = 0.2  # seconds between two drawings
_WIDTH = 78
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


class ByteProgress:
    """Call it with the number of bytes just consumed; draws nothing in the first second.

    `total` in bytes, 0 when it is not known (a stream, a store): then without the time left.
    """

    def __init__(
        self, total: int, *, enabled: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = total
        # None where the caller closed it (`2>&-`).
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
        if now - self._started >= _DELAY and now - self._drawn >= _EVERY:
            self._drawn = now
            line = progress_line(self._done, self._total, now - self._started)
            click.echo(f"\r{line:{_WIDTH}}", err=True, nl=False)


def progress_line(done: int, total: int, seconds: float) -> str:
    """`Loading  45 %  1.2 GB of 2.7 GB  35.1 MB/s  0:43 left`."""
    rate = done / seconds if seconds > 0 else 0.0
    parts = ["Loading"]
    if total:
        # Reading ahead and files that grew may exceed what was counted.
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
    """Bytes on disk below these files and directories; what cannot be asked counts as none."""
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
