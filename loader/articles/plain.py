"""Reduce texts to comparable words, ignoring marks that extraction changes.

The key of a word has no quotes, hyphens between letters, ellipses, list marks or emphasis. In it,
entities, ligatures and variants of characters are resolved. So words of two captures have different
keys only if an editor changed them.
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
# UTF-8 decoded as Windows-1252, as in some corpora.
_MISREAD: Final = re.compile("â€(?:TM|[\u0090-\u009d™œ˜“”¦])?|Â(?=[\u00a0-\u00bf]|$)")
_MISREAD_MARKS: Final = {"â€™": "'", "â€˜": "'", "â€“": "-", "â€”": "-", "â€¦": "...", "â€TM": "'"}
# The mark of truncation in some corpora.
_CUT: Final = re.compile(r"\[(?:\+?\d+ chars|\.{3}|…)\]")
# An apostrophe lost in an encoding.
_LOST: Final = re.compile(r"(?<=[^\W\d_])[\ufffd?](?=(?:s|t|d|m|ll|re|ve)\b)")
_ELLIPSIS: Final = re.compile(r"\.(?: ?\.)+")
# A hyphen is kept before a digit, as a sign or in a range; between letters it becomes a blank.
_HYPHEN: Final = re.compile(r"-+(?!\d)|(?<=[^\W\d_])-+")
_EDGES: Final = "'_#|=~"
_MAX_KNOWN: Final = 2000  # characters of a line whose words are cached
_MAX_ESCAPES: Final = 8  # an ampersand may have been escaped several times
_WORD: Final = re.compile(r"\S+")
_SENTENCE_ENDS: Final = ".!?…؟۔:;"
_CLOSING: Final = "\"'”’»)]*_"


class Line(NamedTuple):
    """A paragraph or a line in one: its words `start` to `end`, and their joined keys."""

    raw: str
    start: int
    end: int
    squeezed: str


class Plain(NamedTuple):
    """A text as lines and keys of words, each with the number of its line."""

    lines: tuple[Line, ...]
    keys: tuple[str, ...]
    line_of: tuple[int, ...]

    @property
    def squeezed(self) -> str:
        return "".join(line.squeezed for line in self.lines)

    def span(self, number: int) -> tuple[int, int]:
        """Return the span of a word in its line."""
        line = self.lines[self.line_of[number]]
        return _spans(line.raw)[number - line.start]

    def word(self, number: int) -> str:
        """Return a word as printed."""
        start, end = self.span(number)
        return self.lines[self.line_of[number]].raw[start:end]


def read_plain(text: str) -> Plain:
    """Return the lines of a text that contain words, and these words."""
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
    """The keys of a line's words, separate and joined."""

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
    """Return the positions of words with a key; a dash counts only between figures (`5 - 6`)."""
    return [
        number
        for number, key in enumerate(keys)
        if key
        and (key != "-" or _joins(keys[max(number - 1, 0) : number], keys[number + 1 : number + 2]))
    ]


@lru_cache(maxsize=8)
def _spans(raw: str) -> list[tuple[int, int]]:
    """Return the spans of the words with a key in a line."""
    matches = list(_WORD.finditer(raw))
    return [matches[number].span() for number in _with_key([word_key(m[0]) for m in matches])]


def _joins(before: list[str], after: list[str]) -> bool:
    return bool(before and after) and before[0][-1:].isdigit() and after[0][:1].isdigit()


@lru_cache(maxsize=1 << 15)
def word_key(word: str) -> str:
    """Return the key of a word; `-` for a single dash, empty for other marks."""
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
    """Return the keys of a text as one string, equal for texts that differ only by noise."""
    return "".join(_keys(raw).squeezed for raw in (text or "").splitlines())


def ends_finished(text: str) -> bool:
    """Return whether a text ends with the end of a sentence."""
    return text.rstrip().rstrip(_CLOSING)[-1:] in _SENTENCE_ENDS and not text.rstrip().endswith(
        ("...", "…")
    )
