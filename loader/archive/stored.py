"""Read rows of an archive back as prepared captures, to merge, compare and reparse them.

Snapshots are read in chunks, each with a few statements for all of its rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeVar

from loader.archive.ids import AMONG, in_chunks, json_list
from loader.archive.write.mentions import read_mentions
from loader.archive.write.parts import stored_tables
from loader.articles.sketch import sketch
from loader.market.lines import IndexRow, index_row
from loader.rows.memory import Seen
from loader.rows.prepare import mention_rows
from loader.rows.records import (
    QUOTE_COLUMNS,
    TEXT_COLUMNS,
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
    SnapshotRow,
    SourceRow,
    TableRow,
    TeaserRow,
    TextLinkRow,
)

Row = TypeVar("Row")


class StoredCapture(NamedTuple):
    """A snapshot with its local ids and its rows.

    `rows.raw` has the stored bytes, compressed with the dictionary `dictionary_id`; it is None if
    none were kept. Rows that an article's captures share (tags, teasers, mentions, text) are
    repeated for each of them.
    """

    snapshot_id: int
    load_id: int
    parser_version: int | None
    board_id: int | None
    article_id: int | None
    dictionary_id: int | None
    rows: Prepared

    @property
    def provenance(self) -> tuple[int, int]:
        """Load and dictionary (0 for none), which a snapshot keeps when it is written again."""
        return self.load_id, self.dictionary_id or 0


# Parts of a capture by name: table and columns.
_Parts = Mapping[str, tuple[str, tuple[str, ...]]]
_CAPTURE: Final[_Parts] = {
    "snapshot": ("snapshots", SnapshotRow._fields),
    "page": ("pages", PageRow._fields),
    "source": ("sources", SourceRow._fields),
    "raw": ("raw_captures", RawCaptureRow._fields),
}
_EVERYTHING: Final[_Parts] = {
    **_CAPTURE,
    "board": ("boards", ("digest", *BoardCounts._fields)),
    "text": ("articles", TEXT_COLUMNS),
    "claim": ("article_claims", ("digest", *ClaimRow._fields)),
    "covid": ("covid_counters", CovidRow._fields),
}
_JOINS: Final = {
    "pages": "pages.id = snapshots.page_id",
    "sources": "sources.id = snapshots.source_id",
    "raw_captures": "raw_captures.snapshot_id = snapshots.id",
    "boards": "boards.id = snapshots.board_id",
    "articles": "articles.id = snapshots.article_id",
    "article_claims": "article_claims.id = snapshots.claim_id",
    "covid_counters": "covid_counters.snapshot_id = snapshots.id",
}


class _Ids(NamedTuple):
    """The local ids of a StoredCapture, and its place in the source."""

    snapshot_id: int
    load_id: int
    parser_version: int | None
    board_id: int | None
    article_id: int | None
    dictionary_id: int | None
    offset: int | None


def _statement(parts: _Parts) -> str:
    """Return the query for these parts of the snapshots among bound ids."""
    columns = [f"{table}.{name}" for table, names in parts.values() for name in names]
    joins = [
        f"left join {table} on {_JOINS[table]}" for table, _ in parts.values() if table in _JOINS
    ]
    return f"""
    select snapshots.id, snapshots.load_id, loads.parser_version, snapshots.board_id,
        snapshots.article_id, raw_captures.dictionary_id, snapshots.source_offset,
        {", ".join(columns)}
    from snapshots
    left join loads on loads.id = snapshots.load_id
    {" ".join(joins)}
    where snapshots.id in {AMONG}
    """


def _places(parts: _Parts) -> dict[str, slice]:
    """Return the slice of each part in a row of `_statement`."""
    ends = list(accumulate((len(names) for _, names in parts.values()), initial=len(_Ids._fields)))
    return {name: slice(*span) for name, span in zip(parts, pairwise(ends), strict=True)}


def _read_parts(
    conn: sqlite3.Connection, parts: _Parts, snapshot_ids: Sequence[int]
) -> list[tuple[_Ids, dict[str, tuple[Any, ...] | None]]]:
    """Return ids and parts in the given order; None for a part that a snapshot lacks."""
    found = {}
    places = _places(parts)
    for row in conn.execute(_statement(parts), (json_list(snapshot_ids),)):
        ids = _Ids._make(row[: len(_Ids._fields)])
        read = ((name, row[place]) for name, place in places.items())
        found[ids.snapshot_id] = (
            ids,
            {name: part if part.count(None) < len(part) else None for name, part in read},
        )
    return [found[snapshot_id] for snapshot_id in snapshot_ids if snapshot_id in found]


class _Details(NamedTuple):
    """Rows of a chunk from further tables, by the id of the board, article or snapshot."""

    quotes: Mapping[int, tuple[QuoteRow, ...]]
    indices: Mapping[int, IndexRow | None]
    tags: Mapping[int, tuple[str, ...]]
    teasers: Mapping[int, tuple[TeaserRow, ...]]
    text_links: Mapping[int, tuple[TextLinkRow, ...]]
    mentions: Mapping[int, tuple[MentionRow, ...]]
    titles: Mapping[int, tuple[str | None, str | None]]
    tables: Mapping[int, tuple[TableRow, ...]]
    images: Mapping[int, tuple[ImageRow, ...]]
    authors: Mapping[int, tuple[AuthorRow, ...]]
    listings: Mapping[int, tuple[ListingRow, ...]]
    problems: Mapping[int, tuple[ProblemRow, ...]]


def read_captures(conn: sqlite3.Connection, snapshot_ids: Sequence[int]) -> Iterator[StoredCapture]:
    """Yield these snapshots in the given order, with the rows needed to reparse them."""
    for chunk in in_chunks(snapshot_ids):
        for ids, parts in _read_parts(conn, _CAPTURE, chunk):
            yield StoredCapture(*ids[:-1], _capture(ids, parts))


def read_stored(
    conn: sqlite3.Connection, snapshot_ids: Sequence[int], boards: Seen | None = None
) -> Iterator[StoredCapture]:
    """Yield these snapshots in the given order, with all their rows.

    Boards have their quotes only if they are new to `boards`.
    """
    for chunk in in_chunks(snapshot_ids):
        found = _read_parts(conn, _EVERYTHING, chunk)
        new_boards = [
            ids.board_id
            for ids, _ in found
            if ids.board_id is not None and boards and boards.add(ids.board_id)
        ]
        articles = {ids.article_id for ids, _ in found if ids.article_id is not None}
        details = _read_details(conn, chunk, new_boards, articles)
        for ids, parts in found:
            rows = _capture(ids, parts)._replace(
                problems=details.problems.get(ids.snapshot_id, ()),
                board=_board(ids, parts, details),
                article=_article(ids, parts, details),
                covid=CovidRow._make(parts["covid"]) if parts["covid"] else None,
                listings=details.listings.get(ids.snapshot_id, ()),
            )
            yield StoredCapture(*ids[:-1], rows)


def _capture(ids: _Ids, parts: Mapping[str, tuple[Any, ...] | None]) -> Prepared:
    snapshot, page, source, raw = (parts[name] for name in _CAPTURE)
    return Prepared(
        source=SourceRow._make(source or ("", "unknown")),
        offset=ids.offset,
        is_capture=True,
        snapshot=SnapshotRow._make(snapshot) if snapshot else None,
        page=PageRow._make(page) if page else None,
        raw=RawCaptureRow._make(raw) if raw else None,
    )


def _board(
    ids: _Ids, parts: Mapping[str, tuple[Any, ...] | None], details: _Details
) -> BoardRows | None:
    if parts["board"] is None or ids.board_id is None:
        return None
    digest, *counts = parts["board"]
    return BoardRows(
        digest,
        BoardCounts._make(counts),
        details.quotes.get(ids.board_id, ()),
        details.indices.get(ids.board_id),
    )


def _article(
    ids: _Ids, parts: Mapping[str, tuple[Any, ...] | None], details: _Details
) -> ArticleRows | None:
    if parts["text"] is None or ids.article_id is None:
        return None
    digest, dateline, word_count, body = parts["text"]
    claim_digest, *claim = parts["claim"] or ("", *[None] * len(ClaimRow._fields))
    claim_row = ClaimRow._make(claim)
    return ArticleRows(
        digest,
        dateline,
        word_count,
        body,
        claim_row,
        claim_digest,
        details.tags.get(ids.article_id, ()),
        details.teasers.get(ids.article_id, ()),
        _mentions(ids.article_id, claim_row, body, details),
        details.tables.get(ids.article_id, ()),
        details.images.get(ids.article_id, ()),
        details.authors.get(ids.article_id, ()),
        sketch(body),
        details.text_links.get(ids.article_id, ()),
    )


def _mentions(
    article_id: int, claim: ClaimRow, body: str, details: _Details
) -> tuple[MentionRow, ...]:
    """Return the mentions of a text under the titles in this capture's claim.

    For a text that a shared copy omits, these are the stored ones.
    """
    if not body or details.titles.get(article_id) == (claim.headline, claim.summary):
        return details.mentions.get(article_id, ())
    return mention_rows(claim.headline, claim.summary, body)


def _index_row(quotes: Sequence[QuoteRow]) -> IndexRow | None:
    return index_row(
        [
            (
                quote.symbol,
                quote.kind == "share",
                quote.price_hundredths,
                quote.price_hundredths - quote.change_hundredths,
            )
            for quote in quotes
        ]
    )


_QUOTES: Final = f"""
select board_id, symbol, kind, {", ".join(QUOTE_COLUMNS)}
from quotes join instruments on instruments.id = quotes.instrument_id
where board_id in {AMONG} order by board_id, position
"""
_TAGS: Final = f"""
select article_id, name from article_tags join tags on tags.id = tag_id
where article_id in {AMONG} order by article_id, name
"""
_TEASERS: Final = f"""
select article_id, position, headline, url, news_id
from teasers left join pages on pages.id = teasers.page_id
where article_id in {AMONG} order by article_id, position, headline
"""
_TEXT_LINKS: Final = f"""
select article_id, words, url, news_id
from text_links join pages on pages.id = text_links.page_id
where article_id in {AMONG} order by article_id, words, url
"""
_IMAGES: Final = f"""
select article_id, {", ".join(ImageRow._fields)}
from article_images where article_id in {AMONG} order by article_id, url
"""
_AUTHORS: Final = f"""
select article_id, {", ".join(AuthorRow._fields)}
from article_authors where article_id in {AMONG} order by article_id, name
"""
_TITLES: Final = f"select id, headline, summary from articles where id in {AMONG}"
_LISTINGS: Final = f"""
select snapshot_id, position, url, news_id, headline, summary, listed_at
from listings left join pages on pages.id = listings.page_id
where snapshot_id in {AMONG} order by snapshot_id, position
"""
_PROBLEMS: Final = f"""
select snapshot_id, {", ".join(ProblemRow._fields)}
from problems where snapshot_id in {AMONG} order by snapshot_id, id
"""


def _read_details(
    conn: sqlite3.Connection,
    snapshots: Iterable[int],
    boards: Iterable[int],
    articles: Iterable[int],
) -> _Details:
    of_snapshots, of_articles = json_list(snapshots), json_list(articles)
    quotes = read_quotes(conn, boards)
    return _Details(
        quotes=quotes,
        indices={board_id: _index_row(lines) for board_id, lines in quotes.items()},
        tags=_grouped(conn, _TAGS, of_articles, lambda row: str(row[0])),
        teasers=_grouped(conn, _TEASERS, of_articles, _teaser),
        text_links=_grouped(conn, _TEXT_LINKS, of_articles, _text_link),
        mentions=read_mentions(conn, articles),
        titles={
            article_id: (headline, summary)
            for article_id, headline, summary in conn.execute(_TITLES, (of_articles,))
        },
        tables=stored_tables(conn, articles),
        images=_grouped(conn, _IMAGES, of_articles, ImageRow._make),
        authors=_grouped(conn, _AUTHORS, of_articles, AuthorRow._make),
        listings=_grouped(conn, _LISTINGS, of_snapshots, _listing),
        problems=_grouped(conn, _PROBLEMS, of_snapshots, ProblemRow._make),
    )


def _teaser(row: Sequence[Any]) -> TeaserRow:
    position, headline, url, news_id = row
    return TeaserRow(position, headline, PageRow(url, news_id) if url else None)


def _text_link(row: Sequence[Any]) -> TextLinkRow:
    words, url, news_id = row
    return TextLinkRow(words, PageRow(url, news_id))


def _listing(row: Sequence[Any]) -> ListingRow:
    position, url, news_id, headline, summary, listed_at = row
    page = PageRow(url, news_id) if url else None
    return ListingRow(position, page, headline, summary, listed_at)


def read_quotes(
    conn: sqlite3.Connection, board_ids: Iterable[int]
) -> dict[int, tuple[QuoteRow, ...]]:
    """Return the quotes of boards, in order."""
    return _grouped(conn, _QUOTES, json_list(board_ids), QuoteRow._make)


def _grouped(
    conn: sqlite3.Connection, statement: str, ids: str, make: Callable[[Sequence[Any]], Row]
) -> dict[int, tuple[Row, ...]]:
    """Return the rows of a statement by their first column, the sort key; `make` gets the rest."""
    return {
        key: tuple(make(row[1:]) for row in rows)
        for key, rows in groupby(conn.execute(statement, (ids,)), key=itemgetter(0))
    }
