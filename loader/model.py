"""Records that flow from a source to the archive, without behaviour of their own.

    Capture -> parse_capture -> Snapshot (board, article, problems) -> archive

All are immutable: a parser returns them, a worker process pickles them, and the archive stores
them. docs/design.md defines the terms under "Words".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Direction = Literal["up", "down", "flat"]
InstrumentKind = Literal["share", "index"]
MediaType = Literal[
    "text/plain",
    "text/html",
    "multipart/related",
    "application/rss+xml",
    "application/atom+xml",
]
ProblemKind = Literal[
    "unreadable",
    "encrypted",
    "bomb",
    "bad-name",
    "changed-while-read",
    "empty",
    "binary",
    "not-utf8",
    "too-large",
    "bad-json",
    "bad-csv",
    "bad-xml",
    "not-an-object",
    "no-text",
    "no-content",
    "http-status",
    "bad-http",
    "damaged-record",
    "bad-range",
    "truncated-page",
    "unsupported",
    "bad-date",
    "bad-url",
    "ticker-line",
    "stray-quote",
    "no-board",
    "conflict",
    "future-date",
    "cut-off",
    "not-a-page",
    "too-complex",
    "day-conflict",
    "possible-holidays",
    "damaged-capture",
]
"""The kinds of problem; docs/problems.md explains each."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One saved copy of a page.

    `data` holds the exact bytes of the page (for a JSON line, its text field in UTF-8; for a feed
    item, a feed of that item alone, see docs/feeds.md).
    `source` is the location as given. `offset` is the byte at which the record starts in the
    decompressed source; for WARC, the offset in the compressed file, as range requests need it.
    It is None where the whole source is the capture.
    `captured_at` is an instant in UTC (`2024-05-03T10:15:00Z`), or a date where the source
    gives no clock time; `captured_basis` names its origin (`option`, `column timestamp`,
    `WARC-Date`). `charset` is the encoding claimed by a transport header, if any.
    """

    data: bytes
    media_type: MediaType
    source: str
    offset: int | None = None
    url: str | None = None
    captured_at: str | None = None
    captured_basis: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Input that could not become data, with the reason and an excerpt."""

    kind: ProblemKind
    detail: str
    source: str
    offset: int | None = None
    excerpt: str | None = None


@dataclass(frozen=True, slots=True)
class Revisit:
    """A crawler's record that a page is unchanged since an earlier capture.

    The earlier capture is that of `refers_to_url` at `refers_to_at`; it may be in another
    file, or in one that was never loaded. Times are as in Capture.
    """

    source: str
    offset: int | None
    url: str
    captured_at: str | None
    refers_to_url: str
    refers_to_at: str | None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The fingerprint of a source, for change detection; a field is None where unknown.

    Size in bytes, modification time (nanoseconds since 1970, or as an object store states it),
    ETag, and the SHA-256 of the bytes as stored, before decompression.
    """

    size: int | None
    modified_at: str | None = None
    etag: str | None = None
    digest: str | None = None


class Quote(NamedTuple):
    """One line of a board: the numbers as printed and as exact integers.

    A tuple, since a page has 34 quotes and a frozen dataclass takes four times as long to create.
    `price`, `change` and `percent` are in hundredths (of a rupee, a point, a per cent).
    `percent_error` is the difference between the printed percentage and the one computed from
    price and change, in hundredths of a per cent: 0 if they agree, 1 for a rounding difference,
    None if it cannot be computed. `arrow` is empty where the page prints no arrow.
    """

    symbol: str
    kind: InstrumentKind
    direction: Direction
    arrow: str
    price_text: str
    change_text: str
    percent_text: str
    price: int
    change: int
    percent: int
    percent_error: int | None

    @property
    def previous_price(self) -> int:
        """The base of the printed change, in hundredths; not an official closing price."""
        return self.price - self.change

    @property
    def sign_ok(self) -> bool:
        """Whether direction word and sign agree; a small change may round to 0 %."""
        if self.direction == "up":
            return self.change > 0 and self.percent >= 0
        if self.direction == "down":
            return self.change < 0 and self.percent <= 0
        return self.change == 0 and self.percent == 0

    @property
    def percent_ok(self) -> bool:
        """Whether the printed percentage follows from price and change, to within 0.01."""
        return self.percent_error is not None and abs(self.percent_error) <= 1


@dataclass(frozen=True, slots=True)
class Board:
    """The ticker lines of one capture, in their order, each symbol once."""

    quotes: tuple[Quote, ...]

    @property
    def shares(self) -> tuple[Quote, ...]:
        return tuple(quote for quote in self.quotes if quote.kind == "share")

    @property
    def indices(self) -> tuple[Quote, ...]:
        return tuple(quote for quote in self.quotes if quote.kind == "index")

    @property
    def is_single_quote(self) -> bool:
        """Whether only one share remains, as in corpora that drop repeated lines."""
        return len(self.quotes) == 1 and self.quotes[0].kind == "share"

    @property
    def is_pre_open(self) -> bool:
        """Whether every share is flat while an index still shows the last session's move."""
        shares = self.shares
        return (
            len(shares) > 1
            and all(share.direction == "flat" for share in shares)
            and any(index.direction != "flat" for index in self.indices)
        )


