"""Where the names in lists and indexes lie."""

from __future__ import annotations

from pathlib import Path

from loader.sources.transport.remote import is_remote

COMMON_CRAWL = "https://data.commoncrawl.org/"
_COMMON_CRAWL_PATH = "crawl-data/"


def resolved(name: str, base: str | None = None) -> str:
    """Where a name of a list or index lies.

    An address or absolute path stands for itself; before other names comes `base`, or
    Common Crawl's own address where its paths are meant and no such file is here.
    """
    if is_remote(name) or Path(name).is_absolute():
        return name
    if base is not None:
        return base + name if base.endswith("/") else f"{base}/{name}"
    if name.startswith(_COMMON_CRAWL_PATH) and not Path(name).exists():
        return COMMON_CRAWL + name
    return name
