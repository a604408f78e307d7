"""Find the archives among the databases of a Datasette, and the URLs of their pages.

The pages of an archive are at `/` if it is the only database, or the only archive and named
`archive`. Otherwise the pages of each archive are under `/NAME/`. Databases that are not archives
are not affected.
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

USUAL_NAME: Final = "archive"  # in `loader serve`, whatever the name of the file
# Datasette's own databases, without data of users.
DATASETTES: Final = frozenset({"_internal", "_memory"})
# First parts of our own URLs: an archive of such a name has its pages under its name.
OWN_PARTS: Final = frozenset(
    (
        "- agency api article author chart coverage day embed raw search sector suggest symbol"
        " table wanted"
    ).split()
)
_ATTRIBUTE: Final = "_recorder_sites"
_LOCK_SECONDS: Final = 0.2  # seconds to wait for a lock; after that the file is checked again later


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of one archive; `prefix` is the start of each path."""

    archive: ArchiveDb
    name: str
    part: str  # the name, encoded for paths
    prefix: str
    beside: tuple[str, ...]  # other databases, which Datasette's front page would list
    urls: Any

    def page(self, path: str) -> str:
        """Return the full path of one of our pages, such as `/symbol/OGDC`."""
        return str(self.urls.path(self.prefix + path))

    def table(self, path: str = "") -> str:
        """Return the full path of a table, query or row of Datasette, such as `/quotes`."""
        return str(self.urls.path(f"/{self.part}{path}"))

    def table_path(self, path: str) -> str | None:
        """Return `/quotes.json` for a path of Datasette below the archive, otherwise None."""
        start = f"/{self.part}"
        if path != start and not path.startswith((f"{start}/", f"{start}.")):
            return None
        rest = path[len(start) :]
        first = rest[1:].partition("/")[0].partition(".")[0]  # "search" for /search.json
        is_own = self.prefix and (rest == "/" or first in OWN_PARTS)
        return None if is_own else rest


class Sites:
    """The archives among the current databases of a Datasette."""

    def __init__(self, datasette: Any) -> None:
        self._datasette = datasette
        self._archives: dict[str, ArchiveDb] = {}
        self._recognised: dict[str, tuple[str, bool]] = {}

    @classmethod
    def of(cls, datasette: Any) -> Sites:
        """Return the Sites of a Datasette, which are stored with it."""
        kept = getattr(datasette, _ATTRIBUTE, None)
        if kept is None:
            kept = cls(datasette)
            setattr(datasette, _ATTRIBUTE, kept)
        return kept

    def all(self) -> list[Site]:
        """Return the sites of all archives, in the order of the databases."""
        databases = [db for db in self._datasette.databases.values() if db.name not in DATASETTES]
        archives = [db for db in databases if self._is_archive(db)]
        alone = len(databases) == 1
        at_root = len(archives) == 1 and (
            (alone or archives[0].name == USUAL_NAME) and archives[0].name not in OWN_PARTS
        )
        beside = tuple(db.name for db in databases if at_root and db is not archives[0])
        return [self._site(db, at_root, beside) for db in archives]

    def root(self) -> Site | None:
        """Return the archive whose pages are at `/`."""
        return next((site for site in self.all() if not site.prefix), None)

    def of_database(self, name: str | None) -> Site | None:
        """Return the archive with a name; None for other databases."""
        return next((site for site in self.all() if site.name == name), None)

    def of_page(self, path: str) -> tuple[Site, str] | None:
        """Return the archive to which a path of our pages belongs, and the path without prefix."""
        for site in self.all():
            if path.startswith(f"{site.prefix}/"):
                return site, path[len(site.prefix) :]
        return None

    def of_path(self, path: str) -> Site | None:
        """Return the archive to which a path belongs: our pages, tables or queries.

        Paths of Datasette itself (`/-/versions`) belong to an archive that is the only database.
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
        """Whether the file is an archive; checked again if it is replaced."""
        if not database.path:
            return False
        path = Path(database.path)
        state = file_state(path)
        known_state, known = self._recognised.get(database.name, ("", False))
        # An archive remains one while it grows. A missing file may be about to be replaced.
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
    """Whether a file is an archive; None if that cannot be determined now."""
    # In a read-only folder, a file in WAL mode can only be read as immutable.
    for options in ("", "&immutable=1"):
        try:
            with closing(
                sqlite3.connect(address(path, "ro") + options, uri=True, timeout=_LOCK_SECONDS)
            ) as conn:
                return is_archive(conn)
        except sqlite3.Error:
            continue
    return None
