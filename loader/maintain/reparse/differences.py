"""Stored rows beside the rows a parser gives: snapshots, boards, articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from loader.archive.write.claims import NO_TIME, choose, conflict_rows
from loader.rows.facts import known_names
from loader.rows.mentions import find_mentions
from loader.rows.prepare import CLAIM_FIELDS, ArticleRows, Claim, Prepared, text_shape

if TYPE_CHECKING:
    from loader.maintain.reparse.compare import Kept

_FIELDS: Final = ", ".join(CLAIM_FIELDS)


@dataclass(frozen=True, slots=True)
class Difference:
    """A kind of row (`headline`, `quotes` ...) as stored and as the parser gives it."""

    kind: str
    before: object
    after: object


def _differ(kind: str, before: object, after: object) -> Iterator[Difference]:
    if before != after:
        yield Difference(kind, before, after)


_COVID = """
select deaths, deaths_24h, cases, cases_24h, positivity_percent, provinces
from covid_counters where snapshot_id = ?
"""
_LISTINGS = """
select position, url, headline, summary, listed_at
from listings left join pages on pages.id = listings.page_id
where snapshot_id = ? order by position
"""
_PROBLEMS = "select digest, kind, detail, excerpt from problems where snapshot_id = ?"


def snapshot_differences(
    conn: sqlite3.Connection, kept: Kept, item: Prepared
) -> Iterator[Difference]:
    """What a snapshot's own rows say otherwise than its capture."""
    if item.digest is None:
        # Nothing that was understood once is thrown away.
        yield Difference("refused", None, "; ".join(row.kind for row in item.problems))
        return
    yield from _differ("page", kept.page, item.page[0] if item.page else None)
    yield from _differ("board", kept.board, item.board.digest if item.board else None)
    yield from _differ("article", kept.article, item.article.digest if item.article else None)
    for name, before, after in zip(
        ("masthead_date", "corpus_date", "layout"),
        (kept.masthead_date, kept.corpus_date, kept.layout),
        item.seen[2:5],
        strict=True,
    ):
        yield from _differ(name, before, after)
    yield from _differ("claim", _claim_of(conn, kept), item.article.claim if item.article else None)
    yield from _differ("covid", conn.execute(_COVID, (kept.id,)).fetchone(), item.covid)
    yield from _differ(
        "listings",
        conn.execute(_LISTINGS, (kept.id,)).fetchall(),
        [
            (row.position, row.page[0] if row.page else None, row.headline, row.summary,
             row.listed_at)
            for row in item.listings
        ],
    )  # fmt: skip
    yield from _differ(
        "problems",
        sorted(map(repr, conn.execute(_PROBLEMS, (kept.id,)))),
        sorted({repr((row.digest, row.kind, row.detail, row.excerpt)) for row in item.problems}),
    )


def _claim_of(conn: sqlite3.Connection, kept: Kept) -> Claim | None:
    if kept.claim_id is None:
        return None
    row: Claim | None = conn.execute(
        f"select {_FIELDS} from article_claims where id = ? and article_id is ?",
        (kept.claim_id, kept.article_id),
    ).fetchone()
    return row


_BOARD: Final = """
select quotes, advancers, decliners, unchanged, is_pre_open, is_one_line
from boards where digest = ?
"""
_QUOTES: Final = """
select symbol, kind, position, direction, price, change, percent, previous_price, sign_ok,
    percent_ok, percent_error
from boards
join quotes on quotes.board_id = boards.id
join instruments on instruments.id = quotes.instrument_id
where digest = ?
order by position
"""


class BoardCheck:
    """Compares each board once, however many captures show it."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._seen: set[str] = set()

    def differences(self, item: Prepared) -> Iterator[Difference]:
        board = item.board
        if board is None or board.digest in self._seen:
            return
        self._seen.add(board.digest)
        header = self._conn.execute(_BOARD, (board.digest,)).fetchone()
        if header is None:
            return  # the snapshot's own difference tells
        yield from _differ("board counts", header, board.header)
        stored = self._conn.execute(_QUOTES, (board.digest,)).fetchall()
        # The kind belongs to the instrument: a share wherever any page prints one.
        yield from _differ(
            "quotes",
            [(row[0], *row[2:]) for row in stored],
            [(quote[0], *quote[2:]) for quote in board.quotes],
        )
        for row, quote in zip(stored, board.quotes, strict=False):
            if row[1] == "index" and quote[1] == "share" and row[0] == quote[0]:
                yield Difference("instrument", row[:2], quote[:2])


_ARTICLE: Final = f"""
select articles.digest, articles.dateline, articles.body, articles.word_count, pages.url,
    {", ".join(f"articles.{name}" for name in CLAIM_FIELDS)}
