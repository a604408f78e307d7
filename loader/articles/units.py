"""Split a text into units of folded words, in which values are marked.

A unit is a sentence, or a line that is not one (a row of a table, a subheading). Its values are
figures, days, months and names, which differ between issues of a daily table or a template.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from types import MappingProxyType
from typing import Final, NamedTuple

MOST_CHARACTERS: Final = 60_000
"""Maximum length of a text for comparison; the rest is ignored."""

_LONGEST: Final = 100  # words of a unit
_END_CHARACTERS: Final = 20

_DATELINE: Final = re.compile(
    r"\s*[A-Z][A-Z'’.\-/ ]{2,40}(?:[,(][^:—–\n]{0,40}?)?\s*(?::|[—–]| -)\s+(?=\S)"
)
_SENTENCES: Final = re.compile(r"(?<=[.!?۔؟…\"”’)])\s+(?=[\"“‘'(\[]*[^\Wa-z_])")
_TOKEN: Final = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)?")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d)")
_ENDS: Final = re.compile(r"[.!?۔؟…:;][\"”’')\]]*\Z")
_CUT: Final = re.compile(r"(?:\.\.\.|…)[\"”’')\]]*\Z")
# Artefacts of extraction anywhere in a text.
_NOISE: Final = re.compile(
    r"\W*(?:copyright\b|\(c\)|all rights reserved|published in\b|read (?:more|also|next)\b|"
    r"also read\b|see also\b|related\b.{0,20}:|follow us\b|comments?\b\W*\Z|read comments|"
    r"comments are closed|\d+ characters|subscribe\b|share this\b|click here\b|"
    r"\(?(?:additional )?(?:reporting|writing|editing) by\b|(?:file )?(?:photo|picture|image)s?\b"
    r"(?: by| courtesy|\W|\Z)|with (?:additional )?inputs? from\b|"
    r"(?:last )?(?:published|updated|posted)\b.{0,30}\d|story continues\b|\d+ (?:views|shares)\b|"
    r"the (?:writer|author) (?:is|can be)\b|disclaimer\b|advertisement\W*\Z|"
    r"business recorder\W*\Z)",
    re.IGNORECASE,
)
_MONTHS: Final = frozenset(
    """
    january february march april may june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec
    """.split()
)
_DAYS: Final = _MONTHS | frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
    """.split()
)
_ORDINALS: Final = frozenset("first second third fourth fifth sixth dozen".split())
_NUMBERS: Final = MappingProxyType(
    {
        word: str(number)
        for number, word in enumerate(
            """
            one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
            sixteen seventeen eighteen nineteen twenty
            """.split(),
            start=1,
        )
    }
)
# Words with several spellings.
_SAME: Final = {"per": "", "cent": "percent", "pc": "percent", "rs": "", "pkr": "", "mn": "million",
    "bn": "billion", "advisor": "adviser"}  # fmt: skip
# Words capitalised at the beginning of sentences that are not names.
_OPENERS: Final = frozenset(
    """
    the a an in on at of to for from by with as it its he she they we i you his her their our this
    that these those there here and but or if when while after before however moreover meanwhile
    also earlier later according some many most more several other another both all any no not
    since until under over during despite although though because so such what who which how why
    where once officials traders analysts investors sources reports prices shares rates total
    following details about around nearly almost roughly above below near between among inside
    outside across along behind beyond through throughout within without against towards up down
    only just even still yet already soon today yesterday tomorrow last next new old earlier later
    then thus therefore hence instead besides further furthermore additionally similarly likewise
    police people experts doctors farmers residents
    """.split()
)


class Token(NamedTuple):
    """A folded word, and whether it is a figure, a day or a name."""

    word: str
    is_figure: bool
    is_name: bool


class Unit(NamedTuple):
    """The folded words of a sentence or line.

    `is_line` is true if it does not end like a sentence, `ends_cut` if it ends with dots.
    """

    words: tuple[str, ...]
    figures: tuple[str, ...]
    names: tuple[str, ...]
    is_line: bool
    ends_cut: bool

    @property
    def weight(self) -> float:
        """The weight of its values, which would differ in another issue."""
        return min(3, len(self.figures)) + (0.5 if self.names else 0)


def units_of(body: str) -> list[Unit]:
    """Return the units of a body in order, without datelines and artefacts of extraction."""
    text = unicodedata.normalize("NFKC", body[:MOST_CHARACTERS])
    text = _DATELINE.sub("", text, count=1) if _DATELINE.match(text) else text
    return [
        unit
        for line in text.split("\n")
        for sentence in _SENTENCES.split(line)
        if sentence.strip() and not _NOISE.match(sentence)
        for unit in _units(sentence.strip())
    ]


def _units(sentence: str) -> Iterator[Unit]:
    """Yield a sentence as one unit, or as several if it is too long."""
    end = sentence[-_END_CHARACTERS:]
    is_line, ends_cut = _ENDS.search(end) is None, _CUT.search(end) is not None
    tokens = _tokens(_THOUSANDS.sub("", sentence.replace("%", " percent ")))
    while some := tuple(islice(tokens, _LONGEST)):
        yield Unit(
            tuple(token.word for token in some),
            tuple(token.word for token in some if token.is_figure),
            tuple(token.word for token in some if token.is_name),
            is_line,
            ends_cut,
        )


def _tokens(sentence: str) -> Iterator[Token]:
    """Yield the folded words of a sentence; a day of a month becomes `day 5`, not a number."""
    before: Token | None = None
    for token in _plain_tokens(sentence):
        if before is not None:
            if token.word in _MONTHS and _is_day_number(before.word):
                before = before._replace(word=f"day {before.word}")
            elif before.word in _MONTHS and _is_day_number(token.word):
                token = token._replace(word=f"day {token.word}")
            yield before
        before = token
    if before is not None:
        yield before


def _is_day_number(word: str) -> bool:
    return word.isdecimal() and 1 <= int(word) <= 31


def _plain_tokens(sentence: str) -> Iterator[Token]:
    is_shouted = sentence.isupper()
    for position, match in enumerate(_TOKEN.finditer(sentence)):
        text = match.group()
        if text[0].isdecimal():
            yield Token(_number(text), True, False)
            continue
        word = text.lower().replace("’", "'").removesuffix("'s")
        word = _SAME.get(word, word)
        if not word:
            continue
        if word in _NUMBERS:
            yield Token(_NUMBERS[word], True, False)
            continue
        is_day = word in _DAYS and (word not in ("may", "march", "sun", "mar") or text[0].isupper())
        is_name = (
            not is_day
            and not is_shouted
            and text[0].isupper()
            and (position > 0 or text.isupper() or word not in _OPENERS)
        )
        yield Token(word, is_day or word in _ORDINALS, is_name)


def _number(text: str) -> str:
    """Return a number in normal form: `7.5` for both `07.50` and `٧٫٥`."""
    whole, _, part = text.partition(".")
    return f"{int(whole)}.{part}".rstrip("0").rstrip(".") if part else str(int(whole[:300]))
