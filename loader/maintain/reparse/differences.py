"""Find differences between stored and parsed rows of snapshots, boards and articles.

Records are compared field by field, so a new column is compared as soon as it is stored.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from loader.archive.stored import StoredCapture, read_quotes
from loader.archive.write.mentions import read_mentions
from loader.rows.claims import NO_TIME, choose, claim_digest, conflict_rows
from loader.rows.prepare import mention_rows
from loader.rows.records import (
    ArticleRows,
    BoardRows,
    ClaimRow,
    Prepared,
    ProblemRow,
    SnapshotRow,
)

# Differences that reparsing cannot fix: an unreadable capture, or one that the parser refuses.
RAW_CAPTURE: Final = "raw capture"
REFUSED: Final = "refused"


class Difference(NamedTuple):
    """A field or kind of row (`headline`, `quotes` ...) as stored and as parsed."""

    kind: str
    before: object
    after: object


def _differ(kind: str, before: object, after: object) -> Iterator[Difference]:
    if before != after:
        yield Difference(kind, before, after)


def snapshot_differences(stored: Prepared, parsed: Prepared) -> Iterator[Difference]:
    """Yield the differences between a snapshot's own rows and its capture."""
    if stored.snapshot is None or parsed.snapshot is None:
        # Rows of a capture that was readable once are never discarded.
        yield Difference(REFUSED, None, "; ".join(row.kind for row in parsed.problems))
        return
    for name in SnapshotRow._fields[1:]:  # the digest follows from the page
        before, after = getattr(stored.snapshot, name), getattr(parsed.snapshot, name)
        yield from _differ(name, before, after)
    yield from _differ("page", stored.page, parsed.page)
    yield from _differ(
        "board",
        stored.board.digest if stored.board else None,
        parsed.board.digest if parsed.board else None,
    )
    yield from _differ(
        "article",
        stored.article.digest if stored.article else None,
        parsed.article.digest if parsed.article else None,
    )
    yield from _differ("claim", _claim(stored), _claim(parsed))
    yield from _differ("covid", stored.covid, parsed.covid)
    yield from _differ("listings", stored.listings, parsed.listings)
    yield from _differ("problems", sorted(stored.problems), sorted(parsed.problems))


def _claim(rows: Prepared) -> tuple[ClaimRow, str] | None:
    return (rows.article.claim, rows.article.claim_digest) if rows.article else None


def board_differences(
    conn: sqlite3.Connection, stored: StoredCapture, parsed: BoardRows
) -> Iterator[Difference]:
    """Yield the differences between the rows of a board and its lines."""
    board = stored.rows.board
    if board is None or stored.board_id is None or board.digest != parsed.digest:
        return  # reported as a difference of the snapshot
    quotes = read_quotes(conn, [stored.board_id]).get(stored.board_id, ())
    yield from _differ("board counts", board.counts, parsed.counts)
    # The kind is that of the instrument, which is a share if any page prints it like one.
    yield from _differ(
        "quotes",
        [quote._replace(kind="") for quote in quotes],
        [quote._replace(kind="") for quote in parsed.quotes],
    )
    for before, after in zip(quotes, parsed.quotes, strict=False):
        if (before.symbol, before.kind, after.kind) == (after.symbol, "index", "share"):
            yield Difference("instrument", (before.symbol, before.kind), after.kind)


_SETTLED: Final = f"""
select pages.url, {", ".join(f"articles.{name}" for name in ClaimRow._fields)}
from articles left join pages on pages.id = articles.page_id
where articles.id = ?
"""
_CLAIMS: Final = "select digest from article_claims where article_id = ?"
_CONFLICTS: Final = f"""
select {", ".join(ProblemRow._fields)} from problems where article_id = ? and kind = 'conflict'
"""
_COUNTS: Final = """
select symbol, mention_count from mentions join instruments on instruments.id = instrument_id
where article_id = ?
"""
_KNOWN: Final = "select 1 from instruments where symbol = ?"


