"""The parts that were left out of a shared copy."""

from __future__ import annotations

import sqlite3
from enum import Enum


class Left(Enum):
    """A part that may be left out of a copy, by its name in `provenance.left_out_kinds`."""

    TIMES = "times"
    SYMBOLS = "symbols"
    RAW = "raw"
    TEXT = "text"
    CLOSES = "closes"
    OWN_TABLES = "own"


def parts_left_out(conn: sqlite3.Connection) -> frozenset[Left]:
    """Return the parts left out of this archive, or of one that it was copied from."""
    return frozenset(
        Left(kind)
        for (kinds,) in conn.execute("select left_out_kinds from provenance")
        for kind in kinds.split(",")
        if kind
    )
