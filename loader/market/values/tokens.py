"""Split a sentence of a market report into subjects and numbers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from loader.market.values.vocabulary import (
    AND,
    FUTURE_CONTRACT,
    OTHER_SUBJECT,
    PLAIN_CAPITALS,
    RIGHTS,
    SECTOR_INDEX,
)
from loader.translate import translate

Kind = Literal["price", "percent", "volume", "points", "bare"]
INDICES: Final = frozenset({"KSE100", "KSE30", "BR100", "BR30", "KMI30", "ALLSHR", "KMIALLSHR"})


class Named(NamedTuple):
    """A span of a text that names an instrument."""

    start: int
    end: int
    symbol: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A possible subject of values; without a symbol it is not an instrument."""

    start: int
    end: int
    symbol: str | None


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit; `value` is in hundredths, even of shares."""

    start: int
    end: int
    kind: Kind
    value: int
    sign: str
    has_unit: bool = True


_AMOUNT: Final = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
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
    rf"|(?P<paisa>[ -]?(?:paisas?|paise|pasia)\b)"
    rf"|(?P<rupees> ?rupees\b)"
    rf"|(?P<vscale>[ -]?{_SCALE}\b)?(?P<shares> ?(?:shares|scrips)\b)?"
    rf")(?![\d])",
    re.IGNORECASE,
)
_MONEY_AFTER: Final = re.compile(r" ?(?:rupees|dollars|cents|US\b|U\.S)", re.IGNORECASE)
# Words before numbers that are printed without their unit.
_VOLUME_BEFORE: Final = re.compile(
    r"\b(?:volumes?|turnover|trading|trade)"
    r"(?: (?:of|was|were|at|stood at|amounted to|only|over))+ $",
    re.IGNORECASE,
)
_PRICE_AFTER: Final = re.compile(r" (?:at|@) Rs")  # `with 20,818,802 at Rs 127.61`
_PERCENT_BEFORE: Final = re.compile(r"\bpercent(?:age)? change of $", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_BEFORE_YEAR: Final = re.compile(r"\b(?:of|in|since|for|year|during|until|till|by|from) $")
_FEWEST_SHARES: Final = 100_000  # in hundredths
_LARGEST_PERCENT: Final = 10_000
_BEFORE_UNIT: Final = 30
_OWN_VOLUME: Final = re.compile(r"'s (?:volumes?|turnover|trading activity)$")
_MONEY: Final = re.compile(r"(?:Rs|Re|PKR)\.?\d")
_CAPITALS: Final = re.compile(
    r"\b[A-Z][\w&.'-]*(?: ?\([A-Z]\w*\))?(?: (?:of |and |& )?[A-Z(][\w&.'()-]*)*"
)


_SENTENCE_END: Final = re.compile(
    r"(?<!:)\n+"
    r"|[.!?][\"')]*(?<!\bRs\.)(?<!\bRe\.)(?<!\bLtd\.)(?<!\bCo\.)(?<!\bInd\.)(?<!\bTex\.)(?<!\bInt\.)"
    r"(?<!\bPak\.)(?<!\bCorp\.)(?<!\bFert\.)(?<!\bvs\.)(?<!\bNo\.)(?<!\b[A-Z]\.)(?<!\bEng\.)"
    r" +(?=[A-Z\"'(])"
    r"|(?<=[a-z]{4}[.])(?=[A-Z][a-z]+ )"  # no blank between them
)
_SIGNS: Final = {
    **dict.fromkeys("\u00a0\u2009\u202f", " "),
    **dict.fromkeys("‐‑‒–—−", "-"),
    **dict.fromkeys("‘’", "'"),
}


def plain(text: str) -> str:
    """Return a text of the same length with plain blanks, dashes and quotes.

    Line ends within sentences become blanks.
    """
    return _WRAPPED.sub(" ", translate(text, _SIGNS).replace("\t", " "))


_WRAPPED: Final = re.compile(r"(?<=[a-z,])\n(?=[a-z\d])")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of a text."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if text[start : match.start()].strip():
            yield start, match.start() + (1 if match[0] else 0)
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def with_plain_index(text: str, named: Sequence[Named]) -> list[Named]:
    """Return the names with those of indices in plain words.

    These are "the 100-index", which agencies use for KSE100, and "the benchmark index" in a text
    that names it or its exchange.
    """
    is_benchmark = any(place.symbol == "KSE100" for place in named) or bool(_EXCHANGE.search(text))
    ends = [place.end for place in named]
    more = []
    for match in _PLAIN_INDEX.finditer(text):
        after = bisect_right(ends, match.start())  # the first name that ends after it
        is_free = after == len(named) or named[after].start >= match.end()
        is_own = is_benchmark and not _FOREIGN.search(
            text, max(0, match.start() - 30), match.start()
        )
        if is_free and (match["plain"] or is_own):
            more.append(Named(match.start(), match.end(), "KSE100"))
    return sorted([*named, *more])


_EXCHANGE: Final = re.compile(
    r"\b(?:PSX|KSE|(?:Pakistan|Karachi) [Ss]tock (?:[Ee]xchange|[Mm]arket))\b"
)
# Owners of an index other than the exchange's own.
_FOREIGN: Final = re.compile(
    r"\b(?!Pakistan|Exchange|PSX|KSE|Karachi|[Bb]ourse|[Cc]ountry|[Mm]arket)\w+'s? $"
)
_PLAIN_INDEX: Final = re.compile(
    r"(?P<plain>\b(?:[Bb]enchmark )?(?:KSE )?100[- ][Ii]ndex\b|\b100[ -][Ss]hares? [Ii]ndex\b)"
    r"|\b(?:bench[- ]?mark|main|key) (?:share )?index\b"
    r"|\bKSE[- ]index\b"
    r"|\b(?:the )?market(?= (?:closed|settled|ended|finished)\b[^.,;\d]{0,30} at [\d,]+(?:\.\d+)?"
    r" ?(?:points|levels?)\b)",
    re.IGNORECASE,
)


def numbers(text: str, start: int, end: int) -> list[Number]:
    """Return the numbers of a sentence, except amounts in millions of rupees, times and years."""
    found = [
        number
        for match in _NUMBER.finditer(text, start, end)
        if (number := _number(text, start, match))
    ]
    for here in range(len(found) - 2, -1, -1):
        number, after = found[here], found[here + 1]
        if AND.fullmatch(text[number.end : after.start]):
            found[here], found[here + 1] = _alike(number, after)
    return found


def _alike(number: Number, after: Number) -> tuple[Number, Number]:
    """Return two numbers with the unit of one applied to both.

    Examples are `Re 0.39 and 0.01` and `40.6 million and 39.6 million shares`.
    """
    if {number.kind, after.kind} == {"price", "bare"}:
        return replace(number, kind="price"), replace(after, kind="price")
    if number.kind == "bare" and after.kind == "percent" and number.value < _LARGEST_PERCENT:
        return replace(number, kind="percent"), after
    if number.kind == after.kind == "volume" and after.has_unit:
        return replace(number, has_unit=True), after
    return number, after


def _number(text: str, start: int, match: re.Match[str]) -> Number | None:
    if match["skip"]:
        return None
    if match["price"]:
        if match["pscale"]:
            return None
        place = (match.start(), match.end("price"))
        return Number(*place, "price", _hundredths(match["price"]), match["psign"])
    amount, sign = match["amount"], match["sign"] or ""
    place = (match.start(), match.end())
    value = _hundredths(amount)
    if match["percent"]:
        return Number(*place, "percent", value, sign)
    if match["points"]:
        return Number(*place, "points", value, sign)
    if match["paisa"]:
        return Number(*place, "price", value // 100, sign)
    if match["rupees"]:
        return Number(*place, "price", value, sign)
    if match["shares"] or match["vscale"]:
        if _MONEY_AFTER.match(text, match.end()):
            return None
        scale = (match["vscale"] or "").strip(" -").lower()
        value = _hundredths(amount, 9) * _SCALES[scale] // 10**7
        return Number(*place, "volume", value, sign, bool(match["shares"]))
    if _MONEY_AFTER.match(text, match.end()):
        return None
    near = max(start, match.start() - _BEFORE_UNIT)
    if _YEAR.fullmatch(amount) and _BEFORE_YEAR.search(text, near, match.start()):
        return None
    if _PERCENT_BEFORE.search(text, near, match.start()):
        return Number(*place, "percent", value, sign)
    if value >= _FEWEST_SHARES and (
        _VOLUME_BEFORE.search(text, near, match.start())
        or (text.endswith(" with ", start, match.start()) and _PRICE_AFTER.match(text, match.end()))
    ):
        return Number(*place, "volume", value, sign)
    return Number(*place, "bare", value, sign, has_unit=False)


def _hundredths(amount: str, decimals: int = 2) -> int:
    """Return a printed amount in hundredths, or smaller units; further decimals are truncated."""
    whole, _, rest = amount.replace(",", "").partition(".")
    return int(whole + (rest + "0" * decimals)[:decimals])


def subjects(
    text: str, start: int, end: int, named: Sequence[Named], opening: int
) -> Iterator[Subject]:
    """Yield the subjects of a sentence: instruments, and other subjects that replace them.

    `opening` is the end of the first word, whose capital is not significant.
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
    for first, stop in _capitals(text, start, end):
        words = re.split(r"[ ()]+", text[first:stop].strip(" ()"))
        unknown = [word for word in words if _bare(word) not in PLAIN_CAPITALS]
        is_first_word = len(words) == 1 and (first < opening or text[first - 1] == "\n")
        if not unknown or (is_first_word and not text.startswith(" and ", stop)):
            continue
        if _MONEY.match(text, first):
            continue
        if not _overlaps(first, stop, taken) and not text[first:stop].isdigit():
            yield Subject(first, stop, None)


def _bare(word: str) -> str:
    return word.strip(".,'").removesuffix("'s").casefold()


def _capitals(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of capitalised names; two for `A Mills and B Mills`."""
    for match in _CAPITALS.finditer(text, start, end):
        first = match.start()
        for joint in _JOINT.finditer(text, match.start(), match.end()):
            yield first, joint.start()
            first = joint.end()
        yield first, match.end()


_JOINT: Final = re.compile(r" and ")


def _overlaps(start: int, end: int, places: Sequence[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in places)
