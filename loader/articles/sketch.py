"""Compute sketches: a few numbers of each text, some of which similar texts share.

A sketch has the smallest hashes of the first words after full stops and commas, and of runs of
digits, which distinguish the issues of a daily table. A text that keeps half of another keeps about
half of its numbers. No library is used, since stored numbers must never change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final
from zlib import crc32

from loader.translate import translate

MIN_WORDS: Final = 15
"""Minimum number of words of a text with a sketch; copies of shorter texts are not found."""
_RUN: Final = 6
_FEW, _MOST = 6, 10
# Texts up to this length have few stops, so runs of words at any position are used too.
_SHORT_WORDS: Final = 60
_RUNS_OF_SHORT: Final = 6
# Digits are split at each of these. Pieces long enough to be rare are used, up to a number.
_CUT: Final = b"7"
_LONG: Final = 8
_MOST_PIECES: Final = 2
# Converts the range from 0 to 2**32 to four signed bytes in SQLite.
_OFFSET: Final = 1 << 31

# Which sign of these stands at a place makes no difference; ASCII is searched a fifth faster.
_QUOTES: Final = dict.fromkeys("‘’“”–—", "'")
_DATELINE: Final = re.compile(r"[^a-z:]{2,42}:\s+")
_WORD: Final = re.compile(r"\w+")
# One match of the first words takes a quarter of the time of a list of matches.
_FIRST: Final = re.compile(
    r"\W*(\w+)" + r"\W+(\w+)" * (_RUN - 1) + rf"(?:\W+\w+){{{MIN_WORDS - _RUN}}}"
)
_IS_LONG: Final = re.compile(rf"\W*(?:\w+\W+){{{_SHORT_WORDS}}}\w")
_NO_DIGITS: Final = bytes(sorted(set(range(256)) - set(b"0123456789")))
# The words after a stop are in a lookahead, since another stop may be among them. There is one
# expression for each stop, since a single character is found faster than one of several.
# Repetitions are bounded, since otherwise a text of dots would take quadratic time.
_FIRST_WORDS: Final = r"(\w+)" + r"\W{1,9}(\w+)" * (_RUN - 1)
_AFTER_STOP: Final = rf"[^\w\s]{{0,9}}\s\W{{0,9}}(?={_FIRST_WORDS})"
_STOPS: Final = tuple((stop, re.compile(re.escape(stop) + _AFTER_STOP)) for stop in ".,۔،")
# The same by tables of ASCII, which takes a fifth less time. They differ only in control
# characters, which no body has.
_ASCII_STOPS: Final = tuple(
    (stop, re.compile(after.pattern, re.ASCII)) for stop, after in _STOPS if stop.isascii()
)


def sketch(body: str) -> tuple[int, ...]:
    """Return the numbers of a text in order: 32 bits each, signed.

    They do not depend on white space, quotes and the dateline. A text of fewer words than MIN_WORDS
    has none.
    """
    text = translate(body, _QUOTES)
    text = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()
    if dateline := _DATELINE.match(text):
        text = text[dateline.end() :]
    text = text.lower()
    first = _FIRST.match(text)
    if first is None:
        return ()
    last = _WORD.findall(" ".join(text.rsplit(None, MIN_WORDS)[-_RUN:]))
    words = {_hash(first.groups()), _hash(last[-_RUN:])}
    for stop, after in _ASCII_STOPS if text.isascii() else _STOPS:
        if stop in text:
            words.update(map(_hash, after.findall(text)))
    wanted = min(_MOST, max(_FEW, len(words) // 2))
    found = {*sorted(words)[:wanted], *sorted(_digits(text))[:_MOST_PIECES]}
    return tuple(sorted(found | _runs_of_short(text)))


def _runs_of_short(text: str) -> set[int]:
    """Return the smallest hashes of all runs of words of a short text; empty for longer ones."""
    if _IS_LONG.match(text):
        return set()
    words = _WORD.findall(text)
    runs = {_hash(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}
    return set(sorted(runs)[:_RUNS_OF_SHORT])


def _digits(text: str) -> Iterator[int]:
    """Yield the hashes of the long pieces in a text's digits."""
    digits = text.encode("utf-8", "surrogatepass").translate(None, _NO_DIGITS)
    return (crc32(piece) - _OFFSET for piece in digits.split(_CUT) if len(piece) >= _LONG)


def _hash(words: Iterable[str]) -> int:
    return crc32(" ".join(words).encode("utf-8", "surrogatepass")) - _OFFSET
