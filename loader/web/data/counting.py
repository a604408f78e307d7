"""Cap the counts of Datasette's Database for an archive.

Datasette 0.65 counts all filtered rows of a table page before it shows the first fifty (later
versions stop at 10,000), and recomputes views that aggregate whole tables for each visitor.
"""

from __future__ import annotations

import re
from typing import Any

from datasette.database import QueryInterrupted

from loader.archive.schema import view_names
from loader.web.data.kept_schema import KeptSchema
from loader.web.data.sites import Sites

COUNT_CAP = 10_000  # rows; the limit of Datasette 1.0
# Datasette 0.65's count above a table: `select count(*) from quotes where ...`.
_COUNT = re.compile(r"select count\(\*\) (from \[?(\w+)\]? (where .+)?)", re.DOTALL)
# Views that read or aggregate whole tables, cached until the archive changes.
_SUMMED = re.compile(
    r"\bfrom \[?(quality|credited_names|authors|agencies|wanted_pages|changed_pages)\]?(\s|$)"
)


class ArchiveDatabase(KeptSchema):
    """Datasette's Database with capped counts and cached aggregates."""

    async def execute(self, sql: str, params: Any = None, **options: Any) -> Any:
        """Execute as Database does, but raise QueryInterrupted for a count above COUNT_CAP.

        Datasette then shows the page without a count (message in `templates/recorder_base.html`).
        """
        ask = super().execute
        if capped := capped_count(sql):
            answer = await ask(capped, params, **options)
            if answer.rows[0][0] > COUNT_CAP:
                raise QueryInterrupted(None, sql, params)
            return answer
        site = Sites.of(self.ds).of_database(self.name) if _SUMMED.search(sql) else None
        if site is None:
            return await ask(sql, params, **options)
        key = repr((sql, params, sorted(options.items())))
        return await site.archive.kept(key, lambda: ask(sql, params, **options))


def capped_count(sql: str) -> str | None:
    """Return a capped count of a filtered table or a view; None for other SQL.

    An unfiltered table is counted in full, since SQLite does that without reading rows.

    >>> capped_count("select count(*) from quotes where price > 5")
    'select count(*) from (select 1 from quotes where price > 5 limit 10001)'
    """
    match = _COUNT.fullmatch(sql)
    if match is None or (match[3] is None and match[2] not in view_names()):
        return None
    return f"select count(*) from (select 1 {match[1]} limit {COUNT_CAP + 1})"
