"""The archive that a Datasette serves, and answers kept until it changes."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

DATABASE_NAME = "archive"  # what addresses, templates and canned queries call it
FILTERS_MARK = "/* filters */"  # where a query takes the conditions that were asked for
_KEPT_ANSWERS = 64
_ATTRIBUTE = "_recorder_archive"

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
        self._database = database
        self._shelf: OrderedDict[str, Any] = OrderedDict()
        self._shelf_state = ""

    @classmethod
    def of(cls, datasette: Any) -> ArchiveDb | None:
        """The archive among the databases of a Datasette; None when it serves none."""
        database = datasette.databases.get(DATABASE_NAME)
        if database is None:
            return None
        kept = getattr(datasette, _ATTRIBUTE, None)
        if kept is None or kept._database is not database:
            kept = cls(database)
            setattr(datasette, _ATTRIBUTE, kept)
        return kept

    async def rows(
        self, name: str, parameters: Mapping[str, Any] | None = None, conditions: str = ""
    ) -> list[Row]:
        """All rows of a named query; `conditions` are constants that stand in for its filters."""
        text = sql(name).replace(FILTERS_MARK, conditions)
        found = await self._database.execute(text, dict(parameters or {}))
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
        answer: Answer = await self._database.execute_fn(function)
        return answer

    def state(self) -> str:
        """Changes with every commit: size and time of the file and of its write-ahead log."""
        if not self._database.path:
            return ""
        path = Path(self._database.path)
        return ".".join(map(_stamp, (path, path.with_name(path.name + "-wal"))))

    async def kept(self, key: str, make: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer under `key`, made when the archive has changed since it was made."""
        state = self.state()  # before the query: an answer may be newer than its key, never older
        if state != self._shelf_state or not state:
            self._shelf.clear()
            self._shelf_state = state
        if key in self._shelf:
            self._shelf.move_to_end(key)
            answer: Answer = self._shelf[key]
            return answer
        answer = await make()
        if state == self._shelf_state:
            self._shelf[key] = answer
            while len(self._shelf) > _KEPT_ANSWERS:
                self._shelf.popitem(last=False)
        return answer


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except FileNotFoundError:
        return "none"
    return f"{status.st_mtime_ns:x}-{status.st_size:x}"
