"""Parse page furniture between board and article: logo, masthead, section, Covid counter.

The layouts are those of docs/page-format.md, Between board and text.
"""

from __future__ import annotations

import re

from loader.page.byline import read_byline
from loader.page.covid import read_covid
from loader.page.dates import DATED, PRINTED_DATE, WEEKDAY, parse_iso_date, parse_printed
from loader.page.prose import is_title_of
from loader.page.reading import Reading

SECTIONS = frozenset(
    {
        "Markets", "Pakistan", "Opinion", "World", "Business & Finance", "Technology", "Sports",
        "Sport", "BR Research", "Editorials", "Print", "Life & Style", "Budget", "Perspectives",
        "Company News", "Letters", "Columns", "Supplements", "Trends", "Latest",
    }
)  # fmt: skip
LOGOS = frozenset({"brecorder logo", "business recorder logo"})
_MASTHEAD = re.compile(
    r"(?:(?P<short>[A-Z][a-z]{2} \d{1,2}, \d{4})"
    rf"|(?P<long>{PRINTED_DATE})(?= .*PRINT EDITION\b))"
    r"(?: (?:اردو )?PRINT EDITION\b.*)?"
    # `Wednesday, January 26th, 2022`: the day on which an e-paper page was made, often years after
    # its text.
    rf"|(?P<day>{WEEKDAY}{DATED})"
)
_MASTHEAD_LINKS = re.compile(r"(?:(?:اردو|PRINT EDITION|BR MARKETS|Dollar to PKR|►) ?)+")
# The top of pages until 2017, with the day on which the page was made: `Thu, 19 Jan 2017 05am`.
_UPDATED = re.compile(r"Last updated? ?: ?(?P<when>.{4,40})", re.IGNORECASE)
_DATE = re.compile(PRINTED_DATE)
_WEEKDAYS = frozenset({"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
_FIRST_OF_LINKS = frozenset("اPBD►")
# `Markets Print 2025-03-03`, and `Print - 2025-03-03` above the list of an edition's stories.
_PRINT_SECTION = re.compile(
    r"(?:(?P<section>[A-Z][A-Za-z& ]{1,30}) Print|(?P<edition>Print) -) (?P<date>\d{4}-\d{2}-\d{2})"
)
_MAX_LINE = 120
_MAX_NAVIGATION = 200
_MAX_SECTION = 60
_MAX_NAME = 31


def read_furniture(page: Reading) -> int:
    """Assign roles to the furniture at the top, in any order; return the next line's number."""
    number = _skip_navigation(page)
    while (number := page.skip_blanks(number)) < len(page.lines):
        end = _read_one(page, number)
        if end == number:
            break
        number = end
    return number


def _skip_navigation(page: Reading) -> int:
    """Return the number of the headline, where the page's title and links stand above it; else 0.

    Texts made from HTML begin with the title of the document, in which the headline is repeated.
    """
    first = page.next_text(0)
    if first >= len(page.lines) or not page.lines[first].rstrip().endswith("ecorder"):
        return 0
    title = page.text(first)
    lines: list[str] = []
    found: tuple[int, int, int] | None = None
    last = number = page.next_text(first + 1)
    while number < len(page.lines) and len(lines) < _MAX_NAVIGATION:
        line = page.text(number)
        byline = None if len(line) > _MAX_LINE else read_byline(line)
        if len(line) > _MAX_LINE or (byline and (byline.who or byline.is_labelled)):
            break
        if is_title_of(title, line):
            # Links may name the story as well; its headline is the last one above the byline.
            found = number, last, len(lines)
        lines.append(line)
        last, number = number, page.next_text(number + 1)
    if found is None:
        return 0
    end, last, count = found
    above = lines[:count]
    page.roles[:end] = ["masthead" if line.strip() else "blank" for line in page.lines[:end]]
    if above and (len(above) == 1 or " Print " in above[-1] or above.count(above[-1]) > 1):
        # Among links, a section's name counts only if it is repeated above the headline.
        read_section(page, last, above[-1])
    for line in above:
        if match := _MASTHEAD.fullmatch(line):
            page.masthead_date = page.masthead_date or _day_in(match)
    page.layout = page.layout or "headline"
    return end


def _day_in(masthead: re.Match[str]) -> str | None:
    return parse_printed(masthead["short"] or masthead["long"] or masthead["day"])


def _read_one(page: Reading, number: int) -> int:
    line = page.text(number)
    if len(line) > _MAX_LINE:
        return number
    if line.lower() in LOGOS:
        page.roles[number] = "logo"
        page.layout = "logo"
        return number + 1
    is_dated = page.masthead_date is None and (
        line[3:4] == " " or "PRINT EDITION" in line or line[:3].lower() in _WEEKDAYS
    )
    if is_dated and (match := _MASTHEAD.fullmatch(line)):
        page.roles[number] = "masthead"
        page.masthead_date = _day_in(match)
        page.layout = page.layout or ("masthead" if "PRINT" in line else "date-line")
        if page.masthead_date is None:
            page.problem("bad-date", "the masthead prints a date that no calendar has", line)
        return number + 1
    if line[:4].lower() == "last" and (match := _UPDATED.fullmatch(line)):
        page.roles[number] = "masthead"
        date = _DATE.search(match["when"])
        page.masthead_date = page.masthead_date or (parse_printed(date[0]) if date else None)
        page.layout = page.layout or "date-line"
        return number + 1
    if line[0] in _FIRST_OF_LINKS and _MASTHEAD_LINKS.fullmatch(line):
        page.roles[number] = "masthead"
        page.layout = page.layout or "masthead"
        return number + 1
    if (end := read_section(page, number, line)) > number:
        return end
    if page.covid is None and line[0] in "Cc" and (found := read_covid(page.lines, number)):
        page.covid, end = found
        for covered in range(number, end):
            page.roles[covered] = "covid" if page.lines[covered].strip() else "blank"
        page.layout = page.layout or "covid"
        return end
    return number


def read_section(page: Reading, number: int, line: str) -> int:
    """Read a section line, unless one was read already; return the number of the next line."""
    if page.section is not None:
        return number
    end, match = _print_section(page, number, line)
    if match:
        page.section = match["section"] or match["edition"]
        page.print_date = parse_iso_date(match["date"])
        page.layout = page.layout or "print-section"
        if page.print_date is None:
            page.problem("bad-date", "the section prints a date that no calendar has", match[0])
    elif line in SECTIONS:
        page.section = line
        page.layout = page.layout or "section"
    else:
        return number
    page.roles[number:end] = [
        "section" if page.lines[n].strip() else "blank" for n in range(number, end)
    ]
    return end


def _print_section(page: Reading, number: int, line: str) -> tuple[int, re.Match[str] | None]:
    """Return the match of a section with its print date, and the number of the line after it.

    Each of `Markets Print 2025-03-03` may have a line of its own.
    """
    if len(line) > (_MAX_SECTION if "Print" in line else _MAX_NAME):
        return number + 1, None
    joined, last = line, number
    for _ in range(3):
        if match := _PRINT_SECTION.fullmatch(joined):
            return last + 1, match
        last = page.next_text(last + 1)
        if last >= len(page.lines) or not page.text(last).startswith(("Print", "1", "2")):
            break
        joined = f"{joined} {page.text(last)}"
    return number + 1, None


def is_update_line(line: str) -> bool:
    """Whether a line is the update line of older pages: `Last update: Thu, 19 Jan 2017 05am`."""
    return _UPDATED.fullmatch(line) is not None


def is_section(line: str) -> bool:
    """Whether a line names a section of the site, with or without a print edition's date."""
    if len(line) > _MAX_SECTION:
        return False
    return line in SECTIONS or ("Print " in line and _PRINT_SECTION.fullmatch(line) is not None)


def may_be_section(page: Reading, line: str) -> bool:
    """Whether a line right below the masthead has the shape of a section: `Real Estate`."""
    words = line.split()
    return (
        page.section is None
        and page.layout in ("logo", "masthead", "date-line")
        and len(words) <= 3
        and all(word[0].isupper() or word == "&" for word in words)
        and line.replace(" ", "").replace("&", "").isalpha()
    )
