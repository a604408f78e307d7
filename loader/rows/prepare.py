"""From a snapshot to the values its rows will hold: pure, so that worker processes do it.

What is left for the one process that writes is looking up ids. Rows are named tuples: they go
from process to process as they are (ingest/packing.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from loader.archive.raw import Compressor, Uncompressed
from loader.market.lines import Lines, lines_of
from loader.model import Article, Board, CovidCounter, Problem, Quote, Revisit, Snapshot
from loader.page.address import canonical_address
from loader.page.digest import article_digest, board_digest, snapshot_digest
from loader.rows.facts import known_names
from loader.rows.mentions import find_mentions

# What captures of one article may disagree about, in the order of article_claims' columns.
CLAIM_FIELDS = (
    "headline",
    "section",
    "byline",
    "agency",
    "published_at",
    "updated_at",
    "print_date",
    "tags_line",
    "caption",
    "summary",
)

Claim = tuple[str | None, ...]
_claim_of: Callable[[Article], Claim] = attrgetter(*CLAIM_FIELDS)

Place = tuple[str, int, str, str]
"""Location, offset or -1, captured_basis, url as told there: compared as they stand."""

QuoteRow = tuple[str | int | float | None, ...]
"""Symbol, kind, and the columns of quotes from position to percent_error."""


class BoardRows(NamedTuple):
    """`header` fills boards (counts and flags), `quotes` fill quotes, symbol and kind first,
    `lines` board_indices."""

    digest: str
    header: tuple[int, ...]
    quotes: tuple[QuoteRow, ...]
    lines: Lines | None

    @property
    def without_quotes(self) -> BoardRows:
        """What is sent of a board whose quotes went before."""
        return self._replace(quotes=(), lines=None)


def text_shape(body: str, dateline: str | None) -> tuple[bool, int, bool, str, str]:
    """How captures of one text are compared: the form that is smallest is kept.

    One text may come with its paragraphs apart or run together, with its dateline apart or
    not; the digest does not tell. First the most paragraphs, then one with a dateline.
    """
    return not body, -body.count("\n\n"), dateline is None, body, dateline or ""


class ArticleRows(NamedTuple):
    """An article's identity and text, what this capture claims of it, and what it links to."""

    digest: str
    dateline: str | None
    word_count: int
    body: str
    claim: Claim
    tags: tuple[str, ...]
    teasers: tuple[tuple[int, str, tuple[str, int | None] | None], ...]
    mentions: tuple[tuple[str, int], ...]

    @property
    def shape(self) -> tuple[bool, int, bool, str, str]:
        return text_shape(self.body, self.dateline)


class ProblemRow(NamedTuple):
    digest: str
    kind: str
    detail: str
    excerpt: str | None


class RevisitRow(NamedTuple):
    """A revisit; `page` and `target` are the canonical addresses of both captures."""

    digest: str
    page: tuple[str, int | None] | None
    captured_at: str | None
    url: str
    target: tuple[str, int | None] | None
    refers_to_at: str | None
    refers_to_url: str


class ListingRow(NamedTuple):
    """A story that a listing page names; `page` is the story's own."""

    position: int
    page: tuple[str, int | None] | None
    headline: str
    summary: str | None
    listed_at: str | None


class Prepared(NamedTuple):
    """All rows of one capture, by natural keys.

    `digest` is None for a capture that was refused and for a problem without a capture.
    `seen` fills snapshots' columns from captured_at to url; `raw` is media type, charset,
    size in bytes, compressed bytes.
    """

    source: str
    offset: int | None
    is_capture: bool
    problems: tuple[ProblemRow, ...]
    digest: str | None = None
    page: tuple[str, int | None] | None = None
    board: BoardRows | None = None
    article: ArticleRows | None = None
    seen: tuple[str | None, ...] = ()
    raw: tuple[str, str | None, int, bytes] | None = None
    covid: tuple[int | float | str | None, ...] | None = None
    revisit: RevisitRow | None = None
    listings: tuple[ListingRow, ...] = ()

    @property
    def place(self) -> Place:
        """Where it was found, comparable: a source that is the capture comes first.

        What a reader was told about the capture there (captured_basis, url) breaks ties.
        """
        _, basis, *_, url = self.seen or (None, None, None)
        return self.source, -1 if self.offset is None else self.offset, basis or "", url or ""

    @property
    def captured_at(self) -> str | None:
        return self.seen[0] if self.seen else None