class ArticleCheck:
    """A comparison of one article's rows with all of its captures combined."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._is_complete = True
        self._stored: StoredCapture | None = None
        self._text: ArticleRows | None = None
        self._claims: dict[ClaimRow, str] = {}
        self._tags: set[str] = set()
        self._teasers: dict[str, tuple[int, str | None]] = {}
        self._text_links: dict[str, str] = {}
        self._images: dict[str, str | None] = {}
        self._authors: dict[str, str] = {}
        self._pages: set[str] = set()

    @property
    def first_snapshot(self) -> int:
        return self._stored.snapshot_id if self._stored else 0

    def add(self, stored: StoredCapture, parsed: Prepared | None) -> None:
        """Add a capture; with an unreadable one (None) the article cannot be compared."""
        self._stored = self._stored or stored
        if parsed is None:
            self._is_complete = False
            return
        text = parsed.article
        if text is None:
            return
        if self._text is None or text.shape < self._text.shape:
            self._text = text
        time = parsed.captured_at or NO_TIME
        self._claims[text.claim] = min(self._claims.get(text.claim, NO_TIME), time)
        self._tags.update(text.tags)
        if parsed.page:
            self._pages.add(parsed.page.url)
        for image in text.images:
            captions = (image.caption, self._images.get(image.url))
            self._images[image.url] = min(filter(None, captions), default=None)
        for author in text.authors:
            self._authors[author.name] = min(author.url, self._authors.get(author.name, author.url))
        for teaser in text.teasers:
            position, url = teaser.position, teaser.page.url if teaser.page else None
            if teaser.headline in self._teasers:
                earlier_position, earlier_url = self._teasers[teaser.headline]
                position = min(position, earlier_position)
                url = min([address for address in (url, earlier_url) if address], default=None)
            self._teasers[teaser.headline] = (position, url)
        for link in text.text_links:
            words = self._text_links.get(link.page.url, link.words)
            self._text_links[link.page.url] = min(words, link.words)

    def differences(self) -> list[Difference]:
        """Return the differences between the article's rows and its combined captures."""
        text, stored = self._text, self._stored
        if text is None or stored is None or not self._is_complete:
            return []
        before = stored.rows.article
        if before is None or before.digest != text.digest:
            return []  # reported as differences of the snapshots
        key = (stored.article_id,)
        url, *settled = self._conn.execute(_SETTLED, key).fetchone()
        held, disputed = choose([(time, claim) for claim, time in self._claims.items()])
        return [
            *_differ("text", before.shape, text.shape),
            *_differ("word_count", before.word_count, text.word_count),
            *_differ("article page", url, min(self._pages, default=None)),
            *_differ("article facts", ClaimRow._make(settled), held),
            *_differ(
                "claims",
                {digest for (digest,) in self._conn.execute(_CLAIMS, key)},
                {claim_digest(text.digest, *claim) for claim in self._claims},
            ),
            *_differ("tags", set(before.tags), self._tags),
            *_differ(
                "teasers",
                {
                    row.headline: (row.position, row.page.url if row.page else None)
                    for row in before.teasers
                },
                self._teasers,
            ),
            *_differ(
                "text links",
                {row.page.url: row.words for row in before.text_links},
                self._text_links,
            ),
            *_differ("images", dict(before.images), self._images),
            *_differ("authors", dict(before.authors), self._authors),
            *self._mentions(stored.article_id, held, text),
            *_differ(
                "conflicts",
                {ProblemRow._make(row) for row in self._conn.execute(_CONFLICTS, key)},
                set(conflict_rows(text.digest, disputed)),
            ),
        ]

    def _mentions(
        self, article_id: int | None, held: ClaimRow, text: ArticleRows
    ) -> Iterator[Difference]:
        """Yield the differences of mentions and of their counts."""
        wanted = {
            row
            for row in mention_rows(held.headline, held.summary, text.body)
            if self._conn.execute(_KNOWN, (row.symbol,)).fetchone()
        }
        spans = read_mentions(self._conn, [article_id or 0]).get(article_id or 0, ())
        yield from _differ("mentions", set(spans), wanted)
        counts = dict(self._conn.execute(_COUNTS, (article_id,)))
        yield from _differ("mention counts", counts, dict(Counter(row.symbol for row in wanted)))
