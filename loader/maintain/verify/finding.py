"""Describe faults of an archive, with their remedies."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import Enum
from typing import Final

from loader.errors import ArchiveError

# Errors from reading damaged rows: those of SQLite, and those due to values of a wrong type,
# invalid text, and dangling keys.
DAMAGE: Final = (sqlite3.Error, ArchiveError, TypeError, ValueError, LookupError, AttributeError)


class Remedy(Enum):
    """The remedy for a fault."""

    REBUILD = "can be rebuilt from raw captures"
    REINDEX = "can be rebuilt: an index"
    SALVAGE = "its readable content is saved into a new file"
    LOST = "lost: load the capture again, or restore a backup"
    REPARSE = "read differently by another version of the loader; see `loader reparse`"
    WAITS = "waits for the next load"
    MIGRATE = "the next load or merge migrates it"
    YOURS = "yours, so left unchanged"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in an area of the archive, its remedy, and its snapshot, if any."""

    area: str
    fault: str
    remedy: Remedy
    snapshot_id: int | None = None

    @property
    def is_damage(self) -> bool:
        return self.remedy not in (Remedy.WAITS, Remedy.MIGRATE, Remedy.REPARSE, Remedy.YOURS)
