"""Page texts: one capture of `text/plain` to its snapshot."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loader.model import Article, Board, Capture, Listing, Problem, Snapshot
from loader.page.address import canonical_address
from loader.page.board import Block, find_block, parse_block
from loader.page.body import read_body
from loader.page.byline import agency_of, only_agency
from loader.page.decode import NotTextError, decode_text
from loader.page.header import read_header
from loader.page.images import without_images
from loader.page.listing import is_listing, may_be_listing, read_listing
from loader.page.reading import Reading
from loader.page.unseen import plain_text

# What a corpus puts before the first symbol; its meaning is not known (FORMAT.md section 3).
_CORPUS_PREFIX = re.compile(r" ?date (?P<date>\d{4}-\d{2}(?:-\d{2})?)(?: |\n|\Z)", re.ASCII)
_MOVE = re.compile(r"(?:In|De)creased\s+By\b")
_SPACED_DIRECTION = re.compile(r"creased(?: {2,}| ?\t\s*)By|No(?: {2,}| ?\t\s*)Change")
_EXCERPT = 200


@dataclass(frozen=True, slots=True)
class PageText:
    """A page text taken apart: `roles[n]` says what line n is (`loader.page.reading.ROLES`).

    `listings` is None unless the page is a listing. The lines are without unseen characters
    and without names of images glued to them.
    """

    corpus_date: str | None
    lines: tuple[str, ...]
    roles: tuple[str, ...]
    board: Board | None
    article: Article | None
    listings: tuple[Listing, ...] | None
    reading: Reading
    problems: tuple[tuple[str, str, str], ...]


def parse_text(capture: Capture) -> Snapshot:
    """The snapshot of a page text; a capture that is no text gives only problems."""
    try:
        text = decode_text(capture.data)
    except NotTextError as error:
        return _refused(capture, error.kind, str(error), repr(capture.data[:60]))
    if not text.strip():
        return _refused(capture, "empty", "holds no text", None)
    page = read_page(text)
    address = canonical_address(capture.url) if capture.url else None
    problems = [
        Problem(kind, detail, capture.source, capture.offset, excerpt[:_EXCERPT])
        for kind, detail, excerpt in page.problems
    ]
    if page.listings == ():
        problems.append(
            Problem("not-a-page", "is a listing that names no headlines", capture.source,
                    capture.offset, text.strip()[:_EXCERPT])
        )  # fmt: skip
    if page.board is None and page.article is None and not (problems or page.listings):
        problems.append(
            Problem("no-content", "holds neither a board nor an article", capture.source,
                    capture.offset, text.strip()[:_EXCERPT])
        )  # fmt: skip
    if capture.url and address is None:
        problems.append(
            Problem("bad-url", "its address is no http address", capture.source,
                    capture.offset, capture.url[:_EXCERPT])
        )  # fmt: skip
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
    )


def _refused(capture: Capture, kind: str, detail: str, excerpt: str | None) -> Snapshot:
    problem = Problem(kind, detail, capture.source, capture.offset, excerpt)
    return Snapshot(capture=capture, problems=(problem,))


def read_page(text: str) -> PageText:
    """Take a page text apart, line by line; pure, and total: every line gets a role."""
    text = plain_text(text)
    corpus_date = None
    if match := _CORPUS_PREFIX.match(text):
        corpus_date = match["date"]
        text = text[match.end() :]
    lines = text.split("\n")
    directions = _directions(text)
    block, start, end = _read_board(lines) if directions else (None, 0, 0)
    outside = lines[:start] + lines[end:] if end else lines
    rest = without_images(outside)
    images = {number: outside[number] for number in rest.alone}
    reading = Reading(
        lines=rest.lines,
        roles=[""] * len(rest.lines),
        after_board=block is not None and not any(map(str.strip, lines[:start])),
        glued=rest.glued,
    )
    for number, fault in block.faults if block else ():
        reading.problem("ticker-line", fault, lines[start + number])
    listings: tuple[Listing, ...] | None = None
    if may_be_listing(text) and is_listing(rest.lines):
        listings = read_listing(reading)
    else:
        in_board = _directions("\n".join(lines[start:end]))
        may_hold_quotes = directions > in_board
        first = read_header(reading)
        read_body(reading, first, may_hold_quotes=may_hold_quotes, may_end_early=True)
    board = block.board if block else None
    if board is None and "creased" in text:
        _note_missing_board(reading, text)
    return PageText(
        corpus_date=corpus_date,
        lines=_put_back(rest.lines, images, start, lines[start:end]),
        roles=_put_back(
            reading.roles,
            dict.fromkeys(images, "image"),
            start,
            block.roles if block else (),
        ),
        board=board,
        article=article_of(reading) if listings is None else None,
        listings=listings,
        reading=reading,
        problems=tuple(reading.problems),
    )


def _put_back(
    kept: list[str], images: Mapping[int, str], start: int, board: Sequence[str]
) -> tuple[str, ...]:
    """The lines (or roles) of a page from those of its text, its images and its board."""
    found = list(kept)
    for number, line in images.items():
        found.insert(number, line)
    found[start:start] = board
    return tuple(found)


def _directions(text: str) -> int:
    """How often a direction of a ticker line is named."""
    count = text.count("creased By") + text.count("No Change")
    if "creased  " in text or "No  " in text or "\t" in text:
        count += len(_SPACED_DIRECTION.findall(text))
    return count


def _note_missing_board(page: Reading, text: str) -> None:
    """A text that names moves as a ticker does, and gave no quote: never passed over."""
    if match := _MOVE.search(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 :].partition("\n")[0]
        page.problem("no-board", "names moves as a ticker does, but gives no board", line.strip())


def _read_board(lines: list[str]) -> tuple[Block | None, int, int]:
    start, end = find_block(lines)
    if start == end:
        return None, 0, 0
    block = parse_block("\n".join(lines[start:end]))
    return block, start, start + len(block.roles)


def article_of(page: Reading, tags: tuple[str, ...] = ()) -> Article | None:
    """The article of a page that has been read; None where it has neither text nor headline."""
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
    )
