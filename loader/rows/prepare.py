"""Make the rows of a snapshot: pure functions, so that worker processes can do it.

Only the lookup of ids is left to the single process that writes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from itertools import count
from operator import attrgetter
from typing import Any, Final, NamedTuple

from loader.amounts import hundredths
from loader.articles.sketch import sketch
from loader.market.lines import index_row
from loader.model import (
    Article,
    Board,
    CovidCounter,
    Listing,
    Problem,
    Quote,
    Revisit,
    Snapshot,
    Table,
)
from loader.page.address import canonical_address
from loader.page.digest import article_digest, board_digest, fold_body, snapshot_digest
from loader.rows.claims import claim_digest
from loader.rows.codec import Codec
from loader.rows.facts import known_names
from loader.rows.names.recognise import find_all_mentions
from loader.rows.problems import place_identity, row_of
from loader.rows.records import (
    ArticleRows,
    AuthorRow,
    BoardCounts,
    BoardRows,
    ClaimRow,
    CovidRow,
    ImageRow,
    ListingRow,
    MentionRow,
    PageRow,
    Prepared,
    ProblemRow,
    QuoteRow,
    RawCaptureRow,
    RevisitRow,
    SnapshotRow,
    SourceRow,
    TableRow,
    TeaserRow,
    TextLinkRow,
)

Item = Snapshot | Problem | Revisit
_claim_of: Final[Callable[[Article], Any]] = attrgetter(*ClaimRow._fields)


class Parsed(NamedTuple):
    """A parsed item, the source in which it was found, and the rows of its board."""

    item: Item
    source: SourceRow
    board: BoardRows | None = None


def prepare(item: Item, codec: Codec, source: SourceRow) -> Prepared:
    """Return the rows of a snapshot, a revisit, or a problem without a capture."""
    return prepare_all([parsed(item, source)], codec)[0]


def parsed(item: Item, source: SourceRow) -> Parsed:
    """Return an item with the rows of its board."""
    return Parsed(item, source, _board(item) if isinstance(item, Snapshot) else None)


def prepare_all(batch: Sequence[Parsed], codec: Codec) -> list[Prepared]:
    """Return the rows of several items.

    Each step runs for the whole batch before the next, so that its tables (the automata of names,
    the hash tables of the compressor) stay in the processor's cache (docs/design.md).
    """
    snapshots = [_accepted(item) for item, *_ in batch]
    articles = _articles([snapshot.article if snapshot else None for snapshot in snapshots])
    encoded = [codec.encode(snapshot.capture.data) if snapshot else b"" for snapshot in snapshots]
    return [
        _prepared(snapshot, one, article, data) if snapshot else _without_capture(one)
        for snapshot, one, article, data in zip(snapshots, batch, articles, encoded, strict=True)
    ]


def _accepted(item: Item) -> Snapshot | None:
    return item if isinstance(item, Snapshot) and not item.is_refused else None


def _without_capture(one: Parsed) -> Prepared:
    item = one.item
    if isinstance(item, Revisit):
        return _revisit(item, one.source)
    if isinstance(item, Problem):
        return _refused(one.source, item.offset, (item,), is_capture=False)
    return _refused(one.source, item.capture.offset, item.problems, is_capture=True)


def _prepared(item: Snapshot, one: Parsed, article: ArticleRows | None, encoded: bytes) -> Prepared:
    capture = item.capture
    digest = snapshot_digest(capture, item.page_url)
    return Prepared(
        source=one.source,
        offset=capture.offset,
        is_capture=True,
        problems=_problems(digest, item.problems),
        snapshot=SnapshotRow(
            digest,
            capture.captured_at,
            capture.captured_basis,
            item.masthead_date,
            item.corpus_date,
            item.layout,
            item.section,
            capture.url,
        ),
        page=PageRow(item.page_url, item.news_id) if item.page_url else None,
        board=one.board,
        article=article,
        raw=RawCaptureRow(capture.media_type, capture.charset, len(capture.data), encoded),
        covid=_covid(item.covid) if item.covid else None,
        listings=tuple(map(_listing, item.listings)),
    )


def _refused(
    source: SourceRow, offset: int | None, problems: tuple[Problem, ...], *, is_capture: bool
) -> Prepared:
    identity = place_identity(source.location, offset)
    return Prepared(source, offset, is_capture, _problems(identity, problems))


def _problems(identity: str, problems: tuple[Problem, ...]) -> tuple[ProblemRow, ...]:
    """Return the rows of distinct problems, without duplicates."""
    return tuple({(row := row_of(identity, problem)).digest: row for problem in problems}.values())


def _revisit(item: Revisit, source: SourceRow) -> Prepared:
    # The digest includes the place, since two crawls may record the same revisit.
    parts = (
        item.source, item.offset, item.captured_at, item.url, item.refers_to_at, item.refers_to_url
    )  # fmt: skip
    content = "\n".join(map(str, parts))
    revisit = RevisitRow(
        digest=hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest(),
        page=_page(item.url),
        captured_at=item.captured_at,
        reported_url=item.url,
        target=_page(item.refers_to_url),
        refers_to_at=item.refers_to_at,
        refers_to_url=item.refers_to_url,
    )
    return Prepared(source, item.offset, is_capture=False, revisit=revisit)


def _board(item: Snapshot) -> BoardRows | None:
    if item.known_board:
        return BoardRows(item.known_board)
    return board_rows(item.board) if item.board else None


def board_rows(board: Board) -> BoardRows:
    """Return the rows of a board."""
    directions = [quote.direction for quote in board.quotes if quote.kind == "share"]
    counts = BoardCounts(
        len(board.quotes),
        directions.count("up"),
        directions.count("down"),
        directions.count("flat"),
        int(board.is_pre_open),
        int(board.is_single_quote),
    )
    return BoardRows(
        board_digest(board),
        counts,
        tuple([_quote(position, quote) for position, quote in enumerate(board.quotes, start=1)]),
        index_row(
            [(q.symbol, q.kind == "share", q.price, q.price - q.change) for q in board.quotes]
        ),
    )


_SIGNS: Final = {"up": 1, "down": -1, "flat": 0}


def _quote(position: int, quote: Quote) -> QuoteRow:
    return QuoteRow(
        quote.symbol,
        quote.kind,
        position,
        _SIGNS[quote.direction],
        quote.price,
        quote.change,
        quote.percent,
        quote.percent_error,
    )


def _articles(articles: Sequence[Article | None]) -> list[ArticleRows | None]:
    if not any(articles):
        # Without the lexicon, which takes a tenth of a second to make.
        return [None] * len(articles)
    mentions = _all_mention_rows(
        [
            (article.headline, article.summary, article.body) if article else ()
            for article in articles
        ]
    )
    sketches = [sketch(article.body) if article else () for article in articles]
    return [
        _article(article, found, numbers) if article else None
        for article, found, numbers in zip(articles, mentions, sketches, strict=True)
    ]


def _article(
    article: Article, mentions: tuple[MentionRow, ...], numbers: tuple[int, ...]
) -> ArticleRows:
    folded = fold_body(article.body)
    digest = article_digest(article, folded)
    claim = ClaimRow._make(_claim_of(article))
    return ArticleRows(
        digest=digest,
        dateline=article.dateline,
        word_count=folded.word_count,
        body=article.body,
        claim=claim,
        claim_digest=claim_digest(digest, *claim),
        tags=article.tags,
        teasers=tuple(
            TeaserRow(teaser.position, teaser.headline, _page(teaser.url))
            for teaser in article.teasers
        ),
        mentions=mentions,
        tables=tuple(map(_table, count(1), article.tables)),
        images=tuple(ImageRow(*image) for image in article.images),
        authors=tuple(AuthorRow(*author) for author in article.author_pages),
        sketch=numbers,
        text_links=tuple(
            TextLinkRow(link.words, page)
            for link in article.text_links
            if (page := _page(link.url))
        ),
    )


def mention_rows(headline: str | None, summary: str | None, body: str) -> tuple[MentionRow, ...]:
    """Return the mentions in an article of instruments in the loader's list."""
    return _all_mention_rows([(headline, summary, body)])[0]


def _all_mention_rows(articles: Sequence[Sequence[str | None]]) -> list[tuple[MentionRow, ...]]:
    return [
        tuple([MentionRow(one.symbol, one.part, one.start, one.end) for one in found])
        for found in find_all_mentions(articles, known_names())
    ]


def _table(number: int, table: Table) -> TableRow:
    return TableRow(
        number,
        table.position,
        table.paragraph_count,
        table.header_count,
        json.dumps(table.rows, ensure_ascii=False, separators=(",", ":")),
    )


def _listing(listing: Listing) -> ListingRow:
    return ListingRow(
        listing.position,
        _page(listing.url),
        listing.headline,
        listing.summary,
        listing.listed_at,
    )


def _page(url: str | None) -> PageRow | None:
    address = canonical_address(url) if url else None
    return PageRow(address.url, address.news_id) if address else None


def _covid(covid: CovidCounter) -> CovidRow:
    return CovidRow(
        covid.deaths,
        covid.deaths_24h,
        covid.cases,
        covid.cases_24h,
        hundredths(covid.positivity) if covid.positivity else None,
        json.dumps(dict(covid.provinces)),
    )
