"""A sentence of a market report as subjects and numbers, in order."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from loader.market.values.vocabulary import (
    FUTURE_CONTRACT,
    OTHER_SUBJECT,
    PLAIN_CAPITALS,
    RIGHTS,
    SECTOR_INDEX,
)

Kind = Literal["price", "percent", "volume", "points", "bare"]
INDICES: Final = frozenset({"KSE100", "KSE30", "BR100", "BR30", "KMI30", "ALLSHR", "KMIALLSHR"})


class Named(NamedTuple):
    """A place of a text that names an instrument."""

    start: int
    end: int
    symbol: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Something of which values may be said; without symbol it is none that is looked for."""

    start: int
    end: int
    symbol: str | None


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit; `value` in hundredths of it, also of a share."""

    start: int
    end: int
    kind: Kind
    value: int
    sign: str
    has_unit: bool = True


_AMOUNT: Final = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALES: Final = {
    "": 1, "thousand": 1_000, "k": 1_000, "lakh": 100_000, "million": 1_000_000, "mn": 1_000_000,
    "m": 1_000_000, "mln": 1_000_000, "billion": 1_000_000_000, "bn": 1_000_000_000,
    "b": 1_000_000_000,
}  # fmt: skip
_SCALE: Final = r"(?:million|mn|mln|m|billion|bn|b|thousand|k|lakh)"
_NUMBER: Final = re.compile(
    rf"(?P<skip>\$ ?(?:{_AMOUNT})|\b\d{{1,2}}[:.]\d\d ?[ap]\.?m\b|\b(?:19|20)\d\d-\d\d\b)"
    rf"|\b(?:Rs|Re|PKR|Rupees?)\.? ?(?P<psign>[+-]?)(?P<price>{_AMOUNT})(?P<pscale> ?{_SCALE}\b"
    rf"| ?trillion)?(?:/-)?"
    rf"|(?P<sign>(?<![\w.])[+-])?(?<![\w.,])(?P<amount>{_AMOUNT})(?:"
    rf" ?(?P<percent>%|pc\b|per ?cent\b|percentage\b(?! point))"
    rf"|(?P<points> ?(?:points?|pts)\b)"
    rf"|(?P<paisa> ?(?:paisa|paise|paisas)\b)"
    rf"|(?P<vscale>[ -]?{_SCALE}\b)?(?P<shares> ?(?:shares|scrips)\b)?"
    rf")(?![\d])",
    re.IGNORECASE,
)
_OWN_VOLUME: Final = re.compile(r"'s (?:volumes?|turnover|trading activity)$")
_MONEY: Final = re.compile(r"(?:Rs|Re|PKR)\.?\d")
_CAPITALS: Final = re.compile(
    r"\b[A-Z][\w&.'-]*(?: ?\([A-Z]\w*\))?(?: (?:of |and |& )?[A-Z(][\w&.'()-]*)*"
)


_SENTENCE_END: Final = re.compile(
    r"\n+"
    r"|[.!?][\"')]*(?<!\bRs\.)(?<!\bRe\.)(?<!\bLtd\.)(?<!\bCo\.)(?<!\bInd\.)(?<!\bTex\.)(?<!\bInt\.)"
    r"(?<!\bPak\.)(?<!\bCorp\.)(?<!\bFert\.)(?<!\bvs\.)(?<!\bNo\.)(?<!\b[A-Z]\.)(?<!\bEng\.)"
    r" +(?=[A-Z\"'(])"
)
_SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2009\u202f\t", " "),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("‘’", "'"),
    }
)


def plain(text: str) -> str:
    """Return a text of the same length with plain blanks, dashes and quotes."""
    return text.translate(_SIGNS)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of a text."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if text[start : match.start()].strip():
            yield start, match.start() + 1
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def with_plain_index(text: str, named: Sequence[Named]) -> list[Named]:
    """Return the names with "the 100-index", which agencies write for KSE100, and "the benchmark
    index" of a text that has named it.
    """
    is_benchmark = any(place.symbol == "KSE100" for place in named)
    ends = [place.end for place in named]
    more = []
    for match in _PLAIN_INDEX.finditer(text):
        after = bisect_right(ends, match.start())  # the first name that ends beyond it
        is_free = after == len(named) or named[after].start >= match.end()
        if is_free and (match["plain"] or is_benchmark):
            more.append(Named(match.start(), match.end(), "KSE100"))
    return sorted([*named, *more])


_PLAIN_INDEX: Final = re.compile(
    r"(?P<plain>\b(?:[Bb]enchmark )?(?:KSE )?100[- ][Ii]ndex\b|\b100 [Ss]hares? [Ii]ndex\b)"
    r"|\bbenchmark (?:share )?index\b"
)


def numbers(text: str, start: int, end: int) -> Iterator[Number]:
    """Yield the numbers of a sentence, but amounts of millions of rupees, times and years."""
    for match in _NUMBER.finditer(text, start, end):
        if match["skip"]:
            continue
        if match["price"]:
            if not match["pscale"]:
                yield Number(
                    match.start(), match.end("price"), "price", _hundredths(match["price"]),
                    match["psign"],
                )  # fmt: skip
            continue
        amount, sign = match["amount"], match["sign"] or ""
        place = (match.start(), match.end())
        if match["percent"]:
            yield Number(*place, "percent", _hundredths(amount), sign)
        elif match["points"]:
            yield Number(*place, "points", _hundredths(amount), sign)
        elif match["paisa"]:
            yield Number(*place, "price", _hundredths(amount) // 100, sign)
        elif match["shares"] or match["vscale"]:
            scale = (match["vscale"] or "").strip(" -").lower()
            value = _hundredths(amount, 9) * _SCALES[scale] // 10**7
            yield Number(*place, "volume", value, sign, bool(match["shares"]))
        else:
            yield Number(*place, "bare", _hundredths(amount), sign, has_unit=False)


def _hundredths(amount: str, decimals: int = 2) -> int:
    """Return a printed amount in hundredths, or smaller parts; further decimals are cut."""
    whole, _, rest = amount.replace(",", "").partition(".")
    return int(whole + (rest + "0" * decimals)[:decimals])


def subjects(
    text: str, start: int, end: int, named: Sequence[Named], opening: int
) -> Iterator[Subject]:
    """Yield what a sentence speaks of: instruments, and other things that take their place.

    `opening` is where the first word of the sentence ends: its capital tells nothing.
    """
    taken: list[tuple[int, int]] = []
    for place in named:
        stop = place.end
        symbol: str | None = place.symbol
        if RIGHTS.match(text, stop) or FUTURE_CONTRACT.match(text, stop):
            symbol = None
        taken.append((place.start, stop))
        yield Subject(place.start, stop, symbol)
    for pattern in (SECTOR_INDEX, OTHER_SUBJECT):
        for match in pattern.finditer(text, start, end):
            if _OWN_VOLUME.search(text, max(start, match.start() - 3), match.end()):
                continue
            if not _overlaps(match.start(), match.end(), taken):
                taken.append((match.start(), match.end()))
                yield Subject(match.start(), match.end(), None)
    for match in _CAPITALS.finditer(text, start, end):
        words = re.split(r"[ ()]+", match[0].strip(" ()"))
        unknown = [word for word in words if word.strip(".,'").casefold() not in PLAIN_CAPITALS]
        if not unknown or (match.start() < opening and len(words) == 1):
            continue
        if _MONEY.match(match[0]):
            continue
        if not _overlaps(match.start(), match.end(), taken) and not match[0].isdigit():
            yield Subject(match.start(), match.end(), None)


def _overlaps(start: int, end: int, places: Sequence[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in places)
