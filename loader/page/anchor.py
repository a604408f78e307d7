"""Find the byline, the most reliable line of a header: no line above it belongs to the body.

A headline may end in any punctuation and a summary may be cut off anywhere, so both are
recognised more reliably by the byline below them than by their own shape.
"""

from __future__ import annotations

from loader.page.byline import is_capitals_byline, is_desk, is_written_by, read_byline
from loader.page.dateline import split_dateline
from loader.page.prose import ends_sentence
from loader.page.reading import Reading

# Headline, six points of a summary, a caption printed twice.
_MAX_LINES = 10
# A headline may end in a date and so look like a byline; the true byline follows soon.
_MAX_LINES_BETWEEN = 3
_MAX_BYLINE = 180
_MAX_UNDATED = 60

# Ranks of certainty.
_LABELLED = 3
_NAMED = 2
_UNDATED = 1


def find_anchor(page: Reading, start: int) -> int | None:
    """Return the number of the line that is the byline or stands in its place, else None."""
    best: int | None = None
    best_rank = 0
    seen = 0
    last = _MAX_LINES
    lines = page.lines
    for number in range(start, len(lines)):
        raw = lines[number]
        if not raw or raw.isspace():
            continue
        seen += 1
        if seen > last:
            break
        if len(raw) > _MAX_BYLINE:
            continue
        rank = _rank(page, number, page.text(number))
        if best is None and rank:
            last = seen + _MAX_LINES_BETWEEN
        if rank > best_rank:
            best, best_rank = number, rank
            if rank == _LABELLED:
                break
    return best


def _rank(page: Reading, number: int, line: str) -> int:
    if byline := read_byline(line):
        is_sure = byline.is_labelled or (byline.who is not None and is_desk(byline.who))
        return _LABELLED if is_sure else _NAMED
    if len(line) > _MAX_UNDATED:
        return 0
    if line == "Follow us":
        return _NAMED
    return _UNDATED if is_undated_byline(page, number, line) else 0


def is_undated_byline(page: Reading, number: int, line: str) -> bool:
    """Whether a line names the author without a date.

    It is a desk, `By Amar Birch`, or the e-paper's capitals with a sentence below them.
    """
    if len(line) > _MAX_UNDATED or line == page.section:
        return False
    is_capitals = False
    if not (is_desk(line) or is_written_by(line)):
        is_capitals = is_capitals_byline(line)
        if not is_capitals:
            return False
    following = page.next_text(number + 1)
    if following >= len(page.lines):
        return False
    if not is_capitals:
        return True
    after = page.text(following)
    if number in page.glued:
        return True
    if page.next_text(0) == number:
        return not page.after_board and ends_sentence(after)
    # The headline above must not be in capitals itself.
    return split_dateline(after)[0] is not None and _follows_headline(page, number)


def _follows_headline(page: Reading, number: int) -> bool:
    above = next((line for line in reversed(page.lines[:number]) if line.strip()), "")
    return bool(above) and not above.isupper()
