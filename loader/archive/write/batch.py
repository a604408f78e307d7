"""Write one batch of prepared captures; all captures are written by this module."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from loader.archive.ids import ids_of
from loader.archive.references import delete_unused
from loader.archive.write.article_dates import settle_dates_of_batch
from loader.archive.write.articles import (
    write_articles,
    write_pages,
    write_tags,
    write_teasers,
    write_text_links,
)
from loader.archive.write.boards import Instruments, forget_dating, set_spans, write_boards
from loader.archive.write.claims import settle_articles, write_claims
from loader.archive.write.listings import write_listings
from loader.archive.write.parts import write_parts
from loader.archive.write.revisits import new_revisits, write_revisits
from loader.archive.write.snapshots import (
    Parents,
    at_smallest_places,
    found_at_smaller_places,
    move_to_places,
    without_raw,
    write_problems,
    write_raw,
    write_snapshots,
    write_sources,
)
from loader.rows.records import Prepared


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of captures read, known captures and new rows of a batch or a load."""

    captures: int = 0
    snapshots: int = 0
    duplicates: int = 0
    boards: int = 0
    quotes: int = 0
    articles: int = 0
    problems: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def has_news(conn: sqlite3.Connection, batch: Sequence[Prepared]) -> bool:
    """Return whether writing the batch would change anything, without writing."""
    captures, _ = at_smallest_places(batch)
    known = ids_of(conn, "snapshots", "digest", captures)
    if len(known) < len(captures):
        return True
    refused = {problem.digest for item in batch if not item.snapshot for problem in item.problems}
    if len(ids_of(conn, "problems", "digest", refused)) < len(refused):
        return True
    return bool(
        found_at_smaller_places(conn, captures, known)
        or without_raw(conn, captures, known)
        or new_revisits(conn, batch)
    )


def write_batch(
    conn: sqlite3.Connection,
    batch: Sequence[Prepared],
    instruments: Instruments,
    load_id: int | None,
    dictionary_id: int | None,
) -> Counts:
    """Write the new rows of a batch, in the caller's transaction.

    `dictionary_id` is the id of the dictionary with which the raw captures are compressed.
    """
    captures, repeated = at_smallest_places(batch)
    known = ids_of(conn, "snapshots", "digest", captures)
    new = [item for digest, item in captures.items() if digest not in known]
    # A copy shared without raw captures or texts may have been loaded first.
    completed = list(without_raw(conn, captures, known).values())
    moved = found_at_smaller_places(conn, captures, known)
    refused = [item for item in batch if item.snapshot is None]
    sources = write_sources(conn, [*new, *moved.values(), *refused])
    left = move_to_places(conn, moved, sources)

    fuller = [*new, *completed]
    boards, new_boards, quotes = write_boards(conn, new, batch, instruments)
    pages = write_pages(conn, [*fuller, *refused])
    articles, new_articles = write_articles(conn, fuller, pages)
    claims = write_claims(conn, fuller, articles)
    parents = Parents(sources, pages, boards, articles, claims)
    snapshots = write_snapshots(conn, new, parents, load_id)
    write_raw(conn, fuller, known | snapshots, dictionary_id)
    if completed:
        # A text that had been left out may state closes of dated days.
        forget_dating(conn)
    set_spans(conn, {boards[item.board.digest] for item in new if item.board})
    write_tags(conn, fuller, articles)
    write_teasers(conn, fuller, articles, pages)
    write_text_links(conn, fuller, articles, pages)
    write_parts(conn, fuller, articles)
    write_listings(conn, fuller, pages, known | snapshots)
    conflicts = settle_articles(conn, fuller, articles, new_articles, load_id)
    settle_dates_of_batch(conn, [*fuller, *moved.values()], new_articles)
    # From `new`, in which each capture is at its smallest place.
    problems = write_problems(conn, [*new, *refused], snapshots, sources, load_id)
    write_revisits(conn, new_revisits(conn, refused), pages, sources, load_id)
    # Unused sources would depend on the order of loading. They are deleted last, since new rows may
    # refer to a source that others left.
    delete_unused(conn, "sources", left)
    return Counts(
        captures=sum(item.is_capture for item in batch),
        snapshots=len(new),
        duplicates=repeated + len(captures) - len(new),
        boards=new_boards,
        quotes=quotes,
        articles=len(new_articles),
        problems=conflicts + problems,
    )


def count_known(batch: Sequence[Prepared]) -> Counts:
    """Return the counts of a batch without anything new."""
    captures = sum(item.is_capture for item in batch)
    return Counts(captures=captures, duplicates=sum(item.snapshot is not None for item in batch))
