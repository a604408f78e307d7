"""Distinguish addresses from paths, and resolve the names in lists and indexes to locations."""

from __future__ import annotations

import re
from pathlib import Path

COMMON_CRAWL = "https://data.commoncrawl.org/"
_COMMON_CRAWL_PATH = "crawl-data/"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}(?:::|://)", re.IGNORECASE)


def is_remote(location: str) -> bool:
    """Whether a location is an address for fsspec rather than a path."""
    return _ADDRESS.match(location) is not None


def is_http(location: str) -> bool:
    """Whether an address is one of a web server."""
    return location.lower().startswith(("http://", "https://"))


def resolved(name: str, base: str | None = None) -> str:
    """Return the location of a name in a list or index.

    Addresses and absolute paths are unchanged. Other names are prefixed with `base`, or with
    Common Crawl's address if they look like its paths and no such local file exists.
    """
    if is_remote(name) or Path(name).is_absolute():
        return name
    if base is not None:
        return base + name if base.endswith("/") else f"{base}/{name}"
    if name.startswith(_COMMON_CRAWL_PATH) and not Path(name).exists():
        return COMMON_CRAWL + name
    return name
