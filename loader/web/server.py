"""An archive served by Datasette, from this process."""

from __future__ import annotations

from contextlib import closing
from importlib import resources
from pathlib import Path
from typing import Any

import uvicorn
import yaml
from datasette.app import Datasette

from loader.archive.connection import open_readonly
from loader.archive.schema import is_current
from loader.errors import ArchiveError
from loader.web.data.archive_db import DATABASE_NAME
from loader.web.data.counting import ArchiveDatabase
from loader.web.plugin.settings import DESK, PUBLIC


def read_metadata() -> dict[str, Any]:
    """Titles, units and canned queries: `metadata.yml` of the wheel, or of the checkout."""
    package = Path(str(resources.files("loader")))
    for path in (package / "metadata.yml", package.parent / "metadata.yml"):
        if path.is_file():
            metadata: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
            return metadata
    raise ArchiveError(
        "metadata.yml", "is missing from the installation", "install brecorder-archive again"
    )


def make_datasette(path: Path, public: bool = False, base_url: str = "/") -> Datasette:
    """Datasette over one archive; raises ArchiveError when it is none of the present schema."""
    with closing(open_readonly(path)) as conn:
        if not is_current(conn):
            raise ArchiveError(str(path), "is of another schema", "`loader serve` shows it")
    settings = {**(PUBLIC if public else DESK), "base_url": base_url}
    datasette = Datasette([], metadata=read_metadata(), settings=settings, cors=True)
    database = ArchiveDatabase(datasette, path=str(path), is_mutable=True)
    datasette.add_database(database, name=DATABASE_NAME)
    return datasette


def run(datasette: Datasette, host: str, port: int) -> None:
    """Serve until interrupted."""
    uvicorn.run(datasette.app(), host=host, port=port, log_level="warning", lifespan="on")
