"""Which parts of an archive a shared copy was made without."""

from __future__ import annotations

import sqlite3
from enum import Enum


class Left(Enum):
    """A part that may be left out of a copy, as `provenance.left_out_kinds` names it."""

    TIMES = "times"
    SYMBOLS = "symbols"
    RAW = "raw"
    TEXT = "text"
    CLOSES = "closes"
    OWN_TABLES = "own"


def parts_left_out(conn: sqlite3.Connection) -> frozenset[Left]:
    """Return the parts that this archive, or one that it was copied from, was made without."""
    return frozenset(
        Left(kind)
        for (kinds,) in conn.execute("select left_out_kinds from provenance")
        for kind in kinds.split(",")
        if kind
    )
