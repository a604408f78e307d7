"""A progress bar by bytes, on a terminal, for what takes over a second."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import click

_DELAY = 1.0  # seconds before a bar appears


class ByteProgress:
    """Call it with the number of bytes just consumed; draws nothing in the first second."""

    def __init__(self, total: int, *, enabled: bool) -> None:
        self._total = total
        self._enabled = enabled and total > 0 and sys.stderr.isatty()
        self._started = time.monotonic()
        self._done = 0
        self._bar: Any = None

    def __enter__(self) -> ByteProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)

    def __call__(self, count: int) -> None:
        self._done += count
        if not self._enabled:
            return
        if self._bar is not None:
            self._bar.update(count)
        elif time.monotonic() - self._started > _DELAY:
            self._bar = click.progressbar(length=self._total, label="Loading", file=sys.stderr)
            self._bar.__enter__()
            self._bar.update(self._done)


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
