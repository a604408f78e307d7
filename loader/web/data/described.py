"""Apply titles, units and canned queries of `metadata.yml` to every archive of a Datasette."""

from __future__ import annotations

import copy
import functools
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from loader.errors import ArchiveError
from loader.web.data.sites import DATASETTES, USUAL_NAME, Sites

_LINK = f'href="{USUAL_NAME}/'  # links to tables in metadata.yml


def read_metadata() -> dict[str, Any]:
    """Return `metadata.yml` of the wheel or the checkout. Raises ArchiveError if it is missing."""
    package = Path(str(resources.files("loader")))
    for path in (package / "metadata.yml", package.parent / "metadata.yml"):
        if path.is_file():
            metadata: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
            return metadata
    raise ArchiveError(
        "metadata.yml", "is missing from the installation", "install brecorder-archive again"
    )


class Described:
    """Metadata of archives that the metadata of the Datasette does not describe."""

    def __init__(self, datasette: Any) -> None:
        self._datasette = datasette
        self._by_name: dict[str, dict[str, Any]] = {}

    def databases(self) -> dict[str, Any]:
        """Return the descriptions by archive name."""
        configured = (self._datasette._metadata_local or {}).get("databases") or {}
        if self._datasette.databases.keys() <= DATASETTES | configured.keys():
            return {}  # as for `loader serve`; Datasette calls this hundreds of times a page
        sites = [site for site in Sites.of(self._datasette).all() if site.name not in configured]
        for site in sites:
            if site.name not in self._by_name:
                self._by_name[site.name] = _description(site.part)
        return {site.name: self._by_name[site.name] for site in sites}


def _description(part: str) -> dict[str, Any]:
    described: dict[str, Any] = copy.deepcopy(_usual()["databases"][USUAL_NAME])
    html = described["description_html"].replace(_LINK, f'href="{part}/')
    return {**described, "description_html": html}


@functools.cache
def _usual() -> dict[str, Any]:
    return read_metadata()
