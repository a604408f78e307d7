"""Connections that Datasette opens and never closes, told apart from ours by their class.

From Python 3.13 on the garbage collector warns of connections that nobody closed, and a warning
fails a test here. pyproject.toml lets only those of this class pass.
"""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

import datasette.app  # noqa: F401  (and all that it imports)


class DatasettesOwn(sqlite3.Connection):
    """A connection of Datasette: to its internal database, or to a file that is no archive."""


class _Sqlite3:
    """The module as Datasette sees it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)

    @staticmethod
    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        return sqlite3.connect(*arguments, **{"factory": DatasettesOwn, **options})


def mark() -> None:
    """Give the connections that Datasette opens from now on their class."""
    for name, module in list(sys.modules.items()):
        if name.startswith("datasette.") and getattr(module, "sqlite3", None) is sqlite3:
            module.sqlite3 = _Sqlite3()  # type: ignore[attr-defined]