def prepare(item: Snapshot | Problem | Revisit, compressor: Compressor | Uncompressed) -> Prepared:
    """The rows of a snapshot, or of a problem that a source met before there was a capture."""
    if isinstance(item, Revisit):
        return _prepare_revisit(item)
    if isinstance(item, Problem):
        return _prepare_refused(item.source, item.offset, (item,), is_capture=False)
    capture = item.capture
    if item.is_refused:
        return _prepare_refused(capture.source, capture.offset, item.problems, is_capture=True)
    digest = snapshot_digest(capture, item.page_url)
    return Prepared(
        source=capture.source,
        offset=capture.offset,
        is_capture=True,
        digest=digest,
        page=(item.page_url, item.news_id) if item.page_url else None,
        board=board_rows(item.board) if item.board else None,
        article=_article_rows(item.article) if item.article else None,
        seen=(
            capture.captured_at,
            capture.captured_basis,
            item.masthead_date,
            item.corpus_date,
            item.layout,
            capture.url,
        ),
        raw=(
            capture.media_type,
            capture.charset,
            len(capture.data),
            compressor.compress(capture.data),
        ),
        covid=_covid_row(item.covid) if item.covid else None,
        listings=tuple(
            ListingRow(
                listing.position,
                _page_of(listing.url),
                listing.headline,
                listing.summary,
                listing.listed_at,
            )
            for listing in item.listings
        ),
        problems=tuple(_problem_row(digest, problem) for problem in item.problems),
    )


def _prepare_refused(
    source: str, offset: int | None, problems: tuple[Problem, ...], *, is_capture: bool
) -> Prepared:
    identity = f"{source}\n{'' if offset is None else offset}"
    rows = tuple(_problem_row(identity, problem) for problem in problems)
    return Prepared(source, offset, is_capture, rows)


def _prepare_revisit(item: Revisit) -> Prepared:
    row = (item.captured_at, item.url, item.refers_to_at, item.refers_to_url)
    # The place belongs to it: two crawls may note the same thing.
    content = "\n".join(str(part) for part in (item.source, item.offset, *row))
    revisit = RevisitRow(
        digest=hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest(),
        page=_page_of(item.url),
        captured_at=item.captured_at,
        url=item.url,
        target=_page_of(item.refers_to_url),
        refers_to_at=item.refers_to_at,
        refers_to_url=item.refers_to_url,
    )
    return Prepared(item.source, item.offset, is_capture=False, problems=(), revisit=revisit)


def _problem_row(identity: str, problem: Problem) -> ProblemRow:
    return problem_row(identity, problem.kind, problem.detail, problem.excerpt)


def problem_row(identity: str, kind: str, detail: str, excerpt: str | None) -> ProblemRow:
    """A problem of the thing that `identity` names: found once however often it is met."""
    detail, excerpt = storable(detail), storable(excerpt) if excerpt else None
    content = "\n".join((identity, kind, detail, excerpt or ""))
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    return ProblemRow(digest, kind, detail, excerpt)


def storable(text: str) -> str:
    """Text that SQLite and terminals take: lone surrogates and control characters escaped."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode()
        for char in text
    )


@lru_cache(maxsize=512)
def board_rows(board: Board) -> BoardRows:
    """The rows of a board. Pure; the same board stands on many pages, so results are kept."""
    directions = [quote.direction for quote in board.quotes if quote.kind == "share"]
    header = (
        len(board.quotes),
        directions.count("up"),
        directions.count("down"),
        directions.count("flat"),
        int(board.is_pre_open),
        int(board.is_one_line),
    )
    lines = lines_of(
        [
            (symbol, kind == "share", price, price - change)
            for symbol, kind, _, _, _, _, _, price, change, _, _, _ in board.quotes
        ]
    )
    return BoardRows(board_digest(board), header, _quote_rows(board.quotes), lines)


def _quote_rows(quotes: Sequence[Quote]) -> tuple[QuoteRow, ...]:
    # All in one expression: a call a quote would cost as much as the row.
    return tuple(
        [
            (
                symbol, kind, position, direction, price / 100, change / 100, percent / 100,
                (price - change) / 100, int(sign_ok), int(quote.percent_ok),
                None if error is None else error / 100,
            )
            for position, quote in enumerate(quotes, start=1)
            for (
                symbol, kind, direction, _, _, _, _, price, change, percent, sign_ok, error,
            ) in [quote]
        ]
    )  # fmt: skip


def _article_rows(article: Article) -> ArticleRows:
    # Split once for both that need it: half the time of all this.
    words = article.body.split()
    return ArticleRows(
        digest=article_digest(article, words),
        dateline=article.dateline,
        word_count=len(words),
        body=article.body,
        claim=_claim_of(article),
        tags=article.tags,
        teasers=tuple(
            (teaser.position, teaser.headline, _page_of(teaser.url)) for teaser in article.teasers
        ),
        mentions=tuple(find_mentions(article.body, known_names()).items()),
    )


def _page_of(url: str | None) -> tuple[str, int | None] | None:
    address = canonical_address(url) if url else None
    return (address.url, address.news_id) if address else None


def _covid_row(covid: CovidCounter) -> tuple[int | float | str | None, ...]:
    return (
        covid.deaths,
        covid.deaths_24h,
        covid.cases,
        covid.cases_24h,
        float(covid.positivity) if covid.positivity else None,
        json.dumps(dict(covid.provinces)),
    )
