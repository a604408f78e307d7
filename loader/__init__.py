"""Turn captures of Business Recorder pages into one SQLite file that can be queried.

    import loader

    with loader.Archive.open("my.db") as archive:
        archive.load("pages/")
        print(archive.days())

Names are imported from `loader.library` at first use, so that the command line starts without
them. docs/library.md describes them.
"""

from typing import TYPE_CHECKING, Any

from loader.version import __version__

if TYPE_CHECKING:
    from loader.library import *

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
    "__version__",
    "parse",
    "read",
]

if not TYPE_CHECKING:  # with __getattr__, mypy would accept any name

    def __getattr__(name: str) -> Any:
        """Import and return a name of the library."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from loader import library

        value = getattr(library, name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
