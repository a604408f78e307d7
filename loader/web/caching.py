"""ETags: an address whose archive has not changed is not sent again."""

from __future__ import annotations

import hashlib

from loader.version import __version__
from loader.web.data.archive_db import ArchiveDb


def etag(archive: ArchiveDb, address: str) -> str | None:
    """A tag of address (with its query) and archive; None when the archive is not a file."""
    state = archive.state()
    if not state:
        return None
    seed = "\n".join((__version__, state, address))
    return f'W/"{hashlib.sha256(seed.encode()).hexdigest()[:20]}"'


def matches(header: str | None, tag: str) -> bool:
    """Whether an If-None-Match header names the tag."""
    names = {name.strip().removeprefix("W/") for name in (header or "").split(",")}
    return tag.removeprefix("W/") in names
