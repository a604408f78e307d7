"""Find mentions of instruments in the texts of an article, each with its span.

There are three passes: find places that match a spelling (`places`), keep the longest of those that
overlap, and check the words around each (`neighbours`). A text may define an abbreviation itself:
after `Pakistan Tobacco Company (PTC)`, no PTC in that text means the telephone company.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final, NamedTuple

from loader.rows.names.lexicon import Lexicon, Weight
from loader.rows.names.neighbours import (
    follows_a_name,
    is_foreign,
    is_in_market_context,
    is_of_sport,
    is_trade,
    names_something_else,
)
from loader.rows.names.places import Place, find_names, find_symbols
from loader.rows.names.plain import Plain, plain_text
from loader.rows.names.subject import TOPICS, Subject, subject_of


class Mention(NamedTuple):
    """A mention of an instrument at characters `start` to `end` of one of the given texts."""

    part: int
    start: int
    end: int
    symbol: str


@dataclass(frozen=True)
class _Part:
    """One of the texts, normalised, with its matching places."""

    plain: Plain
    places: Sequence[Place]
    shadowed: frozenset[str]  # symbols whose names are parts of names of something else

    @cached_property
    def text(self) -> str:
        return self.plain.text


_INDICES: Final = frozenset("KSE100 KSE30 BR100 BR30 KMI30 ALLSHR KMIALLSHR".split())
_LEGAL_BETWEEN: Final = re.compile(
    r"(?:,? (?:Limited|Ltd\.?|Company|Co\.?|Corporation|Corp\.?|of Pakistan|Pakistan|\(Pvt\)"
    r"|\(Private\)"
    r"|\(Pakistan\)|Mills|Industries|Factory))* ?\($"
)
_PHRASE: Final = re.compile(r"(?:(?:[A-Z][\w&.'-]*|of|and|for|the|&|in) )+\($")
_LIST_GAP: Final = re.compile(
    r"(?: (?:Ltd|Limited|Co|Corp|Pak|PA)\.?)?(?: with [\d.,]{0,9}\d)?(?: ?\([^()\n]{0,40}\))?"
    r"(?: ?[,/;&–-] ?(?:and |& )?| and | & | plus | as well as |, (?:along )?with )"
    r"(?:(?:the|in|of|by) )?$"
)
# Names made of plain words, which headlines in capitals or title case may contain by chance.
_PLAIN_NAMES: Final = frozenset(
    "power cement,air link,national foods,security papers,next capital,quality steel"
    ",international steels,international industries,international steel,image pakistan"
    ",premier sugar,united insurance,universal insurance,golden arrow,unity foods"
    ",general tyre".split(",")
)
# Single-word names, in which names of other companies end too.
_LAST_WORDS: Final = frozenset(
    "chenab hafiz hallmark image imperial loads media packages shield system systems thal united"
    " pak silk zil supernet cyan allied national universal premier".split()
)


def find_mentions(texts: Sequence[str | None], lexicon: Lexicon) -> list[Mention]:
    """Return the mentions of instruments in the texts of one article, in order."""
    return find_all_mentions([texts], lexicon)[0]


def find_all_mentions(
    articles: Sequence[Sequence[str | None]], lexicon: Lexicon
) -> list[list[Mention]]:
    """Return the mentions of instruments in the texts of each article, in order.

    Each automaton searches all texts before the next, since both do not fit into the processor's
    cache (docs/design.md).
    """
    plains = [plain_text(text or "") for texts in articles for text in texts]
    names = [list(find_names(plain.text, lexicon)) if plain.text else [] for plain in plains]
    symbols = [list(find_symbols(plain.text, lexicon)) if plain.text else [] for plain in plains]
    parts = map(_part, plains, names, symbols)
    return [_mentions(list(islice(parts, len(texts)))) for texts in articles]


def _mentions(parts: Sequence[_Part]) -> list[Mention]:
    """Return the mentions in the texts of one article."""
    if not any(part.places for part in parts):
        return []
    subject = subject_of([part.text for part in parts])
    meanings = _explained(parts)
    found = []
    for number, part in enumerate(parts):
        for place in _accepted(part, subject, meanings):
            text = part.text[place.start : place.end]
            symbol = meanings.get(text, place.spelling.symbol)
            if symbol:
                start, end = part.plain.span(place.start, place.end)
                found.append(Mention(number, start, end, symbol))
    return _as_in_body(found, parts[-1], len(parts) - 1)


def _as_in_body(found: list[Mention], body: _Part, number: int) -> list[Mention]:
    """Drop mentions in titles whose names occur in the body only as names of something else."""
    named = {mention.symbol for mention in found if mention.part == number}
    in_body = {place.spelling.symbol for place in body.places} | body.shadowed
    return [
        mention
        for mention in found
        if mention.part == number or mention.symbol in named or mention.symbol not in in_body
    ]


def _part(plain: Plain, names: list[Place], symbols: list[Place]) -> _Part:
    found = names + symbols
    places = _longest(found)
    return _Part(plain, places, _shadowed(found, places))


def _longest(places: list[Place]) -> list[Place]:
    """Drop places that overlap an earlier place, or a longer one with the same start."""
    if len(places) > 1:
        places.sort(
            key=lambda place: (place.start, -place.end, place.spelling.weight is Weight.OTHER)
        )
    kept: list[Place] = []
    for place in places:
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept


def _shadowed(found: Sequence[Place], kept: Sequence[Place]) -> frozenset[str]:
    others = {place.start: place.end for place in kept if place.spelling.weight is Weight.OTHER}
    if not others:
        return frozenset()
    starts = sorted(others)
    return frozenset(
        place.spelling.symbol
        for place in found
        if (index := bisect_right(starts, place.start))
        and place.end <= others[starts[index - 1]]
        and place.spelling.symbol
    )


def _explained(parts: Sequence[_Part]) -> dict[str, str]:
    """Return the symbols of abbreviations defined in brackets; empty for other names."""
    meanings: dict[str, str] = {}
    for part in parts:
        text = part.text
        for position, place in enumerate(part.places):
            short = text[place.start : place.end]
            if (
                place.spelling.weight not in (Weight.SYMBOL, Weight.WEAK_SYMBOL)
                or text[place.start - 1 : place.start] not in ("(", '"', "'")
                or text[place.end : place.end + 1] not in (")", '"', "'")
            ):
                continue
            meaning = _meaning(text, place, part.places[position - 1] if position else None)
            if meaning is not None:
                meanings.setdefault(short, meaning)
    return meanings


def _meaning(text: str, place: Place, previous: Place | None) -> str | None:
    """Return the symbol of the name before a bracket; empty for other names, None without one."""
    if previous and place.start - previous.end < _NEAR:
        between = text[previous.end : place.start].rstrip("\"'")
        if _LEGAL_BETWEEN.fullmatch(between):
            return "" if previous.spelling.weight is Weight.OTHER else previous.spelling.symbol
    if _initials_before(text, place).endswith(text[place.start : place.end].lower()):
        return ""
    phrase = _PHRASE.search(text[max(0, place.start - 120) : place.start].rstrip("\"'"))
    if phrase is None:
        return None
    short = text[place.start : place.end]
    words = [word for word in re.split(r"[ -]", phrase[0].rstrip("( ")) if word[:1].isupper()]
    initials = "".join(word[0] for word in words)
    if len(words) > 1 and short[0] in initials and _is_within(short, initials):
        return ""
    return None


def _initials_before(text: str, place: Place) -> str:
    """Return the initials of the words before a bracket, in lower case."""
    before = text[max(0, place.start - 120) : place.start].rstrip("\"'(").lower()
    return "".join(word[0] for word in re.findall(r"\w+", before) if word not in _JOINING)


_JOINING: Final = frozenset({"of", "and", "the", "for", "in"})


def _is_within(short: str, initials: str) -> bool:
    """Whether an abbreviation's letters are initials in order; a long one may miss one."""
    place = missed = 0
    for letter in short:
        found = initials.find(letter, place)
        if found < 0:
            missed += 1
        else:
            place = found + 1
    return missed <= (1 if len(short) > 3 else 0)


