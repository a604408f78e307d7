"""One thing that is wrong with an archive."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import Enum
from typing import Final

from loader.errors import ArchiveError

# Errors that reading damaged rows may raise besides SQLite's own: columns of other types, text
# that is none, keys that lead nowhere.
DAMAGE: Final = (sqlite3.Error, ArchiveError, TypeError, ValueError, LookupError, AttributeError)


class Remedy(Enum):
    """What can be done about it."""

    REBUILD = "can be rebuilt from raw captures"
    REINDEX = "can be rebuilt: an index"
    SALVAGE = "what can still be read is saved into a new file"
    LOST = "lost: load the capture again, or restore a backup"
    REPARSE = "another version of the loader read it so; see `loader reparse`"
    WAITS = "waits for the next load"
    MIGRATE = "the next load or merge brings it up to date"
    YOURS = "yours, so left as it is"


@dataclass(frozen=True, slots=True)
class Finding:
    """`area` of the archive, what is wrong there, what can be done, and which snapshot."""

    area: str
    fault: str
    remedy: Remedy
    snapshot_id: int | None = None

    @property
    def is_damage(self) -> bool:
        return self.remedy not in (Remedy.WAITS, Remedy.MIGRATE, Remedy.REPARSE, Remedy.YOURS)
