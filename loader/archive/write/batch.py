"""Writing one batch of prepared captures: what is new of it, in the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from loader.archive.ids import ids_of
from loader.archive.write.articles import (
    reshape_articles,
    write_articles,
    write_claims,
    write_pages,
    write_tags,
    write_teasers,
)
from loader.archive.write.boards import Instruments, write_boards
from loader.archive.write.claims import settle_articles
from loader.archive.write.listings import write_listings
from loader.archive.write.revisits import new_revisits, write_revisits
from loader.archive.write.snapshots import (
    Parents,
    found_at_smaller_places,
    move_to_places,
    new_captures,
    write_problems,
    write_snapshots,
    write_sources,
)
from loader.rows.facts import known_names
from loader.rows.mentions import write_mentions
from loader.rows.prepare import Prepared


@dataclass(frozen=True, slots=True)
class Counts:
    """What a batch or a load did: captures read, captures there before, and new rows."""

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
    """Whether writing the batch would change anything; reads only."""
    known = _known_snapshots(conn, batch)
    if any(item.digest and item.digest not in known for item in batch):
        return True
    refused = [problem.digest for item in batch if not item.digest for problem in item.problems]
    if len(ids_of(conn, "problems", "digest", refused)) < len(set(refused)):
        return True
    return bool(found_at_smaller_places(conn, batch, known) or new_revisits(conn, batch))


def write_batch(
    conn: sqlite3.Connection,
    batch: Sequence[Prepared],
    instruments: Instruments,
    source_kinds: Mapping[str, str],
    load_id: int,
    dictionary_id: int | None,
) -> Counts:
    """Write what is new of a batch; the caller begins the transaction and ends it."""
    known = _known_snapshots(conn, batch)
    new, repeated = new_captures(batch, known)
    moved = found_at_smaller_places(conn, batch, known)
    refused = [item for item in batch if item.digest is None]
    sources = write_sources(conn, [*new, *moved.values(), *refused], source_kinds)
    move_to_places(conn, moved, sources)
    boards, new_boards, quotes = write_boards(conn, new, batch, instruments)
    pages = write_pages(conn, new)
    articles, new_articles = write_articles(conn, new, pages)
    reshaped = reshape_articles(conn, new, articles, new_articles)
    write_mentions(conn, sorted(reshaped), known_names())
    claims = write_claims(conn, new, articles, new_articles)
    parents = Parents(sources, pages, boards, articles, claims)
    snapshots = write_snapshots(conn, new, parents, load_id, dictionary_id)
    write_tags(conn, new, articles)
    write_teasers(conn, new, articles, pages)
    write_listings(conn, new, pages, snapshots)
    conflicts = settle_articles(conn, new, articles, new_articles, load_id)
    # From `new`, since there each capture stands at its smallest place.
    problems = write_problems(conn, [*new, *refused], snapshots, sources, load_id)
    write_revisits(conn, new_revisits(conn, refused), sources, load_id)
    return Counts(
        captures=sum(item.is_capture for item in batch),
        snapshots=len(new),
        duplicates=repeated,
        boards=new_boards,
        quotes=quotes,
        articles=len(new_articles),
        problems=conflicts + problems,
    )


def count_known(batch: Sequence[Prepared]) -> Counts:
    """The counts of a batch in which nothing is new."""
    captures = sum(item.is_capture for item in batch)
    return Counts(captures=captures, duplicates=sum(item.digest is not None for item in batch))


def _known_snapshots(conn: sqlite3.Connection, batch: Sequence[Prepared]) -> dict[str, int]:
    return ids_of(conn, "snapshots", "digest", [item.digest for item in batch])
