"""The filters of a search as conditions, so written that SQLite reads few and small rows.

Every condition is a constant of this file; values are bound. Bodies of articles are long, so
none of these reads a row of `articles`: the index that leads (`articles_section` and the
like) and `articles_filters`, which holds all fields by id, are enough.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from loader.web.data.archive_db import ArchiveDb

FEW = 2000  # articles that are read rather than each match asked; twice what is counted (CAP)

# The field with most values first: of several the one that leaves the fewest articles leads.
_FIELDS = {
    "place": "and dateline = :place",
    "section": "and section = :section",
    "agency": "and agency = :agency",
}
_DATES = {"from": "and article_date >= :from", "to": "and article_date < :to || '~'"}
# Articles that name an instrument, and those that somebody signed.
_SETS = {
    "symbol": "(select article_id from mentions where instrument_id = :instrument_id)",
    "author": (
        "(select articles.id from credits cross join articles on articles.byline = credits.printed"
        " where credits.place = 'byline' and credits.slug = :author"
        " union all"
        " select articles.id from credits cross join articles on articles.agency = credits.printed"
        " where credits.place = 'agency' and credits.slug = :author)"
    ),
}
NAMES = (*_FIELDS, *_DATES, *_SETS)
# The queries that count such a set.
_COUNTED_BY = {"symbol": "mentions_count", "author": "credits_count"}
# Whether an article is in such a set, asked of each article that an index gives.
_IN_SET = {
    "symbol": f"and +articles.id in {_SETS['symbol']}",
    "author": (
        "and exists (select 1 from credits where slug = :author and (place = 'byline'"
        " and printed = articles.byline or place = 'agency' and printed = articles.agency))"
    ),
}

# Texts that an editor did not change are found once: by the one that tells their version, else by
# the first of those found. The condition {found} says of `articles` what is found.
_ONE_OF_A_VERSION = (
    "and (not exists (select 1 from version_forms where version_forms.article_id = articles.id)"
    " or exists (select 1 from text_versions where text_versions.article_id = articles.id)"
    " or not exists (select 1 from ("
    "select told_by_article_id as other_id from version_tellers"
    " where version_tellers.article_id = articles.id"
    " union all"
    " select others.article_id from version_forms as own"
    " join version_forms as others using (page_id, version)"
    " where own.article_id = articles.id and others.article_id < articles.id"
    ") cross join articles on articles.id = other_id where 1 {found}))"
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for, by the names of NAMES."""

    names: Collection[str]

    def leading(self) -> str:
        """Conditions that one index answers alone: a field, and the dates with it."""
        field = next((name for name in _FIELDS if name in self.names), None)
        conditions = [_FIELDS[field]] if field else []
        return " ".join([*conditions, *self._dates()])

    def of_articles(self, few: Collection[str], *, among: str = "") -> str:
        """For a query that goes through `articles` from the newest to the oldest, one of a version.

        `few`: which of the sets have few articles, so that these are read instead of all. `among`
        is a condition besides.
        """
        parts = [self.leading(), _probe("articles.id", self._other_fields())]
        for name in self.sets():
            # Of a large set SQLite would read and sort all by date.
            parts.append(f"and articles.id in {_SETS[name]}" if name in few else _IN_SET[name])
        found = " ".join(filter(None, [*parts, among]))
        return f"{found} {_ONE_OF_A_VERSION.format(found=found)}"

    def sets(self) -> list[str]:
        """Return which of the sets were asked for."""
        return [name for name in _SETS if name in self.names]

    def of_matches(self, leading_are_few: bool, few: Collection[str]) -> str:
        """For a query that goes through the matches in `articles_fts`; `few` as above.

        `leading_are_few`: few articles meet the leading conditions, so that their ids are
        brought together once; else each match is asked for its fields until there are enough.
        """
        parts = []
        for name in self.sets():
            if name in few or name == "symbol":
                parts.append(f"and +articles_fts.rowid in {_SETS[name]}")
            else:
                parts.append(
                    "and exists (select 1 from articles where articles.id = articles_fts.rowid"
                    f" {_IN_SET[name]})"
                )
        if leading_are_few and self.leading():
            ids = f"select id from articles where 1 {self.leading()}"
            parts.append(f"and +articles_fts.rowid in ({ids})")
            parts.append(_probe("articles_fts.rowid", self._other_fields()))
        else:
            fields = [_FIELDS[name] for name in _FIELDS if name in self.names]
            parts.append(_probe("articles_fts.rowid", [*fields, *self._dates()]))
        return " ".join(filter(None, parts))

    def _dates(self) -> list[str]:
        return [_DATES[name] for name in _DATES if name in self.names]

    def _other_fields(self) -> list[str]:
        return [_FIELDS[name] for name in _FIELDS if name in self.names][1:]


async def small_sets(
    archive: ArchiveDb, filters: Filters, parameters: Mapping[str, Any]
) -> list[str]:
    """Return which of the sets that were asked for are rather read whole."""
    return [
        name
        for name in filters.sets()
        if await archive.has_at_most(FEW, _COUNTED_BY[name], parameters)
    ]


def _probe(article_id: str, conditions: list[str]) -> str:
    if not conditions:
        return ""
    return (
        "and exists (select 1 from articles as filed indexed by articles_filters"
        f" where filed.id = {article_id} {' '.join(conditions)})"
    )
