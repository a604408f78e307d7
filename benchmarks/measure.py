"""Measure commands: wall time, processor time, and the total memory of all processes."""

from __future__ import annotations

import compileall
import contextlib
import functools
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import loader

BIN = Path(sys.executable).parent
# Reading the memory of a process stops it for milliseconds: at most so large a part of the
# time is spent on it, lest the measure slow what it measures.
_SAMPLING_SHARE = 0.01
_SAMPLED_FIRST = 0.2  # seconds


@dataclass(frozen=True, slots=True)
class Run:
    """One timed run: wall and processor time in seconds, peak memory in MB.

    Memory is the sampled proportional set size of the command and all its descendants, 0 without
    /proc.
    """

    seconds: float
    processor: float
    peak_mb: float


@functools.cache
def _compile_package() -> None:
    """Compile the loader, as its installation does and as its peers were installed.

    Otherwise, where Python writes no byte code, each process spends half a second on compiling.
    """
    for folder in (Path(loader.__file__).parent, Path(__file__).parent):
        compileall.compile_dir(folder, quiet=1)


def timed(commands: Sequence[Sequence[str]], *, silent: bool = False) -> Run:
    """Run commands one after the other, without their output if `silent`.

    Raises SystemExit if one fails.
    """
    _compile_package()
    started = time.perf_counter()
    processor = 0.0
    peak = 0.0
    for command in commands:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL if silent else None
        )
        sampler = _Sampler(process.pid)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        sampler.done.set()
        sampler.join()
        if process.returncode:
            raise SystemExit(f"failed: {' '.join(command)}")
        processor += usage.ru_utime + usage.ru_stime
        peak = max(peak, sampler.peak / 1024)
    return Run(time.perf_counter() - started, processor, peak)


class _Sampler(threading.Thread):
    """A sampler of the memory of a process and its descendants."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.peak = 0
        self.done = threading.Event()

    def run(self) -> None:
        pause = _SAMPLED_FIRST
        while not self.done.wait(pause):
            started = time.perf_counter()
            self.peak = max(self.peak, sum(map(_pss, _family(self._pid))))
            pause = (time.perf_counter() - started) / _SAMPLING_SHARE


def _family(pid: int) -> list[int]:
    found = [pid]
    for number in found:
        with contextlib.suppress(OSError):
            children = Path(f"/proc/{number}/task/{number}/children").read_text()
            found += map(int, children.split())
    return found


def _pss(pid: int) -> int:
    """Return the proportional set size in kB."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def median(runs: Sequence[Run]) -> Run:
    """Return median times and the largest memory."""
    return Run(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.processor for run in runs),
        max(run.peak_mb for run in runs),
    )


class Ratio(NamedTuple):
    """The ratio of one side to another: medians over rounds in which both ran."""

    seconds: float
    processor: float


def ratio(ours: Sequence[Run], theirs: Sequence[Run]) -> Ratio:
    """Return the ratio of the times of two alternating sides."""
    pairs = list(zip(ours, theirs, strict=True))
    return Ratio(
        statistics.median(one.seconds / other.seconds for one, other in pairs),
        statistics.median(one.processor / other.processor for one, other in pairs),
    )
