"""Parse page texts: a capture of type `text/plain` into a snapshot."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from loader.model import (
    Article,
    AuthorPage,
    Board,
    Capture,
    Image,
    Listing,
    Problem,
    ProblemKind,
    Snapshot,
)
from loader.page.address import canonical_address
from loader.page.board import Block, find_block, read_block
from loader.page.body import read_body
from loader.page.byline import agency_of, only_agency
from loader.page.dates import is_later
from loader.page.decode import NotTextError, decode_text
from loader.page.header import read_header
from loader.page.images import TITLES, Leftovers, without_images
from loader.page.known_boards import KnownBoards
from loader.page.listing import is_listing, may_be_listing, read_listing
from loader.page.reading import LineProblem, Reading, Role
from loader.page.ticker_form import with_usual_ticker

# Some corpora put the day or month of publication before the first symbol; a day without its label
# counts only there.
_CORPUS_PREFIX = re.compile(
    r"[ \t]*(?:(?:publish(?:ed)?[_ ]|publication[_ ])?(?:[Dd]ate|DATE):?[ \t]+"
    r"|(?=\d{4}-\d\d-\d\d [A-Z0-9.&-]{1,20} [\d.,]{1,12} (?:Increased By|Decreased By|No Change) ))"
    r"(?P<date>\d{4}(?P<mark>[-/])\d\d(?:(?P=mark)\d\d)?)"
    r"(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?:[ \t]|\n|\Z)",
    re.ASCII,
)
_TICKER_RUN = re.compile(r"(?:[^\n]*%\)(?:\n|\Z))+")
_MOVE = re.compile(r"(?:In|De)creased\s+By\b")
_SPACED = re.compile(r"creased[ \t]+By")
# First characters of image names; few lines of most pages begin with one.
_MAY_BE_IMAGE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789([ \t")
_EXCERPT = 200


LineOf = TypeVar("LineOf", bound=str)


@dataclass(frozen=True, slots=True)
class PageText:
    """A parsed page text; `listings` is None unless the page is a listing."""

    corpus_date: str | None
    board: Board | None
    known_board: str | None
    board_key: bytes | None
    article: Article | None
    listings: tuple[Listing, ...] | None
    reading: Reading
    problems: tuple[LineProblem, ...]
    _parts: _Parts
    _images: Mapping[int, str]

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines, without invisible characters and without image names joined to them."""
        board = self._parts.board_text.split("\n") if self._parts.block else []
        return self._in_order(self.reading.lines, self._images, board)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The role of each line (`loader.page.reading.Role`)."""
        block = self._parts.block
        images: Mapping[int, Role] = dict.fromkeys(self._images, "image")
        return self._in_order(self.reading.roles, images, block.roles if block else ())

    def _in_order(
        self, around: list[LineOf], images: Mapping[int, LineOf], board: Sequence[LineOf]
    ) -> tuple[LineOf, ...]:
        others = iter(around)
        count = len(around) + len(images)
        found = [images[n] if n in images else next(others) for n in range(count)]
        found[self._parts.start : self._parts.start] = board
        return tuple(found)


def parse_text(capture: Capture, known: KnownBoards | None = None) -> Snapshot:
    """Return the snapshot of a page text; a capture that is not text gives only problems."""
    try:
        text = decode_text(capture.data)
    except NotTextError as error:
        return _refused(capture, error.kind, str(error), repr(capture.data[:60]))
    if not text.strip():
        return _refused(capture, "empty", "holds no text", None)
    page = read_page(text, known)
    address = canonical_address(capture.url) if capture.url else None
    problems = [
        Problem(found.kind, found.detail, capture.source, capture.offset, found.excerpt[:_EXCERPT])
        for found in page.problems
    ]
    if page.listings == ():
        problems.append(
            Problem("not-a-page", "is a listing that names no headlines", capture.source,
                    capture.offset, text.strip()[:_EXCERPT])
        )  # fmt: skip
    holds_nothing = not (page.board or page.known_board or page.article or page.listings)
    if holds_nothing and not problems:
        problems.append(
            Problem("no-content", "holds neither a board nor an article", capture.source,
                    capture.offset, text.strip()[:_EXCERPT])
        )  # fmt: skip
    if capture.url and address is None:
        problems.append(
            Problem("bad-url", "its address is no http address", capture.source,
                    capture.offset, capture.url[:_EXCERPT])
        )  # fmt: skip
    if capture.captured_at and (early := _dated_later(page.reading, capture.captured_at)):
        problems.append(Problem("future-date", early, capture.source, capture.offset, None))
    return Snapshot(
        capture=capture,
        page_url=address.url if address else None,
        news_id=address.news_id if address else None,
        board=page.board,
        article=page.article,
        masthead_date=page.reading.masthead_date,
        corpus_date=page.corpus_date,
        layout=page.reading.layout,
        covid=page.reading.covid,
        section=page.reading.section if page.article is None else None,
        listings=page.listings or (),
        problems=tuple(problems),
        known_board=page.known_board,
        board_key=page.board_key,
    )


def _dated_later(page: Reading, captured_at: str) -> str | None:
    """Return how a date of the page contradicts its capture time; None if none does.

    Both are kept: columns of corpora often have a day at midnight, or another time than that of
    the capture, so neither side is certainly wrong.
    """
    time = captured_at.removesuffix("T00:00:00Z")  # a day without a clock time
    dates = (
        ("published_at", page.published_at),
        ("updated_at", page.updated_at),
        ("masthead date", page.masthead_date),
    )
    for name, printed in dates:
        if printed and is_later(printed, time):
            return (
                f"its {name} is {printed}, later than it was captured ({captured_at}): if that time"
                " is wrong, see docs/problems.md"
            )
    return None


def _refused(capture: Capture, kind: ProblemKind, detail: str, excerpt: str | None) -> Snapshot:
    problem = Problem(kind, detail, capture.source, capture.offset, excerpt)
    return Snapshot(capture=capture, problems=(problem,))


def read_page(text: str, known: KnownBoards | None = None) -> PageText:
    """Parse a page text line by line; every line gets a role. Pure, and never raises."""
    corpus_date = None
    if match := _CORPUS_PREFIX.match(text):
        corpus_date = match["date"].replace("/", "-")
        text = text[match.end() :]
    parts = _board_on_top(text, known)
    if parts is None or not parts.is_usual:
        usual = with_usual_ticker(text)
        if usual is not text:
            text, parts = usual, _board_on_top(usual, known)
    parts = parts or _any_board(text, known)
    around, block, start = parts.around, parts.block, parts.start
    firsts = [line[:1] for line in around]
    rest = _without_images(around, firsts, text)
    reading = Reading(
        lines=rest.lines if rest else around,
        roles=[""] * (len(rest.lines) if rest else len(around)),
        after_board=block is not None and not any(map(str.strip, around[:start])),
        glued=rest.glued if rest else frozenset(),
    )
    if block and block.faults:
        lines = parts.board_text.split("\n")
        for number, fault in block.faults:
            reading.problem("ticker-line", fault, lines[number])
    listings: tuple[Listing, ...] | None = None
    if may_be_listing(around, firsts) and is_listing(reading.lines):
        listings = read_listing(reading)
    else:
        first = read_header(reading)
        read_body(reading, first, may_hold_quotes=parts.may_hold_quotes)
    if "creased" in text and (block is None or not block.has_board):
        _note_missing_board(reading, text)
    return PageText(
        corpus_date=corpus_date,
        board=block.board if block else None,
        known_board=block.known if block else None,
        board_key=block.key if block else None,
        article=article_of(reading) if listings is None else None,
        listings=listings,
        reading=reading,
        problems=tuple(reading.problems),
        _parts=parts,
        _images={number: around[number] for number in rest.alone} if rest else {},
    )


class _Parts(NamedTuple):
    """A text split into the board, which begins at line `start`, and the lines around it.

    `may_hold_quotes` is true if those lines contain a direction word.
    """

    around: list[str]
    block: Block | None
    board_text: str
    start: int
    may_hold_quotes: bool

    @property
    def is_usual(self) -> bool:
        """Whether all ticker lines have the usual form and belong to the board."""
        return self.block is not None and not self.block.faults and not self.may_hold_quotes


def _board_on_top(text: str, known: KnownBoards | None) -> _Parts | None:
    """Split a page with its board at the top, as nearly all have it; else return None.

    Takes half the time of going line by line.
    """
    match = _TICKER_RUN.match(text)
    if match is None:
        return None
    board_text = match[0].rstrip("\n")
    block = read_block(board_text, known)
    rest = text[match.end() :]
    around = rest.split("\n") if match[0][-1] == "\n" else []
    if len(block.roles) <= board_text.count("\n") or find_block(around[:3])[0] < min(
        len(around), 2
    ):
        return None
    may_hold_quotes = "No Change" in rest or ("creased" in rest and _directions(rest) > 0)
    return _Parts(around, block, board_text, 0, may_hold_quotes)


def _any_board(text: str, known: KnownBoards | None) -> _Parts:
    lines = text.split("\n")
    directions = _directions(text)
    start, end = find_block(lines) if directions else (0, 0)
    if start == end:
        return _Parts(lines, None, "", 0, directions > 0)
    block = read_block("\n".join(lines[start:end]), known)
    end = start + len(block.roles)
    board_text = "\n".join(lines[start:end])
    # `_directions` does not count lines with unusual spacing, so it is exact only for plain boards.
    in_board = len(block.roles) if block.is_plain else 0
    around = lines[:start] + lines[end:]
    return _Parts(around, block, board_text, start, directions > in_board)


def _without_images(lines: list[str], firsts: list[str], text: str) -> Leftovers | None:
    """Remove image names from the lines; return None if there are none, as in most texts."""
    # Image names that begin with a capital contain an underscore, or the usual width of 1024.
    if "_" in text or "1024" in text:
        return without_images(lines, range(len(lines)))
    numbers = [number for number, first in enumerate(firsts) if first in _MAY_BE_IMAGE]
    if ("I" in firsts or "P" in firsts) and not TITLES.isdisjoint(lines):
        numbers += [number for number, line in enumerate(lines) if line in TITLES]
    return without_images(lines, sorted(numbers)) if numbers else None


def _directions(text: str) -> int:
    """Return the number of direction words of ticker lines in a text."""
    return text.count("creased By") + text.count("No Change") or len(_SPACED.findall(text))


def _note_missing_board(page: Reading, text: str) -> None:
    """Record a problem for a text with direction words from which no quote was read."""
    if match := _MOVE.search(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 :].partition("\n")[0]
        page.problem("no-board", "names moves as a ticker does, but gives no board", line.strip())


def article_of(
    page: Reading,
    tags: tuple[str, ...] = (),
    images: tuple[Image, ...] = (),
    author_pages: tuple[AuthorPage, ...] = (),
) -> Article | None:
    """Return the article of a parsed page; None if it has neither text nor headline."""
    if not (page.paragraphs or page.headline):
        return None
    return Article(
        body="\n\n".join(page.paragraphs),
        headline=page.headline,
        section=page.section,
        byline=page.byline,
        agency=agency_of(page.byline, page.copyright_line) or only_agency(page.paragraphs),
        dateline=page.dateline,
        summary="\n".join(page.summary) or None,
        caption=page.caption,
        published_at=page.published_at,
        updated_at=page.updated_at,
        print_date=page.print_date,
        tags_line=page.tags_line,
        tags=tags,
        teasers=tuple(page.teasers),
        article_kind=page.kind,
        tables=tuple(page.tables),
        images=images,
        author_pages=author_pages,
        text_links=page.text_links,
    )
