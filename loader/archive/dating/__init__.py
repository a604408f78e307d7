"""Dating the boards of an archive: reading evidence, writing days (docs/dating.md).

What decides is in `loader.market` and knows no database; here is what feeds it.
"""

from loader.archive.dating.run import DatingCounts, count_dated, date_all, date_new, has_undated

__all__ = ["DatingCounts", "count_dated", "date_all", "date_new", "has_undated"]
