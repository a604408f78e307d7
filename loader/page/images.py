"""Remove image names that text extraction left: alone on a line, or joined to the next word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from loader.page.byline import is_desk

# `image`, `photo2`
_WORD = r"(?:images?|img|photos?|pics?|pictures?|thumb(?:nail)?|untitled|unnamed)(?:[-_]?\d{1,4})?"
_WORDS = frozenset(
    """
    image images img photo photos pic pics picture pictures thumb thumbnail untitled unnamed
    """.split()
)
# `x-1024`, `amar_birch_400`
_NUMBERED = r"[a-z][\w-]{0,60}?[-_]\d{3,4}"
# `IMG_2034`
_UNDERSCORED = r"[A-Za-z][\w-]{0,60}?_\d{2,5}"
# `PM-1024x576`
_SIZED = r"[\w-]{0,60}?\d{3,4}x\d{2,4}"
_FILE = r"[\w-]{1,60}\.(?:jpe?g|png|gif|webp)"
_NAME = rf"(?:{_SIZED}|{_NUMBERED}|{_UNDERSCORED}|{_WORD})(?:\.(?:jpe?g|png|gif|webp))?|{_FILE}"

# Recognised only on a line of their own: `khan_1`, `birch400`.
_SHORT = r"[a-z]\w{0,60}_\d{1,5}|(?!covid)[a-z]{3,}(?:\d{3}|1024)"
TITLES = frozenset({"Image", "IMAGE", "Photo"})
_ALONE = re.compile(rf"[(\[]?(?:{_NAME}|{_SHORT}|Image|IMAGE|Photo)[)\]]?:?", re.ASCII)
_GLUED = re.compile(rf"(?:{_NAME}|(?!covid)[a-z]{{3,}}\d{{1,4}}) ?(?=[A-Z“\"‘'])", re.ASCII)
# A word right before a dateline or a desk, without a blank: `birchLAHORE: `.
_BEFORE_CAPITALS = re.compile(
    r"[a-z][a-z0-9_-]{2,40}(?=[A-Z][A-Z'.\-/, ]{1,38}[A-Z] ?: \S)", re.ASCII
)
_BEFORE_DESK = re.compile(r"[a-z][a-z0-9_-]{2,40}(?=[A-Z])", re.ASCII)
_HAS_NUMBER = re.compile(r"[-_]\d|\dx\d|\.(?:jpe?g|png)", re.ASCII)
# The shortest first word that may be an image name although it begins with a capital.
_MIN_CAPITAL = 8


class Leftovers(NamedTuple):
    """Lines without image names.

    `alone` has the numbers, in the original lines, of lines that held nothing else; `glued` the
    numbers, in `lines`, of lines to which a name was joined.
    """

    lines: list[str]
    alone: tuple[int, ...]
    glued: frozenset[int]


def without_images(lines: list[str], numbers: Iterable[int]) -> Leftovers | None:
    """Remove image names from the lines with these numbers; return None if none has one."""
    found = {n: end for n in numbers if lines[n].strip() and (end := _leftover(lines[n]))}
    if not found:
        return None
    kept: list[str] = []
    alone: list[int] = []
    glued: set[int] = set()
    for number, line in enumerate(lines):
        end = found.get(number, 0)
        if end and not line[end:].strip():
            alone.append(number)
            continue
        if end:
            glued.add(len(kept))
        kept.append(line[end:])
    return Leftovers(kept, tuple(alone), frozenset(glued))


def _leftover(line: str) -> int:
    """Return the length of an image name at the start of a line, 0 if there is none."""
    start = len(line) - len(line.lstrip())
    if start:
        end = _leftover(line[start:])
        return start + end if end else 0
    word = line.partition(" ")[0]
    if word.isdecimal():
        return 0
    if word.isalpha() and (word.islower() or word.istitle()):
        # Nearly always an ordinary word.
        if word not in _WORDS and word not in TITLES:
            return 0
    elif line[0].isupper() and (len(word) < _MIN_CAPITAL or not _HAS_NUMBER.search(word)):
        return 0
    if len(line) - len(word) <= 1 and _ALONE.fullmatch(word):
        return len(line)
    if match := _GLUED.match(line):
        return match.end()
    if match := _BEFORE_CAPITALS.match(line):
        return match.end()
    if (match := _BEFORE_DESK.match(line)) and is_desk(line[match.end() :].strip()):
        return match.end()
    return 0
