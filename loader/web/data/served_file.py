"""Notice that the file of a served database has been replaced.

Datasette 0.65 never closes the connections of a thread: after `mv new.db archive.db` it would go
on showing the deleted file, and after `cp` a mixture of both.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasette.database import Database

from loader.archive.connection import address
from loader.web.data.archive_db import stamp


class ServedFile(Database):  # type: ignore[misc]
    """Datasette's Database of one file, which reconnects if the file is replaced."""

    def __init__(self, datasette: Any, path: Path, is_mutable: bool = True) -> None:
        super().__init__(datasette, path=str(path), is_mutable=is_mutable)
        self._held = threading.local()
        # Datasette closes nothing: connections are closed when nothing refers to this any more.
        weakref.finalize(self, _close_all, self._all_file_connections)

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Open the file for reading; its name may contain any character."""
        if write:
            raise sqlite3.OperationalError("attempt to write a readonly database")
        options = "" if self.is_mutable else "&immutable=1"
        conn = sqlite3.connect(
            address(Path(self.path), "ro") + options, uri=True, check_same_thread=False
        )
        self._all_file_connections.append(conn)
        return conn

    async def execute_fn(self, function: Callable[[sqlite3.Connection], Any]) -> Any:
        """Call a function with this thread's connection, in a thread of Datasette's pool."""
        if self.ds.executor is None:
            return function(self._connection())
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.ds.executor, lambda: function(self._connection()))

    def _connection(self) -> sqlite3.Connection:
        seen = stamp(Path(self.path))
        held: sqlite3.Connection | None = getattr(self._held, "connection", None)
        if held is not None and seen == self._held.seen:
            return held
        if held is not None:
            self._held.connection = None
            self._all_file_connections.remove(held)
            held.close()
        conn = self.connect()
        self.ds._prepare_connection(conn, self.name)
        self._held.connection, self._held.seen = conn, seen
        return conn


def _close_all(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()
