"""Read lists of sources, such as Common Crawl's `wet.paths`: one path or address per line."""

from __future__ import annotations

from collections.abc import Iterator

from loader.errors import SourceError
from loader.sources.source import storable
from loader.sources.transport.locations import resolved
from loader.sources.transport.stream import open_stream

_MAX_LINE_BYTES = 64 * 1024


def listed_locations(path: str, base: str | None = None) -> Iterator[str | SourceError]:
    """Yield the locations in a list; blank lines and lines that begin with `#` are skipped.

    The list may be compressed, and may be at any location that a source may have. If it cannot be
    read to its end, the last item is a SourceError (not raised).
    """
    try:
        with open_stream(path) as stream:
            while line := stream.readline(_MAX_LINE_BYTES):
                if stream.fault and not line.endswith(b"\n"):
                    break  # a truncated name may be the name of another file
                name = line.decode("utf-8", "surrogateescape").strip().lstrip("\ufeff")
                if name and not name.startswith("#"):
                    yield resolved(name, base)
            if stream.fault:
                yield stream.fault
    except SourceError as fault:
        yield SourceError(storable(path), f"a list that cannot be read: {fault.fault}")