@dataclass(frozen=True, slots=True)
class Teaser:
    """The headline of another article inside a body, after `position` body paragraphs."""

    position: int
    headline: str
    url: str | None = None


class TextLink(NamedTuple):
    """A link within a sentence of a body: its words, and the address of the other article."""

    words: str
    url: str


class Image(NamedTuple):
    """An image of an article: its address, and its caption if it has one."""

    url: str
    caption: str | None = None


class AuthorPage(NamedTuple):
    """The printed name of an author, and the address of the author's page."""

    name: str
    url: str


class Table(NamedTuple):
    """A table of a body: rows of cells, the first `header_count` of which name the columns.

    It covers `paragraph_count` paragraphs from `position` on, counted from 1. A row of one
    cell is a title or a note.
    """

    position: int
    paragraph_count: int
    header_count: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One text of a page.

    `body` holds paragraphs separated by a blank line, without the dateline.
    Dates are as the page prints them: `2024-05-03T15:15:00+05:00`, or `2024-05-03` when it
    prints no clock time. `print_date` is the date of the printed edition.
    `article_kind` is the kind named by a label in the dateline's place (`letter`).
    """

    body: str
    headline: str | None = None
    section: str | None = None
    byline: str | None = None
    agency: str | None = None
    dateline: str | None = None
    summary: str | None = None
    caption: str | None = None
    published_at: str | None = None
    updated_at: str | None = None
    print_date: str | None = None
    tags_line: str | None = None
    tags: tuple[str, ...] = ()
    teasers: tuple[Teaser, ...] = ()
    article_kind: str | None = None
    tables: tuple[Table, ...] = ()
    images: tuple[Image, ...] = ()
    author_pages: tuple[AuthorPage, ...] = ()
    text_links: tuple[TextLink, ...] = ()


@dataclass(frozen=True, slots=True)
class CovidCounter:
    """The Covid counter on pages of 2021; a field is None where not shown."""

    deaths: int | None = None
    deaths_24h: int | None = None
    cases: int | None = None
    cases_24h: int | None = None
    positivity: str | None = None
    provinces: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """One story on a listing page; `position` counts from 1, `url` is as linked."""

    position: int
    headline: str
    url: str | None = None
    summary: str | None = None
    listed_at: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A parsed capture: the contents of a page, by part.

    `page_url` is the canonical address (from the capture, else from the page itself) and
    `news_id` the number in it; `layout` names the page's layout (docs/page-format.md).
    `section` is that of a listing; an article has its own. `known_board` is the digest of a board
    whose lines were parsed before, and replaces `board`; `board_key` is the key under which the
    lines of a new board are remembered (`page/known_boards.py`).
    """

    capture: Capture
    page_url: str | None = None
    news_id: int | None = None
    board: Board | None = None
    article: Article | None = None
    masthead_date: str | None = None
    corpus_date: str | None = None
    layout: str | None = None
    covid: CovidCounter | None = None
    section: str | None = None
    listings: tuple[Listing, ...] = ()
    problems: tuple[Problem, ...] = ()
    known_board: str | None = None
    board_key: bytes | None = None

    @property
    def is_refused(self) -> bool:
        """Whether only problems were read; such a capture becomes rows in `problems` only."""
        has_board = self.board is not None or self.known_board is not None
        return not has_board and self.article is None and not self.listings
