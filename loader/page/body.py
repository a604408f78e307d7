"""Parse a body from its first paragraph to the end: paragraphs, tables, teasers, tags and tail.

The layouts are in docs/page-format.md. Furniture of the tail is recognised by its exact words
and may stand anywhere; every other line belongs to the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from loader.model import Table, Teaser
from loader.page.board import is_nearly_ticker_line, parse_line
from loader.page.byline import agency_mark, clean_name, is_signature
from loader.page.dateline import article_kind, split_dateline
from loader.page.prose import (
    COMMENT_LINES,
    announced_headline,
    asks,
    ends_sentence,
    is_copyright,
    is_read_more,
    is_rule,
    is_table_line,
    is_teaser,
)
from loader.page.reading import Reading
from loader.page.tables import find_tables

_MAX_SIGNATURE = 80
# Longer than any line of the tail, surrounding blanks included.
_MAX_TAIL = 200
_MAX_READ_MORE = 16
_MANY_STORIES = 3
# A move in the form that only tickers print.
_MOVE = re.compile(r"(?:Increased By|Decreased By|No Change) [▲▼]")


def read_body(page: Reading, start: int, *, may_hold_quotes: bool) -> None:
    """Assign roles to all lines from `start` on, and parse the body.

    `may_hold_quotes` is true if a direction word occurs outside the board, so that lines must be
    checked for stray ticker lines.
    """
    _read_tail(page, start)
    if may_hold_quotes:
        _set_stray_quotes_apart(page, start)
    _read_blocks(page, start)
    page.tables = list(find_tables(page.paragraphs, page.tables))
    page.teasers += [Teaser(len(page.paragraphs), headline) for headline in page.others]
    if page.paragraphs:
        page.dateline, page.paragraphs[0] = split_dateline(page.paragraphs[0])
        page.kind = None if page.dateline else article_kind(page.paragraphs[0])


def _read_tail(page: Reading, start: int) -> None:
    lines, roles = page.lines, page.roles
    last_text = last_tail = end = -1
    for number in range(start, len(lines)):
        line = lines[number]
        if not line:
            roles[number] = "blank"
            continue
        if len(line) > _MAX_TAIL and not line.isspace():
            last_text = number
            continue
        stripped = line if not line[0].isspace() else line.strip()
        if not stripped:
            roles[number] = "blank"
        elif len(stripped) < 100 and stripped.rstrip() in COMMENT_LINES:
            roles[number] = "comments"
            last_tail = number
        elif stripped == "Follow us":
            roles[number] = "follow-us"
        elif len(stripped) <= _MAX_READ_MORE and is_read_more(stripped.rstrip()):
            roles[number] = "read-more"
        elif stripped.startswith(("Copyright ", "© ")) and is_copyright(stripped.rstrip()):
            roles[number] = "copyright"
            page.copyright_line = stripped.rstrip()
            last_tail = end = number
        else:
            last_text = number
    if start <= end < last_text < last_tail:
        last_text = _read_other_stories(page, end, last_text)
    if last_text <= start:
        return
    if _read_signature(page, start, last_text):
        return
    if last_tail > last_text:
        if page.tags_line is None:
            _read_tags(page, start, last_text)
    else:
        # A last sentence that was cut off looks like the headline of another article.
        page.kept |= {last_text}


def _read_other_stories(page: Reading, end: int, last: int) -> int:
    """Mark headlines of other stories below the copyright line.

    There must be several lines, none of them a sentence. Returns the number of the line above
    them, which holds the tags.
    """
    numbers = [number for number in range(end + 1, last + 1) if not page.roles[number]]
    lines = [page.text(number) for number in numbers]
    if len(lines) < _MANY_STORIES or any(map(ends_sentence, lines)):
        return last
    for number, line in zip(numbers[1:], lines[1:], strict=True):
        # The story's own headline opens the list.
        page.roles[number] = "headline" if line == page.headline else "teaser"
        if line != page.headline:
            page.others.append(line)
    return numbers[0]


def _read_signature(page: Reading, start: int, last: int) -> bool:
    """Read the name and town below a letter as its byline."""
    if page.byline is not None or len(page.lines[last]) > _MAX_SIGNATURE:
        return False
    line = page.text(last)
    if "" not in page.roles[start:last]:
        return False
    in_letter = page.section == "Letters" or article_kind(page.text(start)) == "letter"
    first = last
    town = ""
    if in_letter and line.isalpha() and line[0].isupper():
        # The town has a line of its own.
        first = max(n for n in range(start, last) if not page.roles[n])
        line, town = page.text(first).removesuffix(","), line
    signature = f"{line}, {town.title()}" if town else line
    if first == start or not is_signature(signature, in_letter=in_letter):
        return False
    page.byline = clean_name(f"{line}, {town}" if town else line)
    page.roles[first] = page.roles[last] = "byline"
    return True


def _read_tags(page: Reading, start: int, last: int) -> None:
    """Read a line of topic tags below the last paragraph: not a sentence, headline or table."""
    line = page.lines[last].strip()
    stands_alone = page.roles[last - 1] != "" or ends_sentence(page.lines[last - 1].strip())
    if (
        stands_alone
        and len(line) <= 400
        and not ends_sentence(line)
        and not asks(line)
        and not agency_mark(line)
        and line[-1:] not in "”\"'"
        and not is_teaser(line)
        and not announced_headline(line)
        and not is_table_line(line)
        and "" in page.roles[start:last]
    ):
        page.tags_line = line
        page.roles[last] = "tags"


def _set_stray_quotes_apart(page: Reading, start: int) -> None:
    for number in range(start, len(page.lines)):
        line = page.lines[number]
        if page.roles[number] or not ("creased" in line or "Change" in line):
            continue
        if is_nearly_ticker_line(line) or parse_line(line) or _MOVE.search(line):
            page.roles[number] = "problem"
            page.problem("stray-quote", "a ticker line outside the board", line.strip())


def _read_blocks(page: Reading, start: int) -> None:
    """Read each run of consecutive body lines."""
    roles = page.roles
    count = len(roles)
    number = start
    while number < count:
        if roles[number]:
            number += 1
            continue
        end = number + 1
        while end < count and not roles[end]:
            end += 1
        if end == number + 1 and not page.grids:  # nearly always
            _read_paragraph(page, number)
        else:
            _read_block(page, range(number, end))
        number = end


def _read_block(page: Reading, block: range) -> None:
    grid = page.grids.get(block[0])
    if grid is not None and grid.line_count == len(block):
        _add_table(page, block)
        page.tables.append(Table(len(page.paragraphs), 1, *grid.grid))
        return
    if len(block) == 1:
        _read_paragraph(page, block[0])
        return
    lines = [page.lines[number].strip() for number in block]
    if any(map(is_rule, lines)):
        _add_table(page, block)
        return
    table: list[int] = []
    for number, line in zip(block, lines, strict=True):
        if is_table_line(line):
            table.append(number)
            continue
        _add_table(page, table)
        table = []
        _read_paragraph(page, number)
    _add_table(page, table)


def _add_table(page: Reading, numbers: Sequence[int]) -> None:
    """Add table lines as one paragraph of the body, line breaks and spacing kept."""
    if not numbers:
        return
    page.paragraphs.append("\n".join(page.lines[number].rstrip() for number in numbers))
    for number in numbers:
        page.roles[number] = "body"


def _read_paragraph(page: Reading, number: int) -> None:
    line = page.lines[number].strip()
    announced = announced_headline(line)
    if (
        announced
        or number in page.links
        or (page.paragraphs and _looks_like_teaser(page, number, line))
    ):
        url = page.links.get(number)
        page.teasers.append(Teaser(len(page.paragraphs), announced or line, url=url))
        page.roles[number] = "teaser"
    else:
        page.paragraphs.append(line)
        page.roles[number] = "body"


def _looks_like_teaser(page: Reading, number: int, line: str) -> bool:
    return line[-1] != "." and number not in page.kept and is_teaser(line)
