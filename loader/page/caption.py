"""Captions in a header: printed twice, with markup or a credit, or right below the byline."""

from __future__ import annotations

import re

from loader.page.dateline import split_dateline
from loader.page.prose import asks, ends_sentence, is_credited, is_table_line
from loader.page.reading import Reading

_MARKED = re.compile(r"<p>(?P<caption>.*?)</p>")
_TAG = re.compile(r"<[^<>]*>")
_MAX_CAPTION = 250


def is_marked_caption(line: str) -> bool:
    """Whether a line is a caption with its markup left in: `<p>...</p>`."""
    return line.startswith("<p>") and _MARKED.fullmatch(line) is not None


def is_doubled(page: Reading, number: int) -> bool:
    """Whether the next non-blank line repeats this one."""
    following = page.next_text(number + 1)
    return following < len(page.lines) and page.text(following) == page.text(number)


def read_caption(page: Reading, number: int, line: str) -> int:
    """Read a caption with markup, printed twice or with a credit; return the line after it."""
    if page.caption is not None:
        return number
    if line.startswith("<p>") and (match := _MARKED.fullmatch(line)):
        page.caption = _TAG.sub("", match["caption"]).strip() or None
        page.roles[number] = "caption"
        return number + 1
    following = page.next_text(number + 1)
    if is_doubled(page, number):
        page.caption = line
        page.roles[number] = page.roles[following] = "caption"
        page.roles[number + 1 : following] = ["blank"] * (following - number - 1)
        return following + 1
    if _is_caption_below(page, number, following, line):
        page.caption = line
        page.roles[number] = "caption"
        return number + 1
    return number


def _is_caption_below(page: Reading, number: int, following: int, line: str) -> bool:
    """Whether a line right below the byline is a caption.

    It is not a sentence, or carries a credit, and the text begins after it.
    """
    if not page.has_byline or len(line) > _MAX_CAPTION or following >= len(page.lines):
        return False
    stands_close = page.roles[number - 1] in ("byline", "follow-us") and following > number + 1
    is_sentence = ends_sentence(line) or asks(line)
    if (is_sentence or not stands_close) and not is_credited(line):
        return False
    if split_dateline(line)[0] is not None or is_table_line(page.lines[number].strip()):
        return False
    if not is_credited(line) and (len(line.split()) < 3 or line[0].islower()):
        return False
    after = page.text(following)
    return ends_sentence(after) or len(after) > 120 or split_dateline(after)[0] is not None