from articles left join pages on pages.id = articles.page_id
where articles.id = ?
"""
_CLAIMS: Final = f"select {_FIELDS} from article_claims where article_id = ?"
_TAGS: Final = """
select name from article_tags join tags on tags.id = tag_id where article_id = ?
"""
_TEASERS: Final = """
select headline, position, url
from teasers left join pages on pages.id = teasers.page_id
where article_id = ?
"""
_MENTIONS: Final = """
select symbol, count from mentions join instruments on instruments.id = instrument_id
where article_id = ?
"""
_CONFLICTS: Final = """
select digest, kind, detail, excerpt from problems where article_id = ? and kind = 'conflict'
"""
_KNOWN: Final = "select 1 from instruments where symbol = ?"


class ArticleCheck:
    """Gathers what the captures of one article say together, then compares its rows."""

    def __init__(self, conn: sqlite3.Connection, article_id: int) -> None:
        self._conn = conn
        self._id = article_id
        self._is_complete = True
        self._text: ArticleRows | None = None
        self._claims: dict[Claim, str] = {}
        self._tags: set[str] = set()
        self._teasers: dict[str, tuple[int, str | None]] = {}
        self._pages: set[str] = set()
        self.first_snapshot = 0

    def miss(self) -> None:
        """A capture of the article cannot be read: its rows may say more than the others."""
        self._is_complete = False

    def add(self, snapshot_id: int, item: Prepared) -> None:
        self.first_snapshot = self.first_snapshot or snapshot_id
        text = item.article
        if text is None:
            return
        if self._text is None or text.shape < self._text.shape:
            self._text = text
        time = item.captured_at or NO_TIME
        self._claims[text.claim] = min(self._claims.get(text.claim, NO_TIME), time)
        self._tags.update(text.tags)
        if item.page:
            self._pages.add(item.page[0])
        for position, headline, page in text.teasers:
            urls = [page[0]] if page else []
            if headline in self._teasers:
                earlier = self._teasers[headline]
                position = min(position, earlier[0])
                urls += [earlier[1]] if earlier[1] else []
            self._teasers[headline] = (position, min(urls, default=None))

    def differences(self) -> list[Difference]:
        """What the article's rows say otherwise than its captures do together."""
        text = self._text
        if text is None or not self._is_complete:
            return []
        conn, key = self._conn, (self._id,)
        row = conn.execute(_ARTICLE, key).fetchone()
        if row is None or row[0] != text.digest:
            return []  # the snapshots' own differences tell
        _, dateline, body, words, url, *settled = row
        kept, disputed = choose([(time, claim) for claim, time in self._claims.items()])
        return [
            *_differ("text", text_shape(body, dateline), text.shape),
            *_differ("word_count", words, text.word_count),
            *_differ("article page", url, min(self._pages, default=None)),
            *_differ("article facts", settled, kept),
            *_differ(
                "claims",
                sorted(map(repr, conn.execute(_CLAIMS, key))),
                sorted(map(repr, self._claims)),
            ),
            *_differ("tags", {row[0] for row in conn.execute(_TAGS, key)}, self._tags),
            *_differ(
                "teasers",
                {row[0]: row[1:] for row in conn.execute(_TEASERS, key)},
                self._teasers,
            ),
            *_differ("mentions", dict(conn.execute(_MENTIONS, key)), self._mentions(text.body)),
            *_differ(
                "conflicts",
                sorted(map(repr, conn.execute(_CONFLICTS, key))),
                sorted(
                    repr((row.digest, row.kind, row.detail, row.excerpt))
                    for row in conflict_rows(text.digest, disputed)
                ),
            ),
        ]

    def _mentions(self, body: str) -> dict[str, int]:
        return {
            symbol: count
            for symbol, count in find_mentions(body, known_names()).items()
            if self._conn.execute(_KNOWN, (symbol,)).fetchone()
        }
