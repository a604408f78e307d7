"""Build SQL conditions for the filters of a search that make SQLite read few and small rows.

Conditions are constants of this file, and values are bound. Since bodies of articles are long, no
condition reads rows of `articles`: a leading index (such as `articles_section`) and
`articles_filters`, which has all fields by id, are sufficient.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from loader.web.data.archive_db import ArchiveDb, Row

FEW = 2000  # up to so many articles are read as a set, not tested for each match; twice CAP

# The field with most values comes first, since the most selective of several fields leads.
_FIELDS = {
    "place": "and dateline = :place",
    "section": "and section = :section",
    "agency": "and agency = :agency",
}
_DATES = {"from": "and article_date >= :from", "to": "and article_date < :to || '~'"}
# Articles that name an instrument, and articles of an author.
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
_AMONG_IDS = "and articles.id in (select value from json_each(:ids))"
NAMES = (*_FIELDS, *_DATES, *_SETS)
# The queries that count these sets.
_COUNTED_BY = {"symbol": "mentions_count", "author": "credits_count"}
# Whether an article is in such a set, tested for each article from an index.
_IN_SET = {
    "symbol": f"and +articles.id in {_SETS['symbol']}",
    "author": (
        "and (exists (select 1 from credits where place = 'byline' and printed = articles.byline"
        " and slug = :author) or exists (select 1 from credits where place = 'agency'"
        " and printed = articles.agency and slug = :author))"
    ),
}

# Texts of one version are listed once: the article that represents the version, otherwise the
# first one found. The condition {found} on `articles` selects the matches.
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
    """The requested filters, by the names of NAMES."""

    names: Collection[str]

    def leading(self) -> str:
        """Return conditions covered by a single index: a field and dates."""
        field = next((name for name in _FIELDS if name in self.names), None)
        conditions = [_FIELDS[field]] if field else []
        return " ".join([*conditions, *self._dates()])

    def of_articles(self, few: Collection[str], *, among: str = "") -> str:
        """Return conditions for a query of `articles` from newest to oldest, one of each version.

        `few` names the sets with few articles, which are read instead of all articles. `among` is a
        further condition.
        """
        parts = [self.leading(), _probe("articles.id", self._other_fields())]
        for name in self.sets():
            # SQLite would read all of a large set and sort it by date.
            parts.append(f"and articles.id in {_SETS[name]}" if name in few else _IN_SET[name])
        found = " ".join(filter(None, [*parts, among]))
        return f"{found} {_ONE_OF_A_VERSION.format(found=found)}"

    def of_signed(self) -> str:
        """Return the conditions for the articles of one byline or mark, for `signed_articles`."""
        fields = [_FIELDS[name] for name in _FIELDS if name in self.names]
        others = [_IN_SET[name] for name in self.sets() if name != "author"]
        found = " ".join([*self._dates(), _probe("articles.id", fields), *others])
        among = f"{found} {_IN_SET['author']}"
        return f"{found} {_ONE_OF_A_VERSION.format(found=among)}"

    def sets(self) -> list[str]:
        """Return the names of the requested sets."""
        return [name for name in _SETS if name in self.names]

    def of_matches(self, leading_are_few: bool, few: Collection[str]) -> str:
        """Return conditions for a query of the matches in `articles_fts`; `few` as above.

        If `leading_are_few`, few articles meet the leading conditions, and their ids are collected
        once. Otherwise the fields of each match are tested until enough are found.
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
    """Return the requested sets that are small enough to be read whole."""
    return [
        name
        for name in filters.sets()
        if await archive.has_at_most(FEW, _COUNTED_BY[name], parameters)
    ]


async def signed_articles(
    archive: ArchiveDb, filters: Filters, parameters: Mapping[str, Any], most: int
) -> tuple[list[Row], int]:
    """Return one page of the articles of :author from newest to oldest, and their number.

    The number is capped at `most`, which is also the most articles read of one byline.
    """
    asked = {**parameters, "most": most}
    (answer,) = await archive.rows("signed_articles", asked, filters.of_signed())
    shown = {**parameters, "ids": answer["ids"], "offset": 0}
    return await archive.rows("browse", shown, _AMONG_IDS), answer["found"]


def _probe(article_id: str, conditions: list[str]) -> str:
    if not conditions:
        return ""
    return (
        "and exists (select 1 from articles as filed indexed by articles_filters"
        f" where filed.id = {article_id} {' '.join(conditions)})"
    )
