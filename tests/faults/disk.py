"""A simulated disk between SQLite and the real one, which fails on demand and records events.

It is a VFS for SQLite in ctypes, for the library of Python's own sqlite3, without a compiler. Files
are real; only writes, syncs, truncations and deletions pass through here.
"""

from __future__ import annotations

import _sqlite3
import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

OK: Final = 0
FULL: Final = 13  # SQLITE_FULL: ENOSPC
BROKEN: Final = 10  # SQLITE_IOERR: EIO

What = Literal["write", "sync", "truncate", "delete"]


class Event(NamedTuple):
    """A change of a file: `data` at `offset`, a sync, a new size (`offset`), or its deletion.

    A deletion with `is_synced` reaches the disk before the next event.
    """

    what: What
    path: str
    offset: int = 0
    data: bytes = b""
    is_synced: bool = False


@dataclass
class Disk:
    """The files below `folder`; `fault` returns the result of an event by number (from 0)."""

    folder: Path
    fault: Callable[[int, Event], int] = lambda number, event: OK
    keeps_events: bool = False
    events: list[Event] = field(default_factory=list)
    count: int = 0

    def answer(self, event: Event) -> int:
        """Return SQLite's result code for an event; OK if it is to be carried out."""
        if not event.path.startswith(str(self.folder)):
            return OK
        code = self.fault(self.count, event)
        self.count += 1
        if self.keeps_events and code == OK:
            self.events.append(event)
        return code


def missing() -> str | None:
    """Return the reason why there can be no such disk here, else None."""
    return None if hasattr(_library(), "sqlite3_vfs_register") else "SQLite is hidden in Python"


@contextmanager
def disk(under: Disk) -> Iterator[Disk]:
    """Make every connection opened meanwhile in this process write to this disk."""
    library = _library()
    vfs = _Shim(library, under)
    library.sqlite3_vfs_register(ctypes.byref(vfs.struct), 1)
    try:
        yield under
    finally:
        library.sqlite3_vfs_unregister(ctypes.byref(vfs.struct))


def _library() -> ctypes.CDLL:
    # What this module is linked with is looked up as well.
    library = ctypes.CDLL(_sqlite3.__file__)
    if hasattr(library, "sqlite3_vfs_find"):
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    return library


_Int: Final = ctypes.c_int
_Pointer: Final = ctypes.c_void_p
# SQLite keeps the pointer to the name, so it is passed on as one.
_XOpen = ctypes.CFUNCTYPE(_Int, _Pointer, _Pointer, _Pointer, _Int, _Pointer)
_XDelete = ctypes.CFUNCTYPE(_Int, _Pointer, ctypes.c_char_p, _Int)
_XWrite = ctypes.CFUNCTYPE(_Int, _Pointer, _Pointer, _Int, ctypes.c_int64)
_XTruncate = ctypes.CFUNCTYPE(_Int, _Pointer, ctypes.c_int64)
_XSync = ctypes.CFUNCTYPE(_Int, _Pointer, _Int)


class _Vfs(ctypes.Structure):
    """sqlite3_vfs, from https://www.sqlite.org/c3ref/vfs.html."""

    _fields_ = (
        ("iVersion", _Int), ("szOsFile", _Int), ("mxPathname", _Int), ("pNext", _Pointer),
        ("zName", ctypes.c_char_p), ("pAppData", _Pointer), ("xOpen", _XOpen),
        ("xDelete", _XDelete), ("rest", _Pointer * 14),
    )  # fmt: skip


class _Methods(ctypes.Structure):
    """sqlite3_io_methods, from https://www.sqlite.org/c3ref/io_methods.html."""

    _fields_ = (
        ("iVersion", _Int), ("xClose", _Pointer), ("xRead", _Pointer), ("xWrite", _XWrite),
        ("xTruncate", _XTruncate), ("xSync", _XSync), ("rest", _Pointer * 13),
    )  # fmt: skip


class _File(ctypes.Structure):
    _fields_ = (("pMethods", ctypes.POINTER(_Methods)),)


# SQLite may come back to what it was given as long as a connection lives.
_ALIVE: Final[list[Any]] = []


class _Shim:
    """The system's own VFS with some functions replaced."""

    def __init__(self, library: ctypes.CDLL, under: Disk) -> None:
        self._under = under
        self._real = library.sqlite3_vfs_find(None)
        self._paths: dict[int, str] = {}
        self._methods: dict[int, _Methods] = {}
        self.struct = _Vfs()
        ctypes.pointer(self.struct)[0] = self._real.contents
        self.struct.zName = b"tests-faults-disk"
        self.struct.xOpen = _XOpen(self._open)
        self.struct.xDelete = _XDelete(self._delete)
        _ALIVE.append(self)

    def _open(self, vfs: int, name: int | None, file: int, flags: int, out: int) -> int:
        code: int = self._real.contents.xOpen(
            ctypes.cast(self._real, _Pointer), name, file, flags, out
        )
        opened = _File.from_address(file)
        if code == OK and opened.pMethods:
            self._paths[file] = ctypes.string_at(name).decode() if name else ""
            address = ctypes.addressof(opened.pMethods.contents)
            if address not in self._methods:
                self._methods[address] = self._between(opened.pMethods.contents)
            opened.pMethods = ctypes.pointer(self._methods[address])
        return code

    def _delete(self, vfs: int, name: bytes, sync: int) -> int:
        code = self._under.answer(Event("delete", name.decode(), is_synced=bool(sync)))
        if code != OK:
            return code
        done: int = self._real.contents.xDelete(ctypes.cast(self._real, _Pointer), name, sync)
        return done

    def _between(self, real: _Methods) -> _Methods:
        """The methods of an open file, which query the disk first."""
        methods = _Methods()
        ctypes.pointer(methods)[0] = real

        def write(file: int, data: int, count: int, offset: int) -> int:
            event = Event("write", self._paths[file], offset, ctypes.string_at(data, count))
            return self._under.answer(event) or real.xWrite(file, data, count, offset)

        def truncate(file: int, size: int) -> int:
            event = Event("truncate", self._paths[file], size)
            return self._under.answer(event) or real.xTruncate(file, size)

        def sync(file: int, flags: int) -> int:
            return self._under.answer(Event("sync", self._paths[file])) or real.xSync(file, flags)

        methods.xWrite, methods.xTruncate = _XWrite(write), _XTruncate(truncate)
        methods.xSync = _XSync(sync)
        return methods
