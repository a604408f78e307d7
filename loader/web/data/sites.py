"""Which databases of a Datasette are archives of this loader, and where their pages stand.

An archive that is alone, or the only one and called `archive`, has its pages at `/`. Of several
archives, and of one with another name beside other databases, each has them under `/NAME/`: the
same addresses with its name before them. Nothing here concerns databases that are no archives.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from datasette.utils import tilde_decode, tilde_encode

from loader.archive.connection import address
from loader.archive.schema import is_archive
from loader.web.data.archive_db import ArchiveDb, file_state

USUAL_NAME: Final = "archive"  # what `loader serve` calls it, whatever the file is called
# Datasette's own, which hold nothing of anybody.
DATASETTES: Final = frozenset({"_internal", "_memory"})
# First parts of our own addresses: an archive of such a name has its pages under its name.
OWN_PARTS: Final = frozenset(
    (
        "- agency api article author chart coverage day embed raw search sector suggest symbol"
        " table wanted"
    ).split()
)
_ATTRIBUTE: Final = "_recorder_sites"
_PATIENCE: Final = 0.2  # seconds to wait for a lock before a file is looked at again later


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of one archive; `prefix` stands before each of their addresses."""

    archive: ArchiveDb
    name: str
    part: str  # the name as it stands in addresses
    prefix: str
    beside: tuple[str, ...]  # other databases, which Datasette's front page would have listed
    urls: Any

    def page(self, path: str) -> str:
        """Return the address of an own page, `/symbol/OGDC`, as a browser needs it."""
        return str(self.urls.path(self.prefix + path))

    def table(self, path: str = "") -> str:
        """Return the address of a table, query or row of Datasette's: `/quotes`."""
        return str(self.urls.path(f"/{self.part}{path}"))

    def table_path(self, path: str) -> str | None:
        """Return `/quotes.json` for an address of Datasette's below the archive; else None."""
        start = f"/{self.part}"
        if path != start and not path.startswith((f"{start}/", f"{start}.")):
            return None
        rest = path[len(start) :]
        first = rest[1:].partition("/")[0].partition(".")[0]  # of /search.json it is search
        is_own = self.prefix and (rest == "/" or first in OWN_PARTS)
        return None if is_own else rest


class Sites:
    """The archives among the databases of one Datasette, as they are at each call."""

    def __init__(self, datasette: Any) -> None:
        self._datasette = datasette
        self._archives: dict[str, ArchiveDb] = {}
        self._recognised: dict[str, tuple[str, bool]] = {}

    @classmethod
    def of(cls, datasette: Any) -> Sites:
        """Return those of a Datasette, which keeps them."""
        kept = getattr(datasette, _ATTRIBUTE, None)
        if kept is None:
            kept = cls(datasette)
            setattr(datasette, _ATTRIBUTE, kept)
        return kept

    def all(self) -> list[Site]:
        """Return the pages of every archive, in the order of the databases."""
        databases = [db for db in self._datasette.databases.values() if db.name not in DATASETTES]
        archives = [db for db in databases if self._is_archive(db)]
        alone = len(databases) == 1
        at_root = len(archives) == 1 and (
            (alone or archives[0].name == USUAL_NAME) and archives[0].name not in OWN_PARTS
        )
        beside = tuple(db.name for db in databases if at_root and db is not archives[0])
        return [self._site(db, at_root, beside) for db in archives]

    def root(self) -> Site | None:
        """Return the archive whose pages stand at `/`."""
        return next((site for site in self.all() if not site.prefix), None)

    def of_database(self, name: str | None) -> Site | None:
        """Return the archive of a name; None for other databases."""
        return next((site for site in self.all() if site.name == name), None)

    def of_page(self, path: str) -> tuple[Site, str] | None:
        """Return whose own page an address would be, and the address without the prefix."""
        for site in self.all():
            if path.startswith(f"{site.prefix}/"):
                return site, path[len(site.prefix) :]
        return None

    def of_path(self, path: str) -> Site | None:
        """Return the archive that an address is about: its own pages, its tables and queries.

        Addresses of the Datasette itself (`/-/versions`) belong to an archive that is alone.
        """
        by_name = {site.name: site for site in self.all()}
        first = tilde_decode(path[1:].partition("/")[0].partition(".")[0])
        for database in self._datasette.databases.values():
            if database.route == first and database.name != "_internal":
                return by_name.get(database.name)
        root = next((site for site in by_name.values() if not site.prefix), None)
        is_instances = root is not None and root.beside and path.startswith("/-/")
        return None if is_instances else root

    def _site(self, database: Any, at_root: bool, beside: tuple[str, ...]) -> Site:
        archive = self._archives.get(database.name)
        if archive is None or archive.database is not database:
            archive = self._archives[database.name] = ArchiveDb(database)
        part = str(tilde_encode(database.route))
        prefix = "" if at_root else f"/{part}"
        return Site(archive, database.name, part, prefix, beside, self._datasette.urls)

    def _is_archive(self, database: Any) -> bool:
        """Whether the file is an archive; looked at again when another takes its place."""
        if not database.path:
            return False
        path = Path(database.path)
        state = file_state(path)
        known_state, known = self._recognised.get(database.name, ("", False))
        # An archive stays one while it grows; a file that is missing may be on its way.
        if state == known_state or (known and _same_file(state, known_state)):
            return known
        found = _looks_like_archive(path)
        if found is None:
            return known
        self._recognised[database.name] = (state, found)
        return found


def _same_file(state: str, other: str) -> bool:
    if state.startswith("none"):
        return True
    return state.split("-")[:2] == other.split("-")[:2]


def _looks_like_archive(path: Path) -> bool | None:
    """Whether a file is an archive; None when it cannot be told now."""
    # In a folder that may not be written a file in WAL mode can only be read as it stands.
    for options in ("", "&immutable=1"):
        try:
            with closing(
                sqlite3.connect(address(path, "ro") + options, uri=True, timeout=_PATIENCE)
            ) as conn:
                return is_archive(conn)
        except sqlite3.Error:
            continue
    return None
