"""Name the parts that a shared copy may omit."""

from __future__ import annotations

import sqlite3
from enum import Enum


class Left(Enum):
    """A part omitted from a copy, by its name in `provenance.left_out_kinds`."""

    TIMES = "times"
    SYMBOLS = "symbols"
    RAW = "raw"
    TEXT = "text"
    CLOSES = "closes"
    OWN_TABLES = "own"


def parts_left_out(conn: sqlite3.Connection) -> frozenset[Left]:
    """Return the parts omitted from this archive, or from one that it was copied from."""
    return frozenset(
        Left(kind)
        for (kinds,) in conn.execute("select left_out_kinds from provenance")
        for kind in kinds.split(",")
        if kind
    )
