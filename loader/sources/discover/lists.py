"""Lists of sources, such as Common Crawl's `wet.paths`: one path or address a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from loader.errors import SourceError
from loader.sources.source import storable
from loader.sources.transport.remote import is_remote
from loader.sources.transport.stream import open_stream

COMMON_CRAWL = "https://data.commoncrawl.org/"
_COMMON_CRAWL_PATH = "crawl-data/"
_MAX_LINE_BYTES = 64 * 1024


def listed_locations(path: str, base: str | None = None) -> Iterator[str | SourceError]:
    """The locations in a list; blank lines and those that begin with `#` are passed over.

    The list may be compressed, and may lie anywhere that sources do. A SourceError (not
    raised) is the last thing when it cannot be read (any further).
    """
    try:
        with open_stream(path) as stream:
            while line := stream.readline(_MAX_LINE_BYTES):
                if stream.fault and not line.endswith(b"\n"):
                    break  # half a name may be the name of another thing
                name = line.decode("utf-8", "surrogateescape").strip().lstrip("\ufeff")
                if name and not name.startswith("#"):
                    yield resolved(name, base)
            if stream.fault:
                yield stream.fault
    except SourceError as fault:
        yield SourceError(storable(path), f"a list that cannot be read: {fault.fault}")


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
