"""The rows of one capture, by natural keys: the input of `archive.write`, read back by merge.

Fields of a record have the names of its table's columns, and statements take their columns from
`_fields`. A new column needs a field here, a line in archive/sql/schema.sql, a migration and its
docs. Records are tuples, since millions of them are sent between processes.
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
    """A source of captures; `kind` is `unknown` until it has been opened."""

    location: str
    kind: str


class QuoteRow(NamedTuple):
    """A line of a board: symbol and kind identify the instrument, the rest are columns."""

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
    """Columns of boards that are computed from the quotes."""

    quote_count: int
    advancer_count: int
    decliner_count: int
    unchanged_count: int
    is_pre_open: int
    is_single_quote: int


class BoardRows(NamedTuple):
    """A board: its row, the rows of its quotes, and its row in board_indices.

    Only the digest, if the rest was sent to the same writer before.
    """

    digest: str
    counts: BoardCounts | None = None
    quotes: tuple[QuoteRow, ...] = ()
    indices: IndexRow | None = None


class ClaimRow(NamedTuple):
    """The fields about which captures of one text may disagree."""

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


# Columns of claims that `share --without text` empties; a merge fills them again.
CLAIM_TEXTS: Final = ("caption", "summary")


class TeaserRow(NamedTuple):
    """The headline of another article after `position` paragraphs; `page` is its page."""

    position: int
    headline: str
    page: PageRow | None


class TextLinkRow(NamedTuple):
    """A link within a sentence of a body: its words, and the page it leads to."""

    words: str
    page: PageRow


class MentionRow(NamedTuple):
    """A mention of an instrument: characters of headline (`part` 0), summary (1) or body (2)."""

    symbol: str
    part: int
    span_start: int
    span_end: int


class TableRow(NamedTuple):
    """A table of a body, numbered from 1; `cells` is a JSON array of rows, each an array."""

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
    """The form of a text; of several, the smallest in the order of fields is kept.

    Texts with the same digest may have their paragraphs or dateline separated or not. The form
    with the most paragraphs is preferred, then one with a dateline, then the one with the most
    tables and column names, since markup may show tables that plain text does not.
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
    """Return the shape of a text, to be compared with those of the same digest."""
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

    `mentions` are those in the claim's headline and summary and in the body; `sketch` holds the
    numbers by which copies of the text are found.
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
    text_links: tuple[TextLinkRow, ...]

    @property
    def shape(self) -> TextShape:
        return text_shape(self.body, self.dateline, self.tables)


# Columns of articles that belong to the text itself rather than to a claim.
TEXT_COLUMNS: Final = ("digest", "dateline", "word_count", "body")


class SnapshotRow(NamedTuple):
    """A capture as found, with the claims of its page about itself."""

    digest: str
    captured_at: str | None
    captured_basis: str | None
    masthead_date: str | None
    corpus_date: str | None
    layout: str | None
    section: str | None
    reported_url: str | None


class RawCaptureRow(NamedTuple):
    """The encoded bytes of a capture; `size` is that of the page before encoding."""

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
    """A story on a listing page; `page` is the story's own."""

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
    """The place where a capture was found; of several, the smallest in the order of fields is kept.

    A source that is itself the capture comes first (offset -1). The reader's claims about the
    capture break ties.
    """

    location: str
    offset: int
    captured_basis: str
    reported_url: str


class Prepared(NamedTuple):
    """All rows of one capture.

    `snapshot` is None for a refused capture, a problem without a capture, and a revisit.
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
        """The digest of the snapshot; empty if there is none."""
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
    """Return the article numbers of all pages in these rows, by address."""
    found: list[PageRow | None] = []
    for item in items:
        found.append(item.page)
        found += [listing.page for listing in item.listings]
        if item.article:
            found += [teaser.page for teaser in item.article.teasers]
            found += [link.page for link in item.article.text_links]
        if item.revisit:
            found += [item.revisit.page, item.revisit.target]
    return {page.url: page.news_id for page in found if page}
