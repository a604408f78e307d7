"""The public library: the names of `import loader`, collected from the rooms below.

`loader.__all__` lists them; docs/library.md states how stable they are.
"""

from loader.archive.write.batch import Counts
from loader.errors import ArchiveError, LoaderError, SourceError
from loader.ingest.write import LoadResult
from loader.library.archive import Archive
from loader.library.reading import parse, read
from loader.library.records import StoredArticle, StoredQuote, StoredSnapshot, TradingDay
from loader.model import (
    Article,
    Board,
    Capture,
    Listing,
    Problem,
    Quote,
    Revisit,
    Snapshot,
    Table,
    Teaser,
    TextLink,
)
from loader.sources import PassedOver, ReadOptions, Skipped

__all__ = [
    "Archive",
    "ArchiveError",
    "Article",
    "Board",
    "Capture",
    "Counts",
    "Listing",
    "LoadResult",
    "LoaderError",
    "PassedOver",
    "Problem",
    "Quote",
    "ReadOptions",
    "Revisit",
    "Skipped",
    "Snapshot",
    "SourceError",
    "StoredArticle",
    "StoredQuote",
    "StoredSnapshot",
    "Table",
    "Teaser",
    "TextLink",
    "TradingDay",
    "parse",
    "read",
]
