"""An archive served by Datasette, from this process."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import uvicorn
import yaml
from datasette.app import Datasette
from datasette.database import Database

from loader.archive.connection import open_readonly
from loader.errors import ArchiveError

# docs/serving.md gives the reason for each value.
SETTINGS: dict[str, Any] = {
    "default_page_size": 50,
    "max_returned_rows": 5000,
    "num_sql_threads": 8,
    "sql_time_limit_ms": 5000,
    "facet_time_limit_ms": 200,
    "suggest_facets": False,
    "default_allow_sql": True,
    "allow_csv_stream": True,
    "truncate_cells_html": 200,
    "default_cache_ttl": 5,
}
DATABASE_NAME = "archive"  # what addresses and canned queries call it, whatever the file's name


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


def make_datasette(path: Path) -> Datasette:
    """Datasette over one archive; raises ArchiveError when the file is none."""
    open_readonly(path).close()
    datasette = Datasette([], metadata=read_metadata(), settings=SETTINGS, cors=True)
    database = Database(datasette, path=str(path), is_mutable=True)
    datasette.add_database(database, name=DATABASE_NAME)
    return datasette


def run(datasette: Datasette, host: str, port: int) -> None:
    """Serve until interrupted."""
    uvicorn.run(datasette.app(), host=host, port=port, log_level="warning", lifespan="on")