def _accepted(part: _Part, subject: Subject, meanings: dict[str, str]) -> Iterator[Place]:
    """Yield the places that mean an instrument."""
    text = part.text
    about_market = subject.is_market
    verdicts = [_verdict(part, place, subject) for place in part.places]
    for run in _runs(text, part.places):
        decided = [verdicts[index] for index in run]
        symbols = sum(part.places[i].spelling.weight is Weight.WEAK_SYMBOL for i in run)
        if True in decided or (about_market and symbols > 2):
            for index in run:
                is_long = len(part.places[index].spelling.text) > _SHORT_SYMBOL
                if verdicts[index] is None and (about_market or symbols > 1 or is_long):
                    verdicts[index] = True
    for place, verdict in zip(part.places, verdicts, strict=True):
        if verdict or (meanings.get(text[place.start : place.end]) and verdict is None):
            yield place


def _runs(text: str, places: Sequence[Place]) -> Iterator[range]:
    """Yield lists of names in sequence, as ranges of places."""
    first = 0
    for index in range(1, len(places) + 1):
        if index < len(places):
            gap = text[places[index - 1].end : places[index].start]
            if len(gap) < 60 and _LIST_GAP.fullmatch(gap):
                continue
        if index - first > 1:
            yield range(first, index)
        first = index


