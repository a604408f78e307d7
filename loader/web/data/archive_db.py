"""The archive that a Datasette serves, and answers kept until it changes."""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

FILTERS_MARK = "/* filters */"  # where a query takes the conditions that were asked for
_KEPT_ANSWERS = 64

Answer = TypeVar("Answer")
Row = dict[str, Any]


@functools.cache
def sql(name: str) -> str:
    """The text of `loader/web/data/queries/<name>.sql`."""
    folder = resources.files(__package__) / "queries"
    return (folder / f"{name}.sql").read_text(encoding="utf-8")


class ArchiveDb:
    """The archive database of one Datasette: named queries, and a shelf of kept answers."""

    def __init__(self, database: Any) -> None:
        self.database = database
        self._shelf: OrderedDict[str, Any] = OrderedDict()
        self._shelf_state = ""
        self._shelf_lock = threading.Lock()  # costly requests run in a thread of their own

    async def rows(
        self, name: str, parameters: Mapping[str, Any] | None = None, conditions: str = ""
    ) -> list[Row]:
        """All rows of a named query; `conditions` are constants that stand in for its filters."""
        text = sql(name).replace(FILTERS_MARK, conditions)
        found = await self.database.execute(text, dict(parameters or {}))
        return [dict(row) for row in found.rows]

    async def row(
        self, name: str, parameters: Mapping[str, Any] | None = None, conditions: str = ""
    ) -> Row | None:
        """The first row of a named query."""
        found = await self.rows(name, parameters, conditions)
        return found[0] if found else None

    async def has_at_most(
        self, most: int, name: str, parameters: Mapping[str, Any], conditions: str = ""
    ) -> bool:
        """Whether what a named query counts as `found`, no further than its :cap, is `most` or
        fewer."""
        row = await self.row(name, {**parameters, "cap": most + 1}, conditions)
        return row is not None and row["found"] <= most

    async def run(self, function: Callable[[Any], Answer]) -> Answer:
        """Call a function with a read-only connection, in a thread of Datasette's pool."""
        answer: Answer = await self.database.execute_fn(function)
        return answer

    def state(self) -> str:
        """Return a text that changes with every commit, and when another file takes the place."""
        return file_state(Path(self.database.path)) if self.database.path else ""

    async def kept(self, key: str, make: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer under `key`, made when the archive has changed since it was made."""
        state = self.state()  # before the query: an answer may be newer than its key, never older
        with self._shelf_lock:
            if state != self._shelf_state or not state:
                self._shelf.clear()
                self._shelf_state = state
            if key in self._shelf:
                self._shelf.move_to_end(key)
                answer: Answer = self._shelf[key]
                return answer
        answer = await make()
        with self._shelf_lock:
            if state == self._shelf_state:
                self._shelf[key] = answer
                while len(self._shelf) > _KEPT_ANSWERS:
                    self._shelf.popitem(last=False)
        return answer


def file_state(path: Path) -> str:
    """Return identity, time and size of a database file and of its write-ahead log."""
    return ".".join(stamp(file) or "none" for file in (path, path.with_name(f"{path.name}-wal")))


def stamp(path: Path) -> str | None:
    """Return identity, time and size of one file; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return f"{status.st_dev:x}-{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"
