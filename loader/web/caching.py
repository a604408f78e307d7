"""Make ETags, so that a page is not sent again while its archive is unchanged."""

from __future__ import annotations

import hashlib

from loader.version import __version__
from loader.web.data.archive_db import ArchiveDb


def etag(archive: ArchiveDb, address: str) -> str | None:
    """Return an ETag for a URL with its query and an archive; None if the archive is not a file."""
    state = archive.state()
    if not state:
        return None
    seed = "\n".join((__version__, state, address))
    return f'W/"{hashlib.sha256(seed.encode()).hexdigest()[:20]}"'


def matches(header: str | None, tag: str) -> bool:
    """Whether an If-None-Match header contains the tag."""
    names = {name.strip().removeprefix("W/") for name in (header or "").split(",")}
    return tag.removeprefix("W/") in names
