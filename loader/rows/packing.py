"""Serialise prepared rows as plain tuples, for transfer between processes.

Pickling objects would cost as much as a second core gains. Both ends run the same Python and trust
each other, so marshal is used, the fastest serialiser. It supports tuples but not records, which
are restored at the other end.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from typing import Any

from loader.market.lines import IndexRow
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

Packed = tuple[Any, ...]


def pack(items: Iterable[Prepared]) -> list[Packed]:
    """Return rows as tuples of tuples, for `to_bytes`."""
    return [_packed(item) for item in items]


def unpack(packed: Iterable[Packed]) -> list[Prepared]:
    """Return the rows from which `pack` made these tuples."""
    return [_unpacked(*fields) for fields in packed]


# Written out by position, in the order of the records' fields, since this runs for every capture.


def _packed(item: Prepared) -> Packed:
    return (
        tuple(item.source),
        item.offset,
        item.is_capture,
        tuple(map(tuple, item.problems)),
        _plain(item.snapshot),
        _plain(item.page),
        _packed_board(item.board) if item.board else None,
        _packed_article(item.article) if item.article else None,
        _plain(item.raw),
        _plain(item.covid),
        _with_plain_page(item.revisit) if item.revisit else None,
        tuple(_with_plain_page(listing) for listing in item.listings),
    )


def _plain(record: tuple[Any, ...] | None) -> Packed | None:
    return tuple(record) if record else None


def _with_plain_page(record: ListingRow | TeaserRow | TextLinkRow | RevisitRow) -> Packed:
    return tuple(_plain(value) if isinstance(value, PageRow) else value for value in record)


def _packed_board(board: BoardRows) -> Packed:
    if board.counts is None:
        return (board.digest,)
    return (
        board.digest,
        tuple(board.counts),
        tuple(map(tuple, board.quotes)),
        _plain(board.indices),
    )


def _packed_article(article: ArticleRows) -> Packed:
    return (
        article.digest,
        article.dateline,
        article.word_count,
        article.body,
        tuple(article.claim),
        article.claim_digest,
        article.tags,
        tuple(_with_plain_page(teaser) for teaser in article.teasers),
        tuple(map(tuple, article.mentions)),
        tuple(map(tuple, article.tables)),
        tuple(map(tuple, article.images)),
        tuple(map(tuple, article.authors)),
        article.sketch,
        tuple(_with_plain_page(link) for link in article.text_links),
    )


def _unpacked(
    source: Any, offset: int | None, is_capture: bool, problems: Any, snapshot: Any, page: Any,
    board: Any, article: Any, raw: Any, covid: Any, revisit: Any, listings: Any,
) -> Prepared:  # fmt: skip
    return Prepared(
        SourceRow._make(source),
        offset,
        is_capture,
        tuple([ProblemRow._make(row) for row in problems]),
        SnapshotRow._make(snapshot) if snapshot else None,
        PageRow._make(page) if page else None,
        _unpacked_board(*board) if board else None,
        _unpacked_article(*article) if article else None,
        RawCaptureRow._make(raw) if raw else None,
        CovidRow._make(covid) if covid else None,
        _unpacked_revisit(*revisit) if revisit else None,
        tuple([_unpacked_listing(*row) for row in listings]),
    )


def _unpacked_board(
    digest: str, counts: Any = None, quotes: Any = (), indices: Any = None
) -> BoardRows:
    return BoardRows(
        digest,
        BoardCounts._make(counts) if counts else None,
        tuple([QuoteRow._make(row) for row in quotes]),
        IndexRow._make(indices) if indices else None,
    )


def _unpacked_article(
    digest: str, dateline: str | None, word_count: int, body: str, claim: Any, claim_digest: str,
    tags: Any, teasers: Any, mentions: Any, tables: Any, images: Any, authors: Any, sketch: Any,
    text_links: Any,
) -> ArticleRows:  # fmt: skip
    return ArticleRows(
        digest,
        dateline,
        word_count,
        body,
        ClaimRow._make(claim),
        claim_digest,
        tags,
        tuple([TeaserRow(place, headline, _page(page)) for place, headline, page in teasers]),
        tuple([MentionRow._make(row) for row in mentions]),
        tuple([TableRow._make(row) for row in tables]),
        tuple([ImageRow._make(row) for row in images]),
        tuple([AuthorRow._make(row) for row in authors]),
        sketch,
        tuple([TextLinkRow(words, PageRow._make(page)) for words, page in text_links]),
    )


def _unpacked_revisit(
    digest: str, page: Any, captured_at: Any, url: str, target: Any, *rest: Any
) -> RevisitRow:
    return RevisitRow(digest, _page(page), captured_at, url, _page(target), *rest)


def _unpacked_listing(position: int, page: Any, *rest: Any) -> ListingRow:
    return ListingRow(position, _page(page), *rest)


def _page(fields: Any) -> PageRow | None:
    return PageRow._make(fields) if fields else None


def to_bytes(value: Any) -> bytes:
    """Serialise tuples, lists, text, numbers, bytes and None."""
    return marshal.dumps(value)


def from_bytes(data: bytes) -> Any:
    """Return the value from `to_bytes`; only for messages of processes that we started."""
    return marshal.loads(data)
