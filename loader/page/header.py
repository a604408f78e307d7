"""Parse the header between board and first paragraph: headline, summary, byline, caption.

The layouts are those of docs/page-format.md. If a line is certainly the byline, the lines above
it are read relative to it. Otherwise the body begins at the first line that no rule matches.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from loader.page.anchor import find_anchor, is_undated_byline
from loader.page.byline import (
    Byline,
    clean_name,
    is_desk,
    is_person,
    is_written_by,
    read_byline,
)
from loader.page.caption import is_doubled, is_marked_caption, read_caption
from loader.page.dateline import split_dateline
from loader.page.furniture import is_section, may_be_section, read_furniture, read_section
from loader.page.prose import (
    COMMENT_LINES,
    ends_sentence,
    is_copyright,
    is_credited,
    is_cut_off,
    is_rule,
    is_table_line,
    without_site,
)
from loader.page.reading import Reading

_BULLETS = "•●▪·"
_BULLET = re.compile(rf"\s*[{_BULLETS}]\s*(?P<sentence>\S.*)")
_BULLET_BETWEEN = re.compile(r"(?<=\S) [•●▪] (?=\S)")
_QUOTES = str.maketrans("‘’“”", "''\"\"")
_AROUND_SUMMARY = " .…\"'”’"
_MAX_HEADLINE = 250
_MAX_SUMMARY = 600
_MAX_PLAIN = 6
# A longer sentence that ends in a full stop is a paragraph, where no header line would be.
_PARAGRAPH = 200
# Longer than any header line but a summary that was cut off.
_LONG = 120
# Headlines and their texts may share shorter beginnings.
_MIN_STEM = 20


def read_header(page: Reading) -> int:
    """Assign roles to the lines before the body; return the number of the first body line."""
    start = read_furniture(page)
    anchor = find_anchor(page, start)
    if anchor is not None and _is_only_headline(page, start, anchor):
        page.roles[start + 1 : anchor] = ["blank"] * (anchor - start - 1)
        number = _read_anchor(page, anchor)
    elif anchor is not None and (above := _read_above(page, start, anchor)):
        _take_above(page, above, start, anchor)
        number = _read_anchor(page, anchor)
    else:
        number = _read_headline(page, start)
    while (number := page.skip_blanks(number)) < len(page.lines):
        line = page.text(number)
        if len(line) > _LONG and line[-1] == "." != line[-2] and not is_doubled(page, number):
            # Most first paragraphs need none of the header rules.
            break
        for rule in _RULES:
            if (end := rule(page, number, line)) > number:
                number = end
                break
        else:
            break
    page.headline = page.headline and without_site(page.headline)
    return number


def _is_only_headline(page: Reading, start: int, anchor: int) -> bool:
    """Read the only line above a byline as the headline, if no other rule can apply to it.

    Most pages have this shape, and the full rules would take most of the header's parsing time.
    """
    if start == anchor or page.next_text(start + 1) != anchor:
        return False
    line = page.text(start)
    if not (20 < len(line) <= 80 and line[0].isalnum() and line[-1].isalpha()):
        return False
    if line.count(" ") < 3 or line.startswith(("By ", "BY ")) or is_desk(line):
        return False
    page.headline = line
    page.roles[start] = "headline"
    page.layout = page.layout or "headline"
    return True


@dataclass(slots=True)
class _Above:
    """The lines above the byline: those with a shape of their own, and the plain ones."""

    points: list[int] = field(default_factory=list)
    captions: list[tuple[int, int]] = field(default_factory=list)
    sections: list[int] = field(default_factory=list)
    plain: list[tuple[int, str]] = field(default_factory=list)


def _read_above(page: Reading, start: int, anchor: int) -> _Above | None:
    """Return the lines above a byline by kind; None if they read as paragraphs of a body."""
    above = _Above()
    number = page.next_text(start)
    while number < anchor:
        following = page.next_text(number + 1)
        line = page.text(number)
        if line[0] in _BULLETS and _BULLET.fullmatch(line):
            above.points.append(number)
        elif is_marked_caption(line):
            above.captions.append((number, number))
        elif following < anchor and is_doubled(page, number):
            above.captions.append((number, following))
            following = page.next_text(following + 1)
        elif page.section is None and not above.sections and is_section(line):
            above.sections.append(number)
        else:
            above.plain.append((number, line))
        number = following
    return above if _is_header(page, above.plain, anchor) else None


def _is_header(page: Reading, plain: list[tuple[int, str]], anchor: int) -> bool:
    count = len(plain)
    if count > _MAX_PLAIN:
        return False
    has_body = page.next_text(anchor + 1) < len(page.lines)
    for place, (_, line) in enumerate(plain):
        if len(line) > _MAX_SUMMARY:
            return False
        if _is_paragraph(line, place, count, has_body=has_body) and not (
            is_cut_off(line) or _returns(page, line, anchor)
        ):
            return False
    return True


def _is_paragraph(line: str, place: int, count: int, *, has_body: bool) -> bool:
    """Whether the line at `place` of `count` above a byline reads as a body paragraph."""
    if place == 0 and len(line) > _MAX_HEADLINE:
        return True
    if not ends_sentence(line):
        return False
    return (
        (not has_body and (count > 1 or len(line) > _PARAGRAPH))
        or (len(line) > _PARAGRAPH and count > 2)
        or split_dateline(line)[0] is not None
    )


def _take_above(page: Reading, above: _Above, start: int, anchor: int) -> None:
    """Assign roles to the lines above a byline, and store their contents in `page`."""
    page.roles[start:anchor] = ["blank"] * (anchor - start)
    for number in above.sections:
        read_section(page, number, page.text(number))
    for number in above.points:
        _read_bullet(page, number, page.text(number))
    plain = above.plain
    for number, second in above.captions:
        line = page.text(number)
        if second > number and page.headline is None and plain and number < plain[0][0]:
            # A caption stands below the headline.
            page.headline = line
            page.roles[number] = page.roles[second] = "headline"
            continue
        if read_caption(page, number, line) == number:
            plain = sorted({*plain, (number, line), (second, line)})
    if len(plain) > 1 and _is_unknown_section(page, plain):
        (number, page.section), *plain = plain
        page.roles[number] = "section"
    names: list[str] = []
    below = anchor
    while plain and _is_name_above_date(page, plain, anchor, below):
        *plain, (below, line) = plain
        names.insert(0, clean_name(line) or line)
        page.roles[below] = "byline"
    page.byline = " | ".join(names) or page.byline
    if plain and page.headline is None and not _is_lone_summary(page, plain, anchor):
        (number, page.headline), *plain = plain
        page.roles[number] = "headline"
    for number, line in plain:
        if page.caption is None and is_credited(line) and not _returns(page, line, anchor):
            page.caption = line
            page.roles[number] = "caption"
        else:
            page.summary.append(line)
            page.roles[number] = "summary"
    if page.headline:
        page.layout = page.layout or "headline"


def _is_unknown_section(page: Reading, plain: list[tuple[int, str]]) -> bool:
    """Whether a short line right below the masthead is followed by a blank and a headline."""
    (first, label), (second, line), *_ = plain
    return (
        first > 0
        and page.roles[first - 1] in ("masthead", "logo")
        and second > first + 1
        and len(line.split()) > 3
        and not is_cut_off(line)
        and may_be_section(page, label)
    )


def _is_name_above_date(
    page: Reading, plain: list[tuple[int, str]], anchor: int, below: int
) -> bool:
    """Whether the last line is a name in a byline of several lines, the last of which is a date.

    `below` is the line under it: another name, or the date at `anchor`.
    """
    byline = read_byline(page.text(anchor))
    if byline is None or byline.who is not None:
        return False
    number, line = plain[-1]
    if is_desk(line) or is_written_by(line):
        return True
    stands_close = number == below - 1
    return stands_close and len(plain) > 1 and len(line.split()) <= 4 and is_person(line)


def _is_lone_summary(page: Reading, plain: list[tuple[int, str]], anchor: int) -> bool:
    """Whether the first line is a summary without a headline.

    It was cut off or is too long for a headline, and the text begins with the same words.
    """
    line = plain[0][1]
    if is_cut_off(line):
        return (
            len(line) > 160 or split_dateline(line)[0] is not None or _returns(page, line, anchor)
        )
    return len(plain) == 1 and len(line) > 80 and _returns(page, line, anchor)


def _returns(page: Reading, line: str, anchor: int) -> bool:
    """Whether one of the first paragraphs after `anchor` begins with this line."""
    stem = _stem(line).rstrip(_AROUND_SUMMARY)
    if len(stem) < _MIN_STEM:
        return False
    number = anchor
    for _ in range(5):
        number = page.next_text(number + 1)
        if number >= len(page.lines):
            return False
        # The line's length plus room for the longest dateline.
        beginning = page.lines[number][: len(line) + 60]
        if _stem(" ".join(beginning.split())).startswith(stem):
            return True
    return False


def _stem(line: str) -> str:
    """Return a line without its dateline and opening quotation mark."""
    return split_dateline(line)[1].translate(_QUOTES).lstrip("\"' ")


def _read_anchor(page: Reading, number: int) -> int:
    """Read the line found as the byline; return the number of the next line."""
    line = page.text(number)
    if (end := _read_byline(page, number, line)) == number and is_undated_byline(
        page, number, line
    ):
        page.roles[number] = "byline"
        page.byline, page.has_byline = clean_name(line), True
        if not page.after_board and not page.headline:
            page.layout = page.layout or "epaper"
        end = number + 1
    page.layout = page.layout or ("seed" if page.after_board else "plain")
    return end


def _read_headline(page: Reading, number: int) -> int:
    if number >= len(page.lines):
        return number
    line = page.text(number)
    if not _is_headline(page, number, line):
        page.layout = page.layout or ("seed" if page.after_board else "plain")
        return number
    page.roles[number] = "headline"
    page.headline = line
    page.layout = page.layout or "headline"
    return number + 1


def _is_headline(page: Reading, number: int, line: str) -> bool:
    """Whether a line is short, not a sentence, and stands where a headline is expected."""
    if len(line) > _MAX_HEADLINE or ends_sentence(line) or is_cut_off(line):
        return False
    if _opens_article(line) or is_doubled(page, number) or is_rule(line):
        return False
    if line in COMMENT_LINES or is_copyright(line):
        return False
    following = page.next_text(number + 1)
    if following >= len(page.lines):
        return page.layout is not None
    after = page.text(following)
    if _opens_article(after) or _BULLET.match(after):
        return True
    if after.endswith(" ...") or (is_cut_off(after) and _returns(page, after, following)):
        return True
    if page.layout is not None and page.layout != "covid":
        return True
    # Without furniture: a line right below the board, or a text's first line, before a blank.
    stands_first = number == 0
    return stands_first and following > number + 1 and not is_table_line(line)


def _opens_article(line: str) -> bool:
    return read_byline(line) is not None or line == "Follow us"


def _read_byline(page: Reading, number: int, line: str) -> int:
    byline = read_byline(line)
    if byline is None:
        return number
    if not page.has_byline:
        _take_byline(page, byline, line)
    elif page.updated_at is None and byline.who is None and byline.updated_at:
        # The second line of a byline: `Updated 03 Mar, 2024`.
        page.updated_at = byline.updated_at
    else:
        return number
    page.roles[number] = "byline"
    return number + 1


def _take_byline(page: Reading, byline: Byline, line: str) -> None:
    page.has_byline = True
    page.byline = byline.who or page.byline
    page.published_at = byline.published_at
    page.updated_at = byline.updated_at
    for printed in byline.bad_dates:
        page.problem(
            "bad-date", f"the byline prints {printed!r}, which is not a date, or could be two", line
        )


def _read_name_below(page: Reading, number: int, line: str) -> int:
    """Read the name below a date, where the date comes first."""
    if page.byline or not page.has_byline or not (is_desk(line) or is_written_by(line)):
        return number
    page.byline = clean_name(line)
    page.roles[number] = "byline"
    return number + 1


def _read_follow_us(page: Reading, number: int, line: str) -> int:
    if line != "Follow us":
        return number
    page.roles[number] = "follow-us"
    return number + 1


def _read_bullet(page: Reading, number: int, line: str) -> int:
    match = None if page.has_byline else _BULLET.fullmatch(line)
    if match is None:
        return number
    page.summary += map(str.strip, _BULLET_BETWEEN.split(match["sentence"]))
    page.roles[number] = "summary"
    return number + 1


def _read_cut_off_summary(page: Reading, number: int, line: str) -> int:
    """Read a summary that ends in dots and whose full sentence begins a later paragraph."""
    if page.summary or not (is_cut_off(line) and _returns(page, line, number)):
        return number
    page.summary.append(line)
    page.roles[number] = "summary"
    return number + 1


_RULES: tuple[Callable[[Reading, int, str], int], ...] = (
    _read_byline,
    _read_name_below,
    _read_follow_us,
    _read_bullet,
    read_section,
    _read_cut_off_summary,
    read_caption,
)
