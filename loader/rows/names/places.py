"""Find the places in a text that match a spelling of the lexicon.

Aho-Corasick finds them over the whole lexicon; a match must be a whole word, with the capitals of
the spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from loader.rows.names.lexicon import Lexicon, Spelling

_JOINS: Final = "_&@\\"
_MARKET_SUFFIXES: Final = (".PK", ".pk", ".com", ".COM", ".BO", ".NS")
_FLAG: Final = re.compile(r"(?:X[DBR])+(?!\w)")
_SMALL_WORDS: Final = frozenset({"Of", "And", "The", "For"})


class Place(NamedTuple):
    """A place in a normalised text that matches a spelling."""

    start: int
    end: int
    spelling: Spelling


def find_names(text: str, lexicon: Lexicon) -> Iterator[Place]:
    """Yield the places of company names, in any order."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    for index, start, end in lexicon.find_names(lowered):
        if _is_whole(text, start, end):
            spelling = lexicon.of_names[index]
            if _has_capitals(spelling.text, text[start:end]):
                yield Place(start, end, spelling)


def find_symbols(text: str, lexicon: Lexicon) -> Iterator[Place]:
    """Yield the places of symbols, in any order."""
    for index, start, end in lexicon.find_symbols(text):
        if _is_whole(text, start, end) and not text.startswith(_MARKET_SUFFIXES, end):
            yield Place(start, end, lexicon.of_symbols[index])


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a place is a whole word, not part of a longer one."""
    if start:
        before = text[start - 1]
        if before.isalnum() or before in _JOINS:
            return False
        if before == "-" and not (
            start > 2 and text[start - 2].isalpha() and text[start - 3].isalpha()
        ):
            return False
        if before == "/" and not _ends_name(text, start - 1):
            return False
        if (
            before == "."
            and start > 1
            and text[start - 2].isalnum()
            and text[start - 3 : start - 2] in ("", " ", ".")
        ):
            return False
    if end < len(text):
        after = text[end]
        if after.isalnum():
            return bool(_FLAG.match(text, end))
        if after == "_" or (after == "&" and text[end + 1 : end + 2].isalnum()):
            return False
        if after == "-" and text[end + 1 : end + 2].isdigit():
            return False
    return True


def _ends_name(text: str, place: int) -> bool:
    """Whether a name may end here: in `OGDC/PPL`, but not in an address."""
    before = text[place - 1 : place]
    return before.isupper() or before in (")", " ")


def _has_capitals(spelling: str, found: str) -> bool:
    """Whether words are capitalised as in the spelling, and abbreviations are in capitals."""
    if spelling == found:
        return True
    pairs = list(zip(spelling.split(" "), found.split(" "), strict=True))
    for wanted, word in pairs:
        if wanted[:1].isupper() and not word[:1].isupper() and wanted not in _SMALL_WORDS:
            return False
        if len(pairs) == 1 and wanted.isupper() and 1 < len(wanted) < 6 and not word.isupper():
            return False
    return True
