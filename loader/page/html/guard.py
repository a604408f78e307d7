"""Reject markup on which Lexbor would take quadratic time.

Measured with selectolax 1.0 on one core: 10,000 attributes on one element take 0.3 s,
100,000 take 20 s; 20,000 nested elements 0.8 s, 100,000 18 s; 1,000 open `<b>` before
1,000 paragraphs 0.4 s, since each paragraph reopens them all. The largest real page
seen has 300 KB, 6,000 tags, 40 levels and 30 attributes on an element.

The checks read tags as Lexbor does but ignore scripts and comments, so that they overestimate
rather than underestimate. A page within a tenth of the limits costs only three scans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate

# A page saved with its images embedded may be large, but has few tags.
MAX_BYTES = 8 * 1024 * 1024
MAX_TAGS = 100_000
MAX_DEPTH = 3_000
MAX_ATTRIBUTES = 500
# Open formatting elements times tags: the number of elements that Lexbor may have to reopen.
MAX_REOPENED = 1_000_000

# With fewer tags, any depth takes less than a quarter of a second.
_SAFE_TAGS = 8_000
# A tag that does not span a whole window has fewer than 2 * window / 3 attributes.
_WINDOW = 4_096
_SMALL_WINDOW = 512
_SMALL_PAGE = 256 * 1024
# If fewer attributes than the limit fit into this, MAX_BYTES cannot hold enough to matter.
_LONGEST_LOOK = 512 * 1024

# Formatting elements in two passes: a cheap upper bound of their number, then those left open.
_FORMATTING = re.compile(
    rb"<[bcefinstuBCEFINSTU](?:[\s/>]|[iI][gG][\s/>]|[oO][dDnNbB]|[mM][\s/>aA]|[tT][\s/>rR])"
)
_FORMATTING_TAGS = re.compile(
    rb"<(/?)(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/>]", re.IGNORECASE
)
_NESTING = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
# Void elements, and those that end where the next one begins.
_FLAT = frozenset(
    b"area base br col dd dt embed hr img input li link meta option p source tbody td tfoot th"
    b" thead tr track wbr path circle rect line polygon".split()
)
# One attribute as the HTML standard reads it. The lookahead and its reference keep the
# engine from trying other ways to divide the same text.
_ATTRIBUTE = (
    rb"(?=([\s/]*[^\s/>][^\s/>=]*"
    rb"(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"'][^\s>]*)?)?))\1"
)
# From within a tag to its end, or to the end of the text: nearly exact, and fast.
_TO_END = re.compile(rb"[^>=]*(?:=+\s*(?:\"[^\"]*\"|'[^']*')?[^>=]*)*")
_CROWDED = re.compile(rb"<[a-zA-Z][^\s/>]*(?=[\s/])(?:%b){%d}" % (_ATTRIBUTE, MAX_ATTRIBUTES + 1))
_TAG = re.compile(rb"<[a-zA-Z]")


def excess(markup: bytes) -> str | None:
    """Return the reason not to parse a page (a clause), or None if it is safe."""
    if len(markup) > MAX_BYTES:
        return f"has {len(markup):,} bytes, more than the {MAX_BYTES:,} that are parsed"
    tags = markup.count(b"<")
    if tags > MAX_TAGS:
        return f"has {tags:,} tags, more than the {MAX_TAGS:,} that are parsed"
    if tags > _SAFE_TAGS and _depth(markup) > MAX_DEPTH:
        return f"nests elements more than {MAX_DEPTH:,} deep"
    if len(_FORMATTING.findall(markup)) * tags > MAX_REOPENED and (
        _most_open(_FORMATTING_TAGS.findall(markup)) * tags > MAX_REOPENED
    ):
        return "leaves too many formatting elements open"
    if _is_crowded(markup):
        return f"has an element with more than {MAX_ATTRIBUTES} attributes"
    return None


def _depth(markup: bytes) -> int:
    return _most_open(
        slash for slash, name in _NESTING.findall(markup) if name.lower() not in _FLAT
    )


def _most_open(slashes: Iterable[bytes]) -> int:
    """Return the largest number of elements open at once; unmatched end tags are ignored."""
    steps = (-1 if slash else 1 for slash in slashes)
    return max(accumulate(steps, lambda level, step: max(level + step, 0), initial=0))


def _is_crowded(markup: bytes) -> bool:
    """Whether a tag has too many attributes; checked only around windows without a tag's end."""
    window = _WINDOW if len(markup) <= _SMALL_PAGE else _SMALL_WINDOW
    return any(
        _may_lie_inside_tag(markup, start, start + window)
        and _begins_crowded_tag(markup, max(start - window, 0), start + window)
        for start in range(0, len(markup), window)
    )


def _may_lie_inside_tag(markup: bytes, start: int, end: int) -> bool:
    """Whether a single tag may cover a window.

    That is so if the window, read as attributes from its start or from after its first quotation
    mark of either kind, has no `>`.
    """
    if _runs_through(markup, start, end):
        return True
    double = markup.find(b'"', start, end)
    if double >= 0 and _runs_through(markup, double + 1, end):
        return True
    single = markup.find(b"'", start, end)
    return single >= 0 and _runs_through(markup, single + 1, end)


def _runs_through(markup: bytes, start: int, end: int) -> bool:
    match = _TO_END.match(markup, start, end)
    return match is None or match.end() == end


def _begins_crowded_tag(markup: bytes, start: int, end: int) -> bool:
    return any(
        _CROWDED.match(markup, tag.start(), tag.start() + _LONGEST_LOOK) is not None
        for tag in _TAG.finditer(markup, start, end)
    )
