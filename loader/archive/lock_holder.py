"""Find the process that holds the lock of an archive, on Linux.

SQLite locks bytes of the archive, and in WAL mode of its `-shm` file; the byte distinguishes
writers from readers (sqlite.org/fileformat2.html and walformat.html).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LOCKS: Final = Path("/proc/locks")
_PROCESSES: Final = Path("/proc")
_LOCK_PAGE: Final = 0x40000000  # SQLite's lock bytes of a database file begin here
_WAL_WRITERS: Final = range(120, 123)  # of a -shm file: write, checkpoint, recover


def lock_holder(path: Path) -> str | None:
    """Return the process that blocks writing, such as `another writer: loader, process 4711`.

    If no writer does, it is a reader, except in WAL mode, in which readers do not block. None if
    the system does not report locks, or the lock has been released.
    """
    try:
        shm = path.with_name(f"{path.name}-shm")
        writers = {
            pid for kind, pid, byte in _locks(path) if kind == "WRITE" and byte >= _LOCK_PAGE
        }
        if shm.exists():
            writers |= {
                pid for kind, pid, byte in _locks(shm) if kind == "WRITE" and byte in _WAL_WRITERS
            }
        readers = set() if writers or shm.exists() else {pid for _, pid, _ in _locks(path)}
    except (OSError, ValueError, IndexError):
        return None
    pids = sorted((writers or readers) - {os.getpid()})
    if not pids:
        return None
    return f"{'another writer' if writers else 'a reader'}: {', '.join(map(_name, pids))}"


def _locks(path: Path) -> Iterator[tuple[str, int, int]]:
    """Yield kind (READ, WRITE), process and first byte of each lock held on a file."""
    state = path.stat()
    file = f"{os.major(state.st_dev):02x}:{os.minor(state.st_dev):02x}:{state.st_ino}"
    for line in _LOCKS.read_text(encoding="ascii").splitlines():
        # 1: POSIX  ADVISORY  WRITE 4711 fe:00:2580506 1073741825 1073741825
        fields = line.split()
        # Lines with an arrow are of waiting processes; those in other containers have no number.
        if fields[1] != "->" and fields[5] == file and int(fields[4]) > 0:
            yield fields[3], int(fields[4]), int(fields[6])


def _name(pid: int) -> str:
    try:
        command = (_PROCESSES / str(pid) / "comm").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return f"process {pid}"
    return f"{command.strip()}, process {pid}"
