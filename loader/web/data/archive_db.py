"""Query the archive of a Datasette, and cache results until it changes."""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

FILTERS_MARK = "/* filters */"  # replaced in a query by the conditions of a request
_MOST_RESULTS = 64

Result = TypeVar("Result")
Row = dict[str, Any]


@functools.cache
def sql(name: str) -> str:
    """Return the text of `loader/web/data/queries/<name>.sql`."""
    folder = resources.files(__package__) / "queries"
    return (folder / f"{name}.sql").read_text(encoding="utf-8")


class Cache:
    """An LRU cache of at most `most` results, for one state of a file."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._results: OrderedDict[Hashable, Any] = OrderedDict()
        self._state = ""
        self._lock = threading.Lock()  # costly requests run in another thread

    async def cached(
        self, state: str, key: Hashable, make: Callable[[], Awaitable[Result]]
    ) -> Result:
        """Return the cached result under `key`, or make it; without a state it is not cached.

        `state` must be read before: a result may be newer than its state, never older.
        """
        with self._lock:
            if state != self._state or not state:
                self._results.clear()
                self._state = state
            if key in self._results:
                self._results.move_to_end(key)
                result: Result = self._results[key]
                return result
        result = await make()
        with self._lock:
            if state and state == self._state:
                self._results[key] = result
                while len(self._results) > self._most:
                    self._results.popitem(last=False)
        return result


class ArchiveDb:
    """The archive database of a Datasette: named queries, and a cache of results."""

    def __init__(self, database: Any) -> None:
        self.database = database
        self._cache = Cache(_MOST_RESULTS)

    async def rows(
        self, name: str, parameters: Mapping[str, Any] | None = None, conditions: str = ""
    ) -> list[Row]:
        """Return all rows of a named query; trusted `conditions` replace FILTERS_MARK."""
        text = sql(name).replace(FILTERS_MARK, conditions)
        found = await self.database.execute(text, dict(parameters or {}))
        return [dict(row) for row in found.rows]

    async def row(
        self, name: str, parameters: Mapping[str, Any] | None = None, conditions: str = ""
    ) -> Row | None:
        """Return the first row of a named query."""
        found = await self.rows(name, parameters, conditions)
        return found[0] if found else None

    async def has_at_most(
        self, most: int, name: str, parameters: Mapping[str, Any], conditions: str = ""
    ) -> bool:
        """Whether the column `found` of a named query, counted up to :cap, is at most `most`."""
        row = await self.row(name, {**parameters, "cap": most + 1}, conditions)
        return row is not None and row["found"] <= most

    async def run(self, function: Callable[[Any], Result]) -> Result:
        """Call a function with a read-only connection, in a thread of Datasette's pool."""
        result: Result = await self.database.execute_fn(function)
        return result

    def state(self) -> str:
        """Return a text that changes with every commit, and if the file is replaced."""
        return file_state(Path(self.database.path)) if self.database.path else ""

    async def cached(self, key: str, make: Callable[[], Awaitable[Result]]) -> Result:
        """Return the cached result under `key`, or make it if the archive has changed since."""
        return await self._cache.cached(self.state(), key, make)


def file_state(path: Path) -> str:
    """Return identity, time and size of a database file and of its write-ahead log."""
    return ".".join(stamp(file) or "none" for file in (path, path.with_name(f"{path.name}-wal")))


def stamp(path: Path) -> str | None:
    """Return identity, time and size of one file; None if it does not exist."""
    try:
        status = path.stat()
    except OSError:
        return None
    return f"{status.st_dev:x}-{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"
