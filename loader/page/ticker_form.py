"""Bring ticker lines of unusual form into the usual one, before a text is split into lines.

Programs that extract, convert or decode a page change its blanks, arrows, digits and minus signs,
join its lines, or put each cell on a line of its own. A line is changed only if all its parts are
certain: symbol, price, direction word, change and percentage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from loader.page.board import AMOUNT, SYMBOL, parse_line

_UP = "▲↑⇑⇧⬆△▴▵⏶⯅🔺⮝🡅🠕🔼↗"
_DOWN = "▼↓⇓⇩⬇▽▾▿⏷⯆🔻⮟🡇🠗🔽↘"
# Arrows that were lost: read in a wrong charset (whose dash `_PLAIN` has changed by then), left as
# an entity, or replaced by a question mark.
_LOST = (
    r"â-?[²¼]|[?\ufffd]{1,3}"
    r"|&(?:#96(?:50|60)|#x25[bB][2cC]|[ud]trif|black(?:up|down)?triangle(?:down)?);"
)
_MINUS = "\u2010\u2011\u2012\u2013\u2014\u2212\u2796\ufe63\uff0d"
# Fillers of Hangul and Braille: blanks to the eye, letters to Unicode.
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
_ZEROS = "\u0660\u06f0\u0966\uff10"
# One character for one character, so that positions stay the same.
_PLAIN = str.maketrans(
    {chr(ord(zero) + digit): str(digit) for zero in _ZEROS for digit in range(10)}
    | dict.fromkeys(_UP, "▲")
    | dict.fromkeys(_DOWN, "▼")
    | dict.fromkeys(_MINUS, "-")
    | dict.fromkeys(_FILLERS, " ")
    | {"٪": "%", "﹪": "%", "％": "%", "（": "(", "）": ")", "＋": "+"}
    | {"٫": ".", "٬": ",", "．": ".", "，": ","}
)

_GAP = r"(?:[\s|]|&nbsp;|&#160;|&#xa0;)"
_GAPS = f"{_GAP}{{1,40}}"
_MAYBE = f"{_GAP}{{0,40}}"
_QUOTE = re.compile(
    rf"(?<![\w.&$-])(?:\*\*|\[)?(?P<symbol>{SYMBOL})(?:\]\([^()\s]{{1,300}}\))?(?:\*\*)?:?{_GAPS}"
    rf"(?P<price>{AMOUNT}){_GAPS}"
    rf"(?i:(?P<word>increased{_GAPS}by|decreased{_GAPS}by|no{_GAPS}change|unchanged)){_MAYBE}"
    rf"(?P<arrow>[▲▼]|{_LOST})?{_MAYBE}(?P<change>[-+]?{_GAP}?{AMOUNT}){_MAYBE}"
    rf"\({_MAYBE}(?P<percent>[-+]?{_GAP}?\d{{1,6}}(?:\.\d{{1,2}})?){_MAYBE}%{_MAYBE}\)",
    re.ASCII,
)
_WORDS = {"i": "Increased By", "d": "Decreased By", "n": "No Change", "u": "No Change"}
# A move as tickers print it, in a text in lower case: most texts have none, and are left at once.
_MOVE = re.compile(
    r"(?:creased(?:[\s|]|&nbsp;|&#160;){1,40}by|change|unchanged)[^(（]{0,120}[(（][^()（）]{0,60}[%٪﹪％]"
)
# Between the quotes of one run, and before the first on its line: bullets and borders.
_BETWEEN = re.compile(r"(?:[\s|*•·▪‣◦-]|&nbsp;|&#160;){0,80}")
_LEAD = re.compile(r"(?:[ \t|*•·▪‣◦-]|&nbsp;|&#160;){0,40}\Z")
_MAX_LEAD = 40
_BORDER = re.compile(r"[ \t|]*")


class _Run(NamedTuple):
    """Quotes that follow each other: where they begin and end, and their usual lines."""

    start: int
    end: int
    lines: list[str]


def with_usual_ticker(text: str) -> str:
    """Return the text with every ticker line in its usual form, on a line of its own.

    Runs of quotes that already have that form stay as they are. A single quote is changed only if
    nothing else stands on its lines, or if it begins the text without beginning a sentence.
    """
    if _MOVE.search(text.lower()) is None:
        return text
    plain = text.translate(_PLAIN)
    parts: list[str] = []
    done = 0
    for run in _runs(plain):
        start, end = _with_lead(plain, run.start, done), _with_border(plain, run.end)
        is_first, is_last = _ends_line(plain, start - 1), _ends_line(plain, end)
        if len(run.lines) < 2 and not (is_first and (is_last or _opens_text(plain, start, end))):
            continue
        if is_first and is_last and _is_usual(text[start:end]):
            continue
        parts += [text[done:start].rstrip(" \t"), "" if is_first else "\n", "\n".join(run.lines)]
        parts.append("" if is_last else "\n")
        done = end if is_last else end + len(text[end:]) - len(text[end:].lstrip(" \t"))
    return "".join([*parts, text[done:]]) if parts else text


def _runs(plain: str) -> Iterator[_Run]:
    run: _Run | None = None
    for match in _QUOTE.finditer(plain):
        line = _usual_line(match)
        if run and (gap := _BETWEEN.match(plain, run.end)) and gap.end() >= match.start():
            run = _Run(run.start, match.end(), [*run.lines, line])
            continue
        if run:
            yield run
        run = _Run(match.start(), match.end(), [line])
    if run:
        yield run


def _usual_line(match: re.Match[str]) -> str:
    word = _WORDS[match["word"][0].lower()]
    arrow = match["arrow"] or ""
    if arrow and arrow not in "▲▼":
        # The word tells which it was: a share that did not move has one that points down.
        arrow = "▲" if word == "Increased By" else "▼"
    change, percent = (_amount(match[name]) for name in ("change", "percent"))
    return " ".join(
        part
        for part in (match["symbol"], match["price"], word, arrow, change, f"({percent}%)")
        if part
    )


def _amount(text: str) -> str:
    sign = "-" if text.startswith("-") else ""
    return sign + re.sub(rf"^[-+]?{_GAP}?", "", text)


def _with_lead(plain: str, start: int, done: int) -> int:
    """Return the start of the bullet or border before a quote, if it begins the line."""
    first = max(done, start - _MAX_LEAD)
    if lead := _LEAD.search(plain, first, start):
        return lead.start() if _ends_line(plain, lead.start() - 1) else start
    return start


def _with_border(plain: str, end: int) -> int:
    border = _BORDER.match(plain, end)
    stop = border.end() if border else end
    return stop if _ends_line(plain, stop) else end


def _opens_text(plain: str, start: int, end: int) -> bool:
    """Whether a quote begins the text, and no sentence goes on after it."""
    return start == 0 and not plain[end : end + _MAX_LEAD].lstrip()[:1].islower()


def _ends_line(plain: str, position: int) -> bool:
    return position < 0 or position >= len(plain) or plain[position] == "\n"


def _is_usual(lines: str) -> bool:
    """Whether a run is ticker lines already, with single blank lines at most between them."""
    return "\n\n\n" not in re.sub(r"[ \t]+\n", "\n", lines) and all(
        parse_line(line) for line in lines.split("\n") if line.strip()
    )
