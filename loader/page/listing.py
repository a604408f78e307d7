"""Parse listing pages saved as text (sections, archives), recognised by their separators."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from loader.model import Listing
from loader.page.byline import read_byline
from loader.page.furniture import is_update_line, read_furniture
from loader.page.prose import (
    COMMENT_LINES,
    ends_sentence,
    is_copyright,
    is_cut_off,
    is_title_of,
)
from loader.page.reading import Reading, Role

_READ_MORE = re.compile(
    r"[-–—•»>\s]*(?:Read|View|See) (?:More|more|MORE|Full Story|full story)"
    r"[\s.…»>:]*(?:[-–—]\s*(?P<next>\S.*)?)?",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?P<section>[A-Z][A-Za-z&\- ]{1,40}?) ?: (?P<part>[A-Z][A-Za-z&\- ]{0,40})")
_DASHED = re.compile(r"[-–—»]\s+(?P<headline>\S.*)")
_DASHES = frozenset("-–—»")
_READ_MORES = frozenset(
    f"{more}{end}"
    for more in ("Read More", "Read more", "READ MORE", "View More", "See More", "Read Full Story")
    for end in ("", " ", " -", " - ", " –", "...", " ...", "…", " …", " »", " >", " >>", ".", ":")
)
_MANY = 3
_MAX_HEADLINE = 200
_FIRST_LINES = 6
# Headline, category, the headline again, excerpt, and one line more.
_MAX_STORY_LINES = 5


def may_be_listing(lines: list[str], firsts: list[str]) -> bool:
    """Whether any line of a page is typical of listings; a cheap test with false positives.

    `firsts` holds the first character of each line.
    """
    if not _DASHES.isdisjoint(firsts):
        return True
    if (
        firsts.count("P") >= _MANY
        and sum(1 for line in lines if line.startswith("Published ")) >= _MANY
    ):
        return True
    return ("R" in firsts or "S" in firsts or "V" in firsts or "L" in firsts) and (
        not _READ_MORES.isdisjoint(lines)
        or any(line.startswith("Last update") for line in lines[:_FIRST_LINES])
    )


def is_listing(lines: list[str]) -> bool:
    """Whether the lines of a page are a listing rather than an article."""
    texts = [" ".join(line.split()) for line in lines if line and not line.isspace()]
    # An article has one byline; a listing has none, or one per story.
    bylines = [n for n, text in enumerate(texts) if read_byline(text) and not is_update_line(text)]
    if len(bylines) == 1:
        return False
    if _ends_stories(bylines, texts):
        return True
    more = sum(1 for text in texts if _READ_MORE.fullmatch(text))
    if more >= 2 or (more and not _DASHES.isdisjoint(texts)):
        return True
    if any(
        is_update_line(text) and _TITLE.fullmatch(below)
        for text, below in pairwise(texts[:_FIRST_LINES])
    ):
        return True
    dashed = [text for text in texts if _DASHED.fullmatch(text)]
    headlines = sum(1 for text in dashed if not ends_sentence(text))
    return _MANY <= headlines == len(dashed) and headlines * 2 >= len(texts)


def _ends_stories(bylines: list[int], texts: list[str]) -> bool:
    """Whether each of at least three bylines is the last line of a short story.

    Below the byline of an article stands its text, below that of a story the next headline.
    """
    between = [range(n + 1, end) for n, end in pairwise([*bylines, len(texts)])]
    # A second line `Updated ...` belongs to the byline above it.
    stories = [lines for lines in between[:-1] if lines]
    return (
        len(stories) >= _MANY - 1
        and all(len(lines) <= _MAX_STORY_LINES for lines in between)
        # A story has one excerpt, a text has paragraphs.
        and all(sum(ends_sentence(texts[n]) for n in lines) <= 1 for lines in between)
        and _is_headline(texts[stories[0][0]])
        and not any(is_copyright(texts[n]) for lines in stories for n in lines)
    )


def read_listing(page: Reading) -> tuple[Listing, ...]:
    """Return the stories with a headline, and assign a role to every line of the page."""
    number = read_furniture(page)
    title = page.text(page.next_text(0))
    if number < len(page.lines) and is_title_of(title, name := page.text(number)):
        page.section = page.section or name
        page.roles[number] = "section"
        number += 1
    stories: list[_Story] = []
    texts = [text for n in range(number, len(page.lines)) if (text := page.text(n))]
    is_dated = _ends_stories([n for n, text in enumerate(texts) if read_byline(text)], texts)
    has_marks = any(map(_READ_MORE.fullmatch, texts))
    add = _add_dated if is_dated else partial(_add_line, has_marks=has_marks)
    while (number := page.skip_blanks(number)) < len(page.lines):
        line = page.text(number)
        page.roles[number] = role = _role(page, line, is_first=not stories)
        if role == "read-more":
            stories.append(_Story())
            if (match := _READ_MORE.fullmatch(line)) and (following := match["next"]):
                add(stories, following)
        elif role == "listing":
            add(stories, line)
        number += 1
    page.layout = "listing"
    found = [story for story in stories if story.headline]
    return tuple(
        Listing(
            position=position,
            headline=story.headline or "",
            summary="\n".join(story.lines) or None,
            listed_at=story.listed_at,
        )
        for position, story in enumerate(found, start=1)
    )


@dataclass(slots=True)
class _Story:
    headline: str | None = None
    lines: list[str] = field(default_factory=list)
    listed_at: str | None = None
    has_byline: bool = False


def _role(page: Reading, line: str, *, is_first: bool) -> Role:
    """Return the role of a line in a listing, and store the section if the line names it."""
    if _READ_MORE.fullmatch(line) or line in _DASHES:
        return "read-more"
    if line in COMMENT_LINES:
        return "comments"
    if is_copyright(line):
        return "copyright"
    if is_first and page.section is None and (match := _TITLE.fullmatch(line)):
        page.section = match["section"]
        return "section"
    return "listing"


def _add_line(stories: list[_Story], line: str, *, has_marks: bool) -> None:
    """Add a line to the last story, or begin a new one with it."""
    if match := _DASHED.fullmatch(line):
        stories.append(_Story(headline=match["headline"][:_MAX_HEADLINE]))
        return
    if not stories or (not has_marks and _opens_story(stories[-1], line)):
        # Without separators, each story is one line.
        stories.append(_Story())
        if not has_marks and _is_headline(line):
            stories[-1].headline = line
            return
    story = stories[-1]
    if byline := read_byline(line):
        story.listed_at = byline.published_at or byline.updated_at
    elif story.headline is None and len(story.lines) == 1 and _is_headline(story.lines[0]):
        story.headline, story.lines = story.lines[0], [line]
    else:
        story.lines.append(line)


def _add_dated(stories: list[_Story], line: str) -> None:
    """Add a line to the last story, which ends with its byline, or begin a new one with it.

    A link's text repeats the headline, with the name of a category below it.
    """
    if (byline := read_byline(line)) and stories:
        stories[-1].has_byline = True
        stories[-1].listed_at = stories[-1].listed_at or byline.published_at or byline.updated_at
        return
    if not stories or stories[-1].has_byline:
        stories.append(_Story())
    story = stories[-1]
    if story.headline is None:
        story.headline = line[:_MAX_HEADLINE]
    elif line == story.headline or line in story.lines:
        story.headline, story.lines = line[:_MAX_HEADLINE], []
    else:
        story.lines.append(line)


def _opens_story(last: _Story, line: str) -> bool:
    if read_byline(line):
        return False
    return _is_headline(line) or not last.headline or bool(last.lines)


def _is_headline(line: str) -> bool:
    return len(line) <= _MAX_HEADLINE and not ends_sentence(line) and not is_cut_off(line)
