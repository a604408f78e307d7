"""Skip sources that the archive has read before and that have not changed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from loader.archive.read_sources import ReadSource, find_read_source, is_unchanged
from loader.ingest.write import LoadResult
from loader.model import Fingerprint
from loader.page import PARSER_VERSION
from loader.sources import ReadOptions, Source, file_digest, reading_key


@dataclass(frozen=True, slots=True)
class ReadBefore:
    """The archive's record of sources; with `reread` all are to be read regardless.

    Skipped sources, and those read by an earlier parser, are counted in `result`.
    """

    conn: sqlite3.Connection
    options: ReadOptions
    result: LoadResult
    reread: bool = False

    def state(self, location: str) -> Fingerprint | None:
        """Return the fingerprint with which a location was read, for conditional requests.

        None if it is to be read in any state.
        """
        known = None if self.reread else find_read_source(self.conn, location)
        if known is None or known.options != reading_key(self.options):
            return None
        if known.parser_version != PARSER_VERSION:
            return None
        return Fingerprint(known.size, known.modified_at, known.etag, known.digest)

    def has(self, source: Source, seen: Fingerprint | None) -> bool:
        """Return whether a source with the fingerprint `seen` can be skipped, and count it."""
        known = None if self.reread else find_read_source(self.conn, source.name)
        if seen is None or known is None:
            return False
        options = reading_key(self.options)
        now = ReadSource(source.name, seen.size, seen.modified_at, seen.etag, None, options)
        if not is_unchanged(known, now, lambda: seen.digest or file_digest(source.location)):
            return False
        if known.parser_version != PARSER_VERSION:
            # An earlier parser may have refused captures that this one accepts.
            self.result.outdated += 1
            return False
        self.result.read_before += 1
        return True
