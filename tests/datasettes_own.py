"""Mark connections that Datasette opens and never closes with a class of their own.

From Python 3.13 on, the garbage collector warns about unclosed connections, and warnings fail
tests. pyproject.toml ignores the warning only for this class.
"""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

import datasette.app  # noqa: F401  (and all that it imports)


class DatasettesOwn(sqlite3.Connection):
    """A connection of Datasette, to its internal database or a file that is not an archive."""


class _Sqlite3:
    """A stand-in for the module `sqlite3` in Datasette."""

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)

    @staticmethod
    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        return sqlite3.connect(*arguments, **{"factory": DatasettesOwn, **options})


def mark() -> None:
    """Make Datasette open connections of this class from now on."""
    for name, module in list(sys.modules.items()):
        if name.startswith("datasette.") and getattr(module, "sqlite3", None) is sqlite3:
            module.sqlite3 = _Sqlite3()  # type: ignore[attr-defined]
