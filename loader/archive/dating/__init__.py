"""Date the boards of an archive: read evidence, write days (docs/dating.md).

Decisions are made in `loader.market`, which does not use the database; this package feeds it.
"""

from loader.archive.dating.run import DatingCounts, count_dated, date_all, date_new, has_undated

__all__ = ["DatingCounts", "count_dated", "date_all", "date_new", "has_undated"]
