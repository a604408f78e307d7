"""Page texts: one capture of `text/plain` to its snapshot."""

from __future__ import annotations

import re
from dataclasses import dataclass

from loader.model import Article, Board, Capture, Problem, ProblemKind, Snapshot
from loader.page.address import canonical_address
from loader.page.board import Block, find_block, parse_block
from loader.page.body import read_body
from loader.page.decode import NotTextError, decode_text
from loader.page.header import read_header
from loader.page.prose import agency_of
from loader.page.reading import LineProblem, Reading, Role

# What a corpus puts before the first symbol; its meaning is not known (FORMAT.md section 3).
_CORPUS_PREFIX = re.compile(r" ?date (?P<date>\d{4}-\d{2}(?:-\d{2})?)(?: |\n|\Z)", re.ASCII)
_EXCERPT = 200


@dataclass(frozen=True, slots=True)
class PageText:
    """A page text taken apart: `roles[n]` says what line n is."""

    corpus_date: str | None
    lines: tuple[str, ...]
    roles: tuple[Role, ...]
    board: Board | None
    article: Article | None
    reading: Reading
    problems: tuple[LineProblem, ...]


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
        Problem(found.kind, found.detail, capture.source, capture.offset, found.excerpt[:_EXCERPT])
        for found in page.problems
    ]
    if page.board is None and page.article is None and not problems:
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
        problems=tuple(problems),
    )


def _refused(capture: Capture, kind: ProblemKind, detail: str, excerpt: str | None) -> Snapshot:
    problem = Problem(kind, detail, capture.source, capture.offset, excerpt)
    return Snapshot(capture=capture, problems=(problem,))


def read_page(text: str) -> PageText:
    """Take a page text apart, line by line; pure, and total: every line gets a role."""
    corpus_date = None
    if match := _CORPUS_PREFIX.match(text):
        corpus_date = match["date"]
        text = text[match.end() :]
    lines = text.split("\n")
    directions = _directions(text)
    block, start, end = _read_board(lines) if directions else (None, 0, 0)
    reading = Reading(
        lines=lines[:start] + lines[end:] if end else lines,
        roles=[""] * (len(lines) - (end - start)),
        after_board=block is not None and start == 0,
    )
    if block:
        for number, fault in block.faults:
            reading.problem("ticker-line", fault, lines[start + number])
    in_board = _directions("\n".join(lines[start:end]))
    read_body(reading, read_header(reading), may_hold_quotes=directions > in_board)
    of_block = block.roles if block else ()
    return PageText(
        corpus_date=corpus_date,
        lines=tuple(lines),
        roles=(*reading.roles[:start], *of_block, *reading.roles[start:]),
        board=block.board if block else None,
        article=article_of(reading),
        reading=reading,
        problems=tuple(reading.problems),
    )


def _directions(text: str) -> int:
    """How often a direction of a ticker line is named."""
    return text.count("creased By") + text.count("No Change")


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
        agency=agency_of(page.byline, page.copyright_line),
        dateline=page.dateline,
        summary="\n".join(page.summary) or None,
        caption=page.caption,
        published_at=page.published_at,
        updated_at=page.updated_at,
        print_date=page.print_date,
        tags_line=page.tags_line,
        tags=tags,
        teasers=tuple(page.teasers),
    )
