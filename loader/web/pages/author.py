"""`/author/a-writer`, `/agency/reuters`: articles by a name, in all its spellings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

from loader.rows.credits import fold, read_credits
from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.parameters import in_path
from loader.web.data.search_filters import Filters, signed_articles
from loader.web.errors import PageError, Redirect
from loader.web.pages.page import Page

_MOST_ARTICLES: Final = 50
_MOST_SECTIONS: Final = 30
_WORDS: Final = {"author": "Author", "desk": "Desk of the paper", "agency": "News agency"}


class Piece(NamedTuple):
    """A part of a byline as printed, and the page of the person or agency it names."""

    text: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A year or a section, its articles, and the search for them."""

    name: str | None
    articles: int
    search: str


def credit_path(kind: str, slug: str) -> str:
    """Return the path of a name's page, not yet encoded."""
    return f"/{'agency' if kind == 'agency' else 'author'}/{slug}"


async def author_page(archive: ArchiveDb, request: Any) -> Page:
    """Return the page of an author or a desk; 404 for a name without articles."""
    return await _credit_page(archive, request, is_agency=False)


async def agency_page(archive: ArchiveDb, request: Any) -> Page:
    """Return the page of a news agency, found in bylines and in marks at the end of articles."""
    return await _credit_page(archive, request, is_agency=True)


async def _credit_page(archive: ArchiveDb, request: Any, *, is_agency: bool) -> Page:
    typed = in_path(request, "slug")
    slug = slug_of(typed)
    asked = {"slug": slug, "is_agency": int(is_agency)}
    names = await _names(archive, asked)
    if not names:
        asked["is_agency"] = int(not is_agency)
        names = await _names(archive, asked)
    if not names:
        raise PageError(404, "No such name", "No article of the archive has this name.")
    if (path := credit_path(names[0]["kind"], slug)) != credit_path(
        "agency" if is_agency else "author", typed
    ):
        raise Redirect(quote(path) + (".json" if request.path.endswith(".json") else ""))
    counts, articles = await archive.cached(f"signed {asked}", lambda: _signed(archive, asked))
    shown = {
        "kind": names[0]["kind"],
        "slug": slug,
        "name": names[0]["name"],
        "spellings": names,
        "article_count": sum(row["articles"] for row in counts),
        "years": _years(counts, slug),
        "sections": _sections(counts, slug),
        "articles": articles,
        "pages_on_site": [row["url"] for row in await archive.rows("credit_pages", asked)],
    }
    return Page(
        "recorder_author.html",
        {
            **shown,
            "words": _WORDS[names[0]["kind"]],
            "selection": urlencode({"slug": slug, "kind": names[0]["kind"]}),
        },
        data={
            **shown,
            **{
                part: [{"name": each.name, "articles": each.articles} for each in shown[part]]
                for part in ("years", "sections")
            },
        },
    )


async def _names(archive: ArchiveDb, asked: Mapping[str, Any]) -> list[Row]:
    """Return the spellings of a name; empty if the archive does not have it."""
    return await archive.cached(f"names {asked}", lambda: archive.rows("credit_names", asked))


async def _signed(archive: ArchiveDb, asked: Mapping[str, Any]) -> tuple[list[Row], list[Row]]:
    """Return counts by year and section, and the newest articles."""
    named = {"author": asked["slug"], "limit": _MOST_ARTICLES, "offset": 0}
    articles, _ = await signed_articles(archive, Filters(("author",)), named, _MOST_ARTICLES)
    return (
        await archive.rows("credit_counts", asked),
        [{"headline": row.pop("title"), **row} for row in articles],
    )


def slug_of(typed: str) -> str:
    """Return the slug for a name or a slug as typed.

    >>> slug_of("A. Writer"), slug_of("Agence France-Presse"), slug_of("a-writer")
    ('a-writer', 'afp', 'a-writer')
    """
    found = read_credits("byline", typed)
    return found[0].slug if len(found) == 1 else fold(typed).replace(" ", "-")


def _years(counts: Iterable[Row], slug: str) -> list[Counted]:
    """Return the years, the latest first."""
    return [
        _counted(slug, year, articles, {"from": f"{year}-01-01", "to": f"{year}-12-31"})
        for year, articles in sorted(_sums(counts, "year"), key=lambda item: item[0], reverse=True)
    ]


def _sections(counts: Iterable[Row], slug: str) -> list[Counted]:
    """Return the sections with the most articles."""
    ordered = sorted(_sums(counts, "section"), key=lambda item: (-item[1], item[0]))
    return [
        _counted(slug, section, articles, {"section": section})
        for section, articles in ordered[:_MOST_SECTIONS]
    ]


def _sums(counts: Iterable[Row], column: str) -> Iterable[tuple[str, int]]:
    """Return the number of articles by value of a column; NULL becomes an empty text."""
    sums: Counter[str] = Counter()
    for row in counts:
        sums[row[column] or ""] += row["articles"]
    return sums.items()


def _counted(slug: str, name: str, articles: int, filters: Mapping[str, str]) -> Counted:
    return Counted(name or None, articles, urlencode({"author": slug, **filters}) if name else "")


def signature(printed: str | None, credits: Iterable[Row]) -> list[Piece]:
    """Split a byline or the name of an agency into parts, with the pages of the names in it.

    `credits` are its names in printed order.
    """
    pieces: list[Piece] = []
    rest = printed or ""
    for credit in credits:
        before, name, after = rest.partition(credit["name"])
        if name:
            pieces += [Piece(before), Piece(name, credit_path(credit["kind"], credit["slug"]))]
            rest = after
    return [piece for piece in (*pieces, Piece(rest)) if piece.text]
