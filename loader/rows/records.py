"""The rows of one capture, by natural keys; what `archive.write` is given and merge reads back.

Fields of a record that fills a table are named as the columns of that table, and statements take
their columns from `_fields`: a new column is a field here, a line in archive/sql/schema.sql, a
migration and its docs. Records are tuples, since millions of them go between processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from loader.market.lines import IndexRow
from loader.model import ProblemKind


class PageRow(NamedTuple):
    """A page by its canonical address; `news_id` is the number in it."""

    url: str
    news_id: int | None


class SourceRow(NamedTuple):
    """A place where captures were found; `kind` is `unknown` until it could be opened."""

    location: str
    kind: str


class QuoteRow(NamedTuple):
    """A line of a board: symbol and kind find the instrument, the rest are columns of quotes."""

    symbol: str
    kind: str
    position: int
    direction_sign: int
    price_hundredths: int
    change_hundredths: int
    percent_hundredths: int
    percent_error_hundredths: int | None


QUOTE_COLUMNS: Final = QuoteRow._fields[2:]


class BoardCounts(NamedTuple):
    """Columns of boards that follow from the quotes."""

    quote_count: int
    advancer_count: int
    decliner_count: int
    unchanged_count: int
    is_pre_open: int
    is_single_quote: int


class BoardRows(NamedTuple):
    """A board: its row, the rows of its quotes, and its row in board_indices.

    Only the digest where the rest went to the same writer before.
    """

    digest: str
    counts: BoardCounts | None = None
    quotes: tuple[QuoteRow, ...] = ()
    indices: IndexRow | None = None


class ClaimRow(NamedTuple):
    """Everything that captures of one text may disagree about."""

    headline: str | None
    section: str | None
    byline: str | None
    agency: str | None
    article_kind: str | None
    published_at: str | None
    updated_at: str | None
    print_date: str | None
    tags_line: str | None
    caption: str | None
    summary: str | None


# Columns of claims that `share --without text` empties; merging fills them again.
CLAIM_TEXTS: Final = ("caption", "summary")


class TeaserRow(NamedTuple):
    """A headline of another article after `position` paragraphs; `page` is that article's."""

    position: int
    headline: str
    page: PageRow | None


class MentionRow(NamedTuple):
    """A place at which an article names an instrument: characters of its headline (`part` 0),
    summary (1) or body (2).
    """

    symbol: str
    part: int
    span_start: int
    span_end: int


class TableRow(NamedTuple):
    """A table of a body, its `number` from 1; `cells` is a JSON array of rows, each an array."""

    number: int
    position: int
    paragraph_count: int
    header_count: int
    cells: str


class ImageRow(NamedTuple):
    url: str
    caption: str | None


class AuthorRow(NamedTuple):
    name: str
    url: str


class TextShape(NamedTuple):
    """The form of a text, in the order in which forms are preferred: the smallest is kept.

    One text may come with its paragraphs apart or run together, with its dateline apart or
    not; the digest does not tell. First the most paragraphs, then one with a dateline. Of one form
    the markup may show tables that a text does not: then the most of them, and of names of columns.
    """

    is_empty: bool
    breaks: int
    has_no_dateline: bool
    body: str
    dateline: str
    cells: int
    names: int
    tables: tuple[TableRow, ...]


def text_shape(body: str, dateline: str | None, tables: tuple[TableRow, ...]) -> TextShape:
    """Return the shape of a text, comparable with that of others with its digest."""
    return TextShape(
        not body,
        -body.count("\n\n"),
        dateline is None,
        body,
        dateline or "",
        -sum(len(table.cells) for table in tables),
        -sum(table.header_count for table in tables),
        tables,
    )


class ArticleRows(NamedTuple):
    """An article's identity and text, the claim of this capture, and the article's own rows.

    `mentions` are those of the claim's headline and summary and of the body, `sketch` the numbers
    by which copies of the text are found.
    """

    digest: str
    dateline: str | None
    word_count: int
    body: str
    claim: ClaimRow
    claim_digest: str
    tags: tuple[str, ...]
    teasers: tuple[TeaserRow, ...]
    mentions: tuple[MentionRow, ...]
    tables: tuple[TableRow, ...]
    images: tuple[ImageRow, ...]
    authors: tuple[AuthorRow, ...]
    sketch: tuple[int, ...]

    @property
    def shape(self) -> TextShape:
        return text_shape(self.body, self.dateline, self.tables)


# Columns of articles that belong to the text whatever a capture claims.
TEXT_COLUMNS: Final = ("digest", "dateline", "word_count", "body")


class SnapshotRow(NamedTuple):
    """A capture as it was found and what its page said of itself."""

    digest: str
    captured_at: str | None
    captured_basis: str | None
    masthead_date: str | None
    corpus_date: str | None
    layout: str | None
    section: str | None
    reported_url: str | None


class RawCaptureRow(NamedTuple):
    """The bytes of a capture in the form that its codec gave them; `size` is that of the page."""

    media_type: str
    charset: str | None
    size: int
    data: bytes


class CovidRow(NamedTuple):
    deaths: int | None
    deaths_24h: int | None
    cases: int | None
    cases_24h: int | None
    positivity_percent_hundredths: int | None
    provinces: str


class ListingRow(NamedTuple):
    """A story that a listing page names; `page` is the story's own."""

    position: int
    page: PageRow | None
    headline: str
    summary: str | None
    listed_at: str | None


class ProblemRow(NamedTuple):
    digest: str
    kind: ProblemKind
    detail: str
    excerpt: str | None


class RevisitRow(NamedTuple):
    """A revisit; `page` and `target` are the pages of both captures."""

    digest: str
    page: PageRow | None
    captured_at: str | None
    reported_url: str
    target: PageRow | None
    refers_to_at: str | None
    refers_to_url: str


class Place(NamedTuple):
    """Where a capture was found, in the order in which places are preferred: the smallest is kept.

    A source that is the capture comes first (offset -1). What a reader was told about the
    capture there breaks ties.
    """

    location: str
    offset: int
    captured_basis: str
    reported_url: str


class Prepared(NamedTuple):
    """All rows of one capture.

    `snapshot` is None for a capture that was refused, for a problem without a capture, and for
    a revisit.
    """

    source: SourceRow
    offset: int | None
    is_capture: bool
    problems: tuple[ProblemRow, ...] = ()
    snapshot: SnapshotRow | None = None
    page: PageRow | None = None
    board: BoardRows | None = None
    article: ArticleRows | None = None
    raw: RawCaptureRow | None = None
    covid: CovidRow | None = None
    revisit: RevisitRow | None = None
    listings: tuple[ListingRow, ...] = ()

    @property
    def digest(self) -> str:
        """The digest of the snapshot; empty where there is none."""
        return self.snapshot.digest if self.snapshot else ""

    @property
    def place(self) -> Place:
        basis = url = None
        if self.snapshot:
            basis, url = self.snapshot.captured_basis, self.snapshot.reported_url
        offset = -1 if self.offset is None else self.offset
        return Place(self.source.location, offset, basis or "", url or "")

    @property
    def captured_at(self) -> str | None:
        return self.snapshot.captured_at if self.snapshot else None


def pages_of(items: Sequence[Prepared]) -> dict[str, int | None]:
    """Return the numbers by address of all pages that these rows name."""
    found: list[PageRow | None] = []
    for item in items:
        found.append(item.page)
        found += [listing.page for listing in item.listings]
        if item.article:
            found += [teaser.page for teaser in item.article.teasers]
        if item.revisit:
            found += [item.revisit.page, item.revisit.target]
    return {page.url: page.news_id for page in found if page}
