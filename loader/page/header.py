"""From the board to the first paragraph: logo, masthead, section, headline, byline ...

The layouts are those of FORMAT.md section 3. A line that no rule knows is where the
body begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from loader.page.covid import read_covid
from loader.page.dates import parse_iso_date, parse_printed
from loader.page.prose import (
    COMMENT_LINES,
    Byline,
    ends_sentence,
    is_capitals_byline,
    is_copyright,
    is_rule,
    is_table_line,
    read_byline,
    split_dateline,
)
from loader.page.reading import Reading

SECTIONS = frozenset(
    {
        "Markets", "Pakistan", "Opinion", "World", "Business & Finance", "Technology", "Sports",
        "Sport", "BR Research", "Editorials", "Print", "Life & Style", "Budget", "Perspectives",
        "Company News", "Letters", "Columns", "Supplements", "Trends", "Latest",
    }
)  # fmt: skip
_LOGOS = frozenset({"Brecorder Logo", "Business Recorder Logo"})
_MASTHEAD = re.compile(r"(?P<date>[A-Z][a-z]{2} \d{2}, \d{4})(?: (?:اردو )?PRINT EDITION\b.*)?")
_PRINT_SECTION = re.compile(r"(?P<section>[A-Z][A-Za-z& ]{1,30}) Print (?P<date>\d{4}-\d{2}-\d{2})")
_BULLET = re.compile(r"\s*•\s*(?P<sentence>\S.*)")
_MARKED_CAPTION = re.compile(r"<p>(?P<caption>.*?)</p>")
_TAG = re.compile(r"<[^<>]*>")
_MAX_HEADLINE = 250


def read_header(page: Reading) -> int:
    """Give roles to the lines before the body; the number of the first body line."""
    start = _read_furniture(page)
    start = _read_headline(page, start)
    number = start
    while (number := _skip_blanks(page, number)) < len(page.lines):
        following = next((end for rule in _RULES if (end := rule(page, number)) > number), number)
        if following == number:
            break
        number = following
    return number


def _skip_blanks(page: Reading, number: int) -> int:
    end = page.next_text(number)
    page.roles[number:end] = ["blank"] * (end - number)
    return end


def _read_furniture(page: Reading) -> int:
    """Logo, masthead or date line, section and Covid counter, in whatever order they stand."""
    number = 0
    while (number := _skip_blanks(page, number)) < len(page.lines):
        end = _read_one_furniture(page, number)
        if end == number:
            break
        number = end
    return number


def _read_one_furniture(page: Reading, number: int) -> int:
    line = page.lines[number].strip()
    if len(line) > 120:
        return number
    if line in _LOGOS:
        page.roles[number] = "logo"
        page.layout = "logo"
        return number + 1
    if page.masthead_date is None and (match := _MASTHEAD.fullmatch(line)):
        page.roles[number] = "masthead"
        page.masthead_date = parse_printed(match["date"])
        page.layout = page.layout or ("masthead" if "PRINT" in line else "date-line")
        if page.masthead_date is None:
            page.problem("bad-date", "the masthead prints a date that no calendar has", line)
        return number + 1
    if (end := _read_section(page, number)) > number:
        return end
    if page.covid is None and (found := read_covid(page.lines, number)):
        page.covid, end = found
        for covered in range(number, end):
            page.roles[covered] = "covid" if page.lines[covered].strip() else "blank"
        page.layout = page.layout or "covid"
        return end
    return number


def _read_section(page: Reading, number: int) -> int:
    line = page.lines[number].strip()
    if page.section is not None or len(line) > 60:
        return number
    if match := _PRINT_SECTION.fullmatch(line):
        page.section = match["section"]
        page.print_date = parse_iso_date(match["date"])
        page.layout = page.layout or "print-section"
        if page.print_date is None:
            page.problem("bad-date", "the section prints a date that no calendar has", line)
    elif line in SECTIONS:
        page.section = line
        page.layout = page.layout or "section"
    else:
        return number
    page.roles[number] = "section"
    return number + 1


def _read_headline(page: Reading, number: int) -> int:
    if number >= len(page.lines):
        return number
    line = page.lines[number].strip()
    if _is_epaper_byline(page, number, line):
        page.roles[number] = "byline"
        page.byline, page.has_byline = line, True
        page.layout = page.layout or "epaper"
        return number + 1
    if not _is_headline(page, number, line):
        page.layout = page.layout or ("seed" if page.after_board else "plain")
        return number
    page.roles[number] = "headline"
    page.headline = line
    page.layout = page.layout or "headline"
    return number + 1


def _is_epaper_byline(page: Reading, number: int, line: str) -> bool:
    if page.after_board or page.layout or not is_capitals_byline(line):
        return False
    following = page.next_text(number + 1)
    return following < len(page.lines) and ends_sentence(page.lines[following].strip())


def _is_headline(page: Reading, number: int, line: str) -> bool:
    """A short line without a full stop, where something beside it says that a headline is due."""
    if len(line) > _MAX_HEADLINE or ends_sentence(line) or line.endswith(" ..."):
        return False
    if _opens_article(line) or _is_doubled(page, number) or is_rule(line):
        return False
    if line in COMMENT_LINES or is_copyright(line):
        return False
    following = page.next_text(number + 1)
    if following >= len(page.lines):
        return page.layout is not None
    after = page.lines[following].strip()
    if _opens_article(after) or _BULLET.match(after) or after.endswith(" ..."):
        return True
    if page.layout is not None and page.layout != "covid":
        return True
    # No furniture: a line right under the board, or the first of a text, set apart by a blank.
    stands_first = number == 0
    return stands_first and following > number + 1 and not is_table_line(line)


def _opens_article(line: str) -> bool:
    return read_byline(line) is not None or line == "Follow us"


def _is_doubled(page: Reading, number: int) -> bool:
    following = page.next_text(number + 1)
    return following < len(page.lines) and page.lines[following] == page.lines[number]


def _read_byline(page: Reading, number: int) -> int:
    line = page.lines[number].strip()
    byline = None if page.has_byline else read_byline(line)
    if byline is None:
        return number
    _take_byline(page, byline, line)
    page.roles[number] = "byline"
    return number + 1


def _take_byline(page: Reading, byline: Byline, line: str) -> None:
    page.has_byline = True
    page.byline = byline.who
    page.published_at = byline.published_at
    page.updated_at = byline.updated_at
    for printed in byline.bad_dates:
        page.problem("bad-date", f"the byline prints {printed!r}, which no calendar has", line)


def _read_follow_us(page: Reading, number: int) -> int:
    if page.lines[number].strip() != "Follow us":
        return number
    page.roles[number] = "follow-us"
    return number + 1


def _read_bullet(page: Reading, number: int) -> int:
    match = _BULLET.fullmatch(page.lines[number])
    if match is None or page.has_byline:
        return number
    page.summary.append(match["sentence"].strip())
    page.roles[number] = "summary"
    return number + 1


def _read_cut_off_summary(page: Reading, number: int) -> int:
    """A sentence cut off with ` ...` that returns whole as a later paragraph's beginning."""
    line = page.lines[number].strip()
    if page.summary or not line.endswith((" ...", " …")):
        return number
    stem = line.rstrip(".… ")
    for later in range(number + 1, min(number + 8, len(page.lines))):
        text = page.lines[later].strip()
        if text.startswith(stem) or split_dateline(text)[1].startswith(stem):
            page.summary.append(line)
            page.roles[number] = "summary"
            return number + 1
    return number


def _read_caption(page: Reading, number: int) -> int:
    line = page.lines[number].strip()
    if page.caption is not None:
        return number
    if match := _MARKED_CAPTION.fullmatch(line):
        page.caption = _TAG.sub("", match["caption"]).strip() or None
        page.roles[number] = "caption"
        return number + 1
    following = page.next_text(number + 1)
    if following < len(page.lines) and page.lines[following].strip() == line:
        page.caption = line
        page.roles[number] = page.roles[following] = "caption"
        page.roles[number + 1 : following] = ["blank"] * (following - number - 1)
        return following + 1
    return number


_RULES: tuple[Callable[[Reading, int], int], ...] = (
    _read_byline,
    _read_follow_us,
    _read_bullet,
    _read_section,
    _read_cut_off_summary,
    _read_caption,
)
