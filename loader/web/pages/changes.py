"""`/article/17`: redirects to the article; `/article/17/changes`: two versions side by side."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, NoReturn

from loader.articles.beside import Row as TextRow
from loader.articles.beside import rows_of_headlines, rows_of_texts
from loader.articles.compare import Side, Text, lines_apart, read_side
from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.parameters import in_path, text
from loader.web.errors import PageError, Redirect
from loader.web.pages.page import Page

MOST_VERSIONS = 200
_MOST_CHARACTERS = 400_000  # of both texts, which take half a second to compare


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side; without rows if they are too long."""

    old: Row
    new: Row
    headlines: list[TextRow]
    rows: list[TextRow]
    is_too_long: bool


async def article_page(archive: ArchiveDb, request: Any) -> NoReturn:
    """Redirect `/article/17` to the page of the article, `/archive/articles/17`."""
    article = await _wanted_article(archive, request)
    raise Redirect(f"/articles/{article['id']}", is_table=True)


async def _wanted_article(archive: ArchiveDb, request: Any) -> Row:
    """Return the article of a request by its id, else by the number in its page's address.

    Raises PageError 404 without one.
    """
    asked = {"id": int(in_path(request, "id"))}
    article = await archive.row("article", asked)
    if article is None and (found := await archive.row("page_of_number", asked)):
        article = await archive.row("article", {"id": found["id"]})
    if article is None:
        raise PageError(404, "No such article", "The archive has no article of that number.")
    return article


async def changes_page(archive: ArchiveDb, request: Any) -> Page:
    """Return the versions of the article's page, and two of them compared: ?old=1&new=2.

    The number is the id of the article, otherwise the number in the page's URL.
    """
    article = await _wanted_article(archive, request)
    versions = await read_versions(archive, article["page_id"])
    chosen = _chosen(request, article["id"], versions)
    comparison = await _compare(archive, versions, *chosen) if chosen else None
    return Page(
        "recorder_changes.html",
        {
            "article": article,
            "versions": versions,
            "most_versions": MOST_VERSIONS,
            "comparison": comparison,
        },
        data={
            "article_id": article["id"],
            "page_id": article["page_id"],
            "url": article["url"],
            "versions": versions,
            "changes": _as_json(comparison) if comparison else None,
        },
    )


async def read_versions(archive: ArchiveDb, page_id: int | None) -> list[Row]:
    """Return the newest versions of a page; empty if the page of a text is unknown."""
    if page_id is None:
        return []
    return await archive.rows("article_versions", {"page_id": page_id, "limit": MOST_VERSIONS})


def _chosen(request: Any, article_id: int, versions: list[Row]) -> tuple[Row, Row] | None:
    """Return the two requested versions, otherwise the article's own and the previous one."""
    if len(versions) < 2:
        return None
    by_number = {str(row["version"]): row for row in versions}
    asked = [text(request, name) for name in ("old", "new")]
    for value in filter(None, asked):
        if value not in by_number:
            raise PageError(404, "No such version", f"The page has no version {value[:20]!r} here.")
    own = next((at for at, row in enumerate(versions) if row["id"] == article_id), 0)
    new = by_number[asked[1]] if asked[1] else versions[max(own, 1)]
    before = versions[max(versions.index(new) - 1, 0)]
    return by_number[asked[0]] if asked[0] else before, new


async def _compare(archive: ArchiveDb, versions: list[Row], old: Row, new: Row) -> Comparison:
    sides = [await _side(archive, version) for version in (old, new)]
    length = sum(len(line.raw) for side in sides for line in side.body.lines)
    first, last = sorted((old["version"], new["version"]))
    is_updated = any(row["dates_changed"] for row in versions if first < row["version"] <= last)
    rows: list[TextRow] = []
    if length <= _MOST_CHARACTERS:
        rows = await asyncio.to_thread(rows_of_texts, *sides, is_updated=is_updated)
    headlines = rows_of_headlines(old["headline"], new["headline"])
    return Comparison(old, new, headlines, rows, length > _MOST_CHARACTERS)


async def _side(archive: ArchiveDb, version: Row) -> Side:
    found = await archive.row("version_text", {"id": version["id"]})
    if found is None:
        raise PageError(404, "No such version", "The text was deleted meanwhile.")
    teasers = await archive.rows("article_teasers", {"id": version["id"]})
    apart = lines_apart([(row["position"], row["headline"]) for row in teasers], found["tags_line"])
    around = [line for name in ("caption", "byline") for line in (found[name] or "").splitlines()]
    text = Text(found["dateline"], found["body"], apart, found["summary"])
    return read_side(text, version["headline"], around, is_markup=bool(found["is_markup"]))


def _as_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "old": comparison.old["version"],
        "new": comparison.new["version"],
        "is_too_long": comparison.is_too_long,
        "paragraphs": [
            {
                "old": [piece._asdict() for piece in row.old],
                "new": [piece._asdict() for piece in row.new],
            }
            for row in (*comparison.headlines, *comparison.rows)
        ],
    }
