"""The filters of a search as conditions, so written that SQLite reads few and small rows.

Every condition is a constant of this file; values are bound. Bodies of articles are long, so
none of these reads a row of `articles`: the index that leads (`articles_section` and the
like) and `articles_filters`, which holds all fields by id, are enough.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

# The field with most values first: of several the one that leaves the fewest articles leads.
_FIELDS = {
    "place": "and dateline = :place",
    "section": "and section = :section",
    "agency": "and agency = :agency",
}
_DATES = {"from": "and article_date >= :from", "to": "and article_date < :to || '~'"}
NAMES = (*_FIELDS, *_DATES, "symbol")

# Texts that an editor did not change are found by the one that tells their version.
_ONE_OF_A_VERSION = (
    "and not exists (select 1 from version_forms"
    " where version_forms.article_id = articles.id and not exists (select 1 from text_versions"
    " where text_versions.article_id = version_forms.article_id))"
)
_NAMED = "(select article_id from mentions where instrument_id = :instrument_id)"


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for, by the names of NAMES."""

    names: Collection[str]

    def leading(self) -> str:
        """Conditions that one index answers alone: a field, and the dates with it."""
        field = next((name for name in _FIELDS if name in self.names), None)
        conditions = [_FIELDS[field]] if field else []
        return " ".join([*conditions, *self._dates()])

    def of_articles(self, names_are_few: bool) -> str:
        """For a query that goes through `articles` from the newest to the oldest.

        `names_are_few`: few articles name the instrument, so that these are read instead.
        """
        parts = [self.leading(), _probe("articles.id", self._other_fields())]
        if "symbol" in self.names:
            # The plus keeps SQLite from reading all that name it, to sort them by date.
            parts.append(f"and {'' if names_are_few else '+'}articles.id in {_NAMED}")
        parts.append(_ONE_OF_A_VERSION)
        return " ".join(filter(None, parts))

    def of_matches(self, leading_are_few: bool) -> str:
        """For a query that goes through the matches in `articles_fts`.

        `leading_are_few`: few articles meet the leading conditions, so that their ids are
        brought together once; else each match is asked for its fields until there are enough.
        """
        parts = []
        if "symbol" in self.names:
            parts.append(f"and +articles_fts.rowid in {_NAMED}")
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


def _probe(article_id: str, conditions: list[str]) -> str:
    if not conditions:
        return ""
    return (
        "and exists (select 1 from articles as filed indexed by articles_filters"
        f" where filed.id = {article_id} {' '.join(conditions)})"
    )
