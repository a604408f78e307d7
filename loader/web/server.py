"""Serve an archive with Datasette from this process."""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import uvicorn

from loader.archive.connection import address, open_readonly
from loader.archive.schema import is_archive, is_current
from loader.errors import ArchiveError
from loader.web.connections import BoundedProtocol
from loader.web.data.archive_database import ArchiveDatabase
from loader.web.data.described import read_metadata
from loader.web.data.sites import OWN_PARTS, USUAL_NAME
from loader.web.plugin.permissions import ServingDatasette
from loader.web.plugin.settings import DESK, PLUGIN, PUBLIC

# Options of uvicorn, with limits for slow clients and without websockets. BoundedProtocol ends idle
# connections before uvicorn's five seconds, which many clients use too: a client could then send a
# request into a connection that the server has just closed.
OPTIONS: Final[Mapping[str, Any]] = MappingProxyType(
    {"log_level": "warning", "lifespan": "on", "http": BoundedProtocol, "ws": "none",
     "timeout_keep_alive": 60}
)  # fmt: skip

_OBJECTS: Final = 50_000  # allocations between two garbage collections


def make_datasette(path: Path, public: bool = False, base_url: str = "/") -> ServingDatasette:
    """Return a Datasette for one archive. Raises ArchiveError if its schema is not the current one.

    An archive in WAL mode in a read-only folder can only be opened as immutable, without its
    write-ahead log.
    """
    base_url = _checked(base_url)
    is_mutable = not needs_immutable(path)
    with closing(open_readonly(path) if is_mutable else _open_immutable(path)) as conn:
        if not is_current(conn):
            raise ArchiveError(str(path), "is of another schema", "`loader serve` shows it")
    settings = {**(PUBLIC if public else DESK), "base_url": base_url}
    metadata = {**read_metadata(), "plugins": {PLUGIN: {"public": public}}}
    datasette = ServingDatasette([], metadata=metadata, settings=settings, cors=True)
    datasette.remove_database("_memory")  # added by Datasette if it is given no file
    datasette.add_database(ArchiveDatabase(datasette, path, is_mutable), name=USUAL_NAME)
    return datasette


def needs_immutable(path: Path) -> bool:
    """Return whether an archive can only be read as immutable, without journal or log."""
    try:
        open_readonly(path).close()
        return False
    except ArchiveError as error:
        is_unreadable = isinstance(error.__cause__, sqlite3.OperationalError)
        if not is_unreadable or "locked" in str(error.__cause__) or _may_write(path.parent):
            return False
    try:
        with closing(_open_immutable(path)) as conn:
            return is_archive(conn)
    except sqlite3.Error:
        return False


def _open_immutable(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{address(path, 'ro')}&immutable=1", uri=True)


def _may_write(folder: Path) -> bool:
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _checked(base_url: str) -> str:
    """Return base_url with both slashes. Raises ArchiveError if it is the start of page paths.

    In that case it could not be decided whether a proxy has removed it from a path.
    """
    folder = f"/{base_url.strip('/')}/" if base_url.strip("/") else "/"
    if folder.strip("/").partition("/")[0] in {*OWN_PARTS, USUAL_NAME}:
        raise ArchiveError(
            f"--base-url {base_url}", "is the beginning of addresses of the pages themselves",
            "serve under another path, such as /recorder/",
        )  # fmt: skip
    return folder


def run(datasette: ServingDatasette, host: str, port: int) -> None:
    """Serve until interrupted."""
    app = datasette.app()
    # Modules are never freed, and rows of a page or stream are freed by reference counting. Looking
    # for garbage less often saves a fifth of a stream's time.
    gc.freeze()
    gc.set_threshold(_OBJECTS)
    uvicorn.run(app, host=host, port=port, **OPTIONS)
