"""Texts as words that can be compared: without the marks that extraction alone changes.

The key of a word is what is left of it without quotes, hyphens between letters, ellipses, marks
of lists and emphasis; entities, ligatures and forms of one character are resolved. So words of two
captures differ in their keys when an editor changed them.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

_QUOTES: Final = '"“”„‟«»″‶＂〝〞'
_APOSTROPHES: Final = "'‘’‚‛`´′‵ʼʹ＇ꞌ"
_DASHES: Final = "-‐‑‒–—―−﹘﹣－⁃"
_SAME: Final = str.maketrans(
    {
        **dict.fromkeys(_QUOTES, None),
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0f", None),
        **dict.fromkeys("•▪◦●‣∙·*", None),
        "⁄": "/",
        "∕": "/",
    }
)
# UTF-8 read as Windows-1252, as some corpora keep it.
_MISREAD: Final = re.compile("â€(?:TM|[\u0090-\u009d™œ˜“”¦])?|Â(?=[\u00a0-\u00bf]|$)")
_MISREAD_MARKS: Final = {"â€™": "'", "â€˜": "'", "â€“": "-", "â€”": "-", "â€¦": "...", "â€TM": "'"}
# Of corpora that cut texts off: how much is missing.
_CUT: Final = re.compile(r"\[(?:\+?\d+ chars|\.{3}|…)\]")
# An apostrophe that an encoding lost.
_LOST: Final = re.compile(r"(?<=[^\W\d_])[\ufffd?](?=(?:s|t|d|m|ll|re|ve)\b)")
_ELLIPSIS: Final = re.compile(r"\.(?: ?\.)+")
# Kept before a digit, as a sign or within a range; between letters a hyphen is a blank.
_HYPHEN: Final = re.compile(r"-+(?!\d)|(?<=[^\W\d_])-+")
_EDGES: Final = "'_#|=~"
_MAX_KNOWN: Final = 2000  # characters of a line whose words are remembered
_MAX_ESCAPES: Final = 8  # an ampersand may be escaped again by each that passed a text on
_WORD: Final = re.compile(r"\S+")
_SENTENCE_ENDS: Final = ".!?…؟۔:;"
_CLOSING: Final = "\"'”’»)]*_"


class Line(NamedTuple):
    """A paragraph or a line of one: its words `start` to `end`, their keys without blanks."""

    raw: str
    start: int
    end: int
    squeezed: str


class Plain(NamedTuple):
    """A text as lines and the keys of its words, each with the number of its line."""

    lines: tuple[Line, ...]
    keys: tuple[str, ...]
    line_of: tuple[int, ...]

    @property
    def squeezed(self) -> str:
        return "".join(line.squeezed for line in self.lines)

    def span(self, number: int) -> tuple[int, int]:
        """Return where a word stands in its line."""
        line = self.lines[self.line_of[number]]
        return _spans(line.raw)[number - line.start]

    def word(self, number: int) -> str:
        """Return a word as it was printed."""
        start, end = self.span(number)
        return self.lines[self.line_of[number]].raw[start:end]


def read_plain(text: str) -> Plain:
    """Return the lines of a text that hold words, and these words."""
    lines: list[Line] = []
    keys: list[str] = []
    line_of: list[int] = []
    for raw in (_CUT.sub("", text) if "[" in text else text).splitlines():
        found = _known_keys(raw) if len(raw) <= _MAX_KNOWN else _keys(raw)
        if found.keys:
            start = len(keys)
            keys += found.keys
            line_of += [len(lines)] * len(found.keys)
            lines.append(Line(raw, start, len(keys), found.squeezed))
    return Plain(tuple(lines), tuple(keys), tuple(line_of))


class _Keys(NamedTuple):
    """The keys of a line's words, and all of them as one string."""

    keys: list[str]
    squeezed: str


def _keys(raw: str) -> _Keys:
    keys = list(map(word_key, raw.split()))
    if "" in keys or "-" in keys:
        keys = [keys[number] for number in _with_key(keys)]
    return _Keys(keys, "".join(keys))


# Versions of a page share most of their lines.
_known_keys: Final = lru_cache(maxsize=1024)(_keys)


def _with_key(keys: list[str]) -> list[int]:
    """Return the words that have a key; a dash alone where it joins two figures: `5 - 6`."""
    return [
        number
        for number, key in enumerate(keys)
        if key
        and (key != "-" or _joins(keys[max(number - 1, 0) : number], keys[number + 1 : number + 2]))
    ]


@lru_cache(maxsize=8)
def _spans(raw: str) -> list[tuple[int, int]]:
    """Return the places of the words of a line that have a key."""
    matches = list(_WORD.finditer(raw))
    return [matches[number].span() for number in _with_key([word_key(m[0]) for m in matches])]


def _joins(before: list[str], after: list[str]) -> bool:
    return bool(before and after) and before[0][-1:].isdigit() and after[0][:1].isdigit()


@lru_cache(maxsize=1 << 15)
def word_key(word: str) -> str:
    """Return what is compared of a word; `-` for a dash alone, empty for marks alone."""
    if word.isascii() and word.isalnum():
        return word
    for _ in range(_MAX_ESCAPES):
        if "&" in word:
            word = html.unescape(word)
    word = unicodedata.normalize("NFC", word)
    if "â" in word or "Â" in word:
        word = _MISREAD.sub(lambda match: _MISREAD_MARKS.get(match[0], ""), word)
    word = unicodedata.normalize("NFKC", word.translate(_SAME)).translate(_SAME)
    word = _LOST.sub("'", word)
    word = _ELLIPSIS.sub("", word)
    if not word.strip("-"):
        return word[:1]
    word = _HYPHEN.sub("", word)
    return "".join(word.split()).replace("''", "").strip(_EDGES)


def squeeze(text: str | None) -> str:
    """Return the keys of a text as one string, by which texts are the same but for noise."""
    return "".join(_keys(raw).squeezed for raw in (text or "").splitlines())


def ends_finished(text: str) -> bool:
    """Return whether a text ends as sentences do."""
    return text.rstrip().rstrip(_CLOSING)[-1:] in _SENTENCE_ENDS and not text.rstrip().endswith(
        ("...", "…")
    )


def sentence_starts(plain: Plain, line: Line) -> set[int]:
    """Return the words of a line at which a sentence begins, and the one after its last."""
    starts = {line.start, line.end}
    for number in range(line.start, line.end - 1):
        if ends_finished(plain.word(number)):
            starts.add(number + 1)
    return starts
