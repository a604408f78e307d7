"""Read a day's move of an index from headlines and texts.

Examples are "KSE-100 gains 530 points" and "the KSE-100 Index lost 1.21 per cent". Texts that also
state the level are better evidence, and are read by `loader.market.stated`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from loader.amounts import hundredths

_UP: Final = (
    r"up|gain(?:s|ed|ing)?|add(?:s|ed|ing)?|rise[sn]?|rose|rising|jump(?:s|ed|ing)?"
    r"|surg(?:es|ed|ing)|climb(?:s|ed|ing)?|advanc(?:es|ed|ing)|soar(?:s|ed|ing)?"
    r"|increas(?:es|ed|ing)|rall(?:ies|ied)|higher"
)
_DOWN: Final = (
    r"down|los(?:es|t|ing|s)|shed(?:s|ding)?|fall(?:s|en|ing)?|fell|drop(?:s|ped|ping)?"
    r"|declin(?:es|ed|ing|e)|plung(?:es|ed|ing)|slip(?:s|ped|ping)?|tumbl(?:es|ed|ing)"
    r"|sank|sinks|decreas(?:es|ed|ing)|div(?:es|ed)|lower"
)
_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,5}(?:\.\d{1,2})?"
_POINTS: Final = rf"(?P<points>{_NUMBER})[- ]?(?:points?|pts)\b"
_PERCENT: Final = r"(?P<percent>\d{1,2}(?:\.\d{1,2})?) ?(?:%|pc\b|per ?cent\b)"
_WORD: Final = rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b"
# Words allowed between the verb and the figure: "by", "of", "another".
_LINK: Final = r"(?: by| of| another| a further)?"
_FIRST = re.compile(rf"{_WORD}{_LINK} (?:{_POINTS}|{_PERCENT})", re.I)
_AFTER = re.compile(rf"\b(?:{_POINTS}|{_PERCENT}) {_WORD}", re.I)
_INDEX = re.compile(
    r"\b(?P<index>KSE[- ]?100|KSE[- ]?30|BR[- ]?(?:Index)?[- ]?100|BR[- ]?(?:Index)?[- ]?30|PSX)\b"
    r"(?: Index)?",
    re.I,
)
# Words beside figures that are inexact or not of one day.
_NOT_A_DAY = re.compile(
    r"\b(?:week|weekly|month|monthly|year|yearly|quarter|since|so far|record|from|against|may"
    r"|could|would|expected|target|forecast|outgoing|fiscal|intraday|intra-day|early|opening"
    r"|morning|midday|session high|over|nearly|almost|about|around|more than|less than|some"
    r"|roughly|approximately|as much as)\b",
    re.I,
)
_REACH: Final = 60  # characters between an index and its move


class Move(NamedTuple):
    """A move in hundredths of a point or a per cent, and half of its last printed digit.

    `start` and `end` are positions in the text.
    """

    symbol: str
    points: int | None
    points_slack: int | None
    percent: int | None
    percent_slack: int | None
    start: int
    end: int


def exact_moves(text: str) -> Iterator[int]:
    """Yield the moves in hundredths of a point that a text states to a tenth or better."""
    for match in (*_FIRST.finditer(text), *_AFTER.finditer(text)):
        if match["points"] and "." in match["points"]:
            yield hundredths(match["points"]) * (1 if match["up"] else -1)


def may_state_move(text: str) -> bool:
    """Return whether a text may state a move: a fast test that most texts fail."""
    return ("KSE" in text or "PSX" in text or "BR" in text) and (
        "point" in text or "pts" in text or "%" in text or "per" in text or "pc" in text
    )


def moves_in(text: str) -> Iterator[Move]:
    """Yield the daily moves of indices that a headline or a text states."""
    if not may_state_move(text):
        return
    for name in _INDEX.finditer(text):
        stop = min(name.end() + _REACH, _end_of_sentence(text, name.end()))
        match = _FIRST.search(text, name.end(), stop) or _AFTER.search(text, name.end(), stop)
        if match is None:
            continue
        between = text[name.end() : match.start()]
        if _INDEX.search(between) or _NOT_A_DAY.search(
            sentence_around(text, name.start(), match.end())
        ):
            continue
        sign = 1 if match["up"] else -1
        points, points_slack = _figure(match["points"], sign)
        percent, percent_slack = _figure(match["percent"], sign)
        yield Move(
            symbol_of(name["index"]), points, points_slack, percent, percent_slack,
            name.start(), match.end(),
        )  # fmt: skip


def _figure(text: str | None, sign: int) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    decimals = len(text.partition(".")[2])
    return sign * hundredths(text), (50, 5, 1)[decimals]


def _end_of_sentence(text: str, start: int) -> int:
    stops = [place for mark in (". ", "\n", ";") if (place := text.find(mark, start)) >= 0]
    return min(stops, default=len(text))


def sentence_around(text: str, start: int, end: int) -> str:
    """Return the sentence or sentences that contain these characters."""
    opening = max(text.rfind(". ", 0, start), text.rfind("\n", 0, start)) + 1
    stops = [place for place in (text.find(". ", end), text.find("\n", end)) if place >= 0]
    return text[opening : min(stops, default=len(text))]


def symbol_of(name: str) -> str:
    """Return `KSE100` for `KSE-100`, and for the exchange's own name."""
    plain = name.upper().replace("INDEX", "").replace("-", "").replace(" ", "")
    return "KSE100" if plain == "PSX" else plain
