"""Which version of the loader read the captures of each load.

`loads.loader_version` is the version that loaded them (`0.1.0`), with the one that parsed
them again since (`0.1.0, parsed again by 0.2.0`). What this version read and its raw
captures contradict is damage; what another read may only be another reading.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from loader import __version__

_AGAIN: Final = ", parsed again by "


def read_by(loader_version: str | None) -> str | None:
    """The version that read a load's captures last; None where the load is unknown."""
    return loader_version and loader_version.rpartition(_AGAIN)[2]


def is_read_by_another(conn: sqlite3.Connection) -> bool:
    """Whether captures of any load were read last by another version than this."""
    return any(
        read_by(version) != __version__
        for (version,) in conn.execute("select distinct loader_version from loads")
    )


def note_parsed_again(conn: sqlite3.Connection) -> None:
    """Note for all loads that this version has parsed their captures, and who loaded them."""
    for load_id, version in conn.execute("select id, loader_version from loads").fetchall():
        if read_by(version) != __version__:
            noted = version.partition(_AGAIN)[0] + _AGAIN + __version__
            conn.execute("update loads set loader_version = ? where id = ?", (noted, load_id))
