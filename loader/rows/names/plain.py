"""Normalise punctuation and blanks of a text, and map spans back to the original."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from loader.translate import translate

_SIGNS: Final = {
    **dict.fromkeys("‘’ʼ´", "'"),
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("‐‑‒–—−", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f", " "),
    "\u2215": "/",
    "：": ":",
}
# Direction marks, soft hyphens and joiners, which are invisible and occur within names too; and
# repeated blanks.
_MARKS: Final = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_UNSEEN: Final = re.compile(f"{_MARKS.pattern}|(?<= ) +")


@dataclass(frozen=True, slots=True)
class Plain:
    """A normalised text; `cuts` are (position, number of characters removed before it)."""

    text: str
    cuts: tuple[tuple[int, int], ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text for a span of this one."""
        if not self.cuts:
            return start, end
        return self._back(start), self._back(end - 1) + 1

    def _back(self, place: int) -> int:
        index = bisect_right(self.cuts, (place, sys.maxsize))
        return place + (self.cuts[index - 1][1] if index else 0)


def plain_text(text: str) -> Plain:
    """Return a text with plain quotes, dashes and blanks, without invisible characters."""
    plain = text.replace("\t", " ")
    if not text.isascii():
        plain = translate(plain, _SIGNS).replace("`", "'")
    if "  " not in plain and (plain.isascii() or not _MARKS.search(plain)):
        return Plain(plain)
    pieces, cuts, last, out = [], [], 0, 0
    for match in _UNSEEN.finditer(plain):
        pieces.append(plain[last : match.start()])
        last = match.end()
        out += last - match.start()
        cuts.append((last - out, out))
    pieces.append(plain[last:])
    return Plain("".join(pieces), tuple(cuts))