def _verdict(part: _Part, place: Place, subject: Subject) -> bool | None:
    """Return whether a place means its instrument; None if only a list of names can decide."""
    text, (start, end, spelling) = part.text, place
    weight = spelling.weight
    if weight is Weight.OTHER:
        return False
    if spelling.symbol in _INDICES:
        return True
    line = _line(text, start, end)
    titled = _is_titled(line)
    if names_something_else(text, start, end, titled=titled):
        return False
    is_pakistani = "pak" in spelling.text.lower()
    if not is_pakistani and is_foreign(text, start):
        return False
    if subject.may_be_sport and is_of_sport(text, start, end):
        return False
    if weight is Weight.NAME:
        return _is_sure_name(text, place, line, titled=titled)
    if weight is Weight.SYMBOL:
        return True
    if spelling.text in TOPICS:
        return spelling.text in subject.topics or None
    if weight is Weight.WEAK and not line.isupper():
        after = re.match(r" ([A-Z][a-z]\w*)", text[end : end + 40])
        if (after and not titled) or follows_a_name(text, start):
            return False
    if line.isupper() and weight is Weight.WEAK:
        return None
    return is_in_market_context(text, start, end, about_market=subject.is_market) or None


def _is_sure_name(text: str, place: Place, line: str, *, titled: bool) -> bool | None:
    name = place.spelling.text.lower()
    is_plain = name in _PLAIN_NAMES or re.fullmatch(r"pakistan \w+", name)
    if is_plain and is_trade(text, place.end):
        return False
    if name in _PLAIN_NAMES and (titled or line.isupper()):
        return True if re.match(r" (?:Ltd|Limited|LTD|LIMITED)\b", text[place.end :]) else None
    return not (
        name.split(" ")[0] in _LAST_WORDS and follows_a_name(text, place.start, at_start=True)
    )


def _line(text: str, start: int, end: int) -> str:
    """Return the line of a place, or the nearby part of a long line, to keep the time linear."""
    first, last = max(0, start - _NEAR), min(len(text), end + _NEAR)
    stop = text.find("\n", end, last)
    return text[max(text.rfind("\n", first, start) + 1, first) : stop if stop >= 0 else last]


_SHORT_SYMBOL: Final = 3  # a symbol of up to 3 letters may mean anything: POL products, BOP gap
_LONG_LINE: Final = 160
_NEAR: Final = 300


def _is_titled(line: str) -> bool:
    """Whether a line is a headline in title case."""
    if len(line) > _LONG_LINE or line.rstrip().endswith("."):
        return False
    words = [word for word in line.split() if word[0].isalpha() and len(word) > 3]
    return len(words) > 2 and sum(word[0].isupper() for word in words) > 0.7 * len(words)
