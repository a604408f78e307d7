"""Which instruments a text names, and how often: the rule of the table `mentions`.

A text names an instrument when it holds, outside a longer word,

* its symbol in capitals (`OGDC`); an index also with a hyphen or a blank before its
  number (`KSE-100`, `KSE 100 Index`); or
* the name of the company as written, without what names of companies end in
  (`Limited`, `Ltd`, `Company` ...) and without a leading `The`.

Left out, since they would mostly be wrong: symbols of one or two characters or of digits
alone, symbols that are words or common abbreviations besides (`AMBIGUOUS_SYMBOLS`),
names that are one word of daily use once shortened (`AMBIGUOUS_NAMES`), and symbols in a
line that is all in capitals, as old headlines are. A name that two symbols share names
neither. Only instruments of the loader's own
list count, never those that a board added, so that the table does not depend on the
order of loading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import ascii_uppercase, digits

# Each is the symbol of a share, but in a text rather the word, the body or the product:
# POL is petroleum, oil and lubricants; PPP a party; ICI, IMS, SPL, SLM other firms and things.
AMBIGUOUS_SYMBOLS = frozenset(
    "ARM BEST CASH COAL CORP COST DEL DOL FEM GAL GOC ICI IMAGE IML IMS LEAD LPGL MEDIA MERIT"
    " META MOON NEXT ORM PACE PAK PIF PIM PMI POL POWER PPP PSX RUBY SAFE SALT SANE SEL SING SUN"
    " TECH UNITY WAVES".split()
)
# What is left of the name is a word, a given name, a river, a desert, or the exchange itself.
AMBIGUOUS_NAMES = frozenset(
    {"Chenab", "Hafiz", "Hallmark", "Image", "Imperial", "Loads", "Media", "Pace", "Packages",
     "Pakistan Stock Exchange", "Power", "Service", "Shield", "Systems", "Tariq", "Thal", "Unity",
     "Waves"}
)  # fmt: skip
_MIN_SYMBOL = 3

# What may not stand before a word is tested behind the match: a pattern that begins with a
# class of characters is searched many times faster than one that begins with looking back.
_CAPITALS = re.compile(r"[A-Z][A-Z0-9]{2,}(?![\w&]|[.-]\w)")
_INDEX = re.compile(r"(?<![\w-])(KSE|BR|KMI)[- ]?(?:Index ?)?(100|30)(?![\d,.]*\d)")
_START = re.compile(rb"[A-Z0-9]\w*")  # of bytes: letters and digits of ASCII only
_CAPITALS_ONLY = bytes(
    ord("A") if chr(code) in ascii_uppercase + digits else ord("a") for code in range(256)
)
_INDEX_FAMILIES = ("KSE", "BR", "KMI")
_INDEX_STARTS = tuple(family.encode() for family in _INDEX_FAMILIES)
_WORD = re.compile(r"[A-Z0-9][\w&.'-]*")
_ENDINGS = re.compile(
    r"(?:\s+|,\s*)(?:Limited|Ltd\.?|\(Pvt\)|\(Private\)|Private|Company|Co\.?|Corporation|Corp\.?)$"
)


@dataclass(frozen=True, slots=True)
class Names:
    """What to look for: symbols, and shortened names by their first word.

    `starts` are the ASCII letters and digits that any of them begins with.
    """

    symbols: Mapping[str, str]
    names: Mapping[str, tuple[tuple[str, str], ...]]
    starts: frozenset[bytes]


def make_names(instruments: Iterable[tuple[str, str | None]]) -> Names:
    """From (symbol, name) of each instrument of the loader's own list."""
    symbols: dict[str, str] = {}
    names: dict[str, list[tuple[str, str]]] = {}
    for symbol, name in instruments:
        if len(symbol) >= _MIN_SYMBOL and symbol not in AMBIGUOUS_SYMBOLS:
            symbols[symbol] = symbol
        short = short_name(name or "")
        first = _WORD.match(short)
        if first and len(short) > 3 and short not in AMBIGUOUS_NAMES and short != symbol:
            names.setdefault(first[0], []).append((short, symbol))
    owners = Counter(short for group in names.values() for short, _ in group)
    # The longest first: "Ghani Global Glass" is not "Ghani Global".
    ordered = {
        first: tuple(
            sorted(
                (pair for pair in group if owners[pair[0]] == 1),
                key=lambda pair: (-len(pair[0]), pair),
            )
        )
        for first, group in names.items()
    }
    starts = frozenset(
        match[0] for word in (*symbols, *ordered) if (match := _START.match(word.encode()))
    )
    return Names(symbols, ordered, starts)


def short_name(name: str) -> str:
    """The name as texts write it: `The Hub Power Company Limited` is `Hub Power`."""
    short = name.strip().removeprefix("The ")
    while (shorter := _ENDINGS.sub("", short)) != short:
        short = shorter.rstrip(" ,&")
    return short


def find_mentions(text: str, names: Names) -> Counter[str]:
    """How often a text names each instrument, by symbol."""
    found: Counter[str] = Counter()
    if not _may_name(text, names):
        return found
    lines = text.splitlines()
    if any(line.isupper() for line in lines):
        text_of_symbols = "\n".join(line for line in lines if not line.isupper())
    else:
        text_of_symbols = text
    for symbol in _capitals(text_of_symbols):
        if symbol in names.symbols:
            found[symbol] += 1
    if any(family in text for family in _INDEX_FAMILIES):
        found.update(
            f"{match[1]}{match[2]}"
            for match in _INDEX.finditer(text)
            if match[0] not in names.symbols
        )
    _count_names(text, names, found)
    return found


def _may_name(text: str, names: Names) -> bool:
    """Whether a word begins as some name does; most texts of a corpus have none.

    Most words are in small letters: a map of where the others are, made and searched byte by
    byte, is many times faster than a pattern or a list of words.
    """
    data = text.encode("utf-8", "surrogatepass")
    capitals = data.translate(_CAPITALS_ONLY)
    place = capitals.find(b"A")
    while place >= 0:
        start = _START.match(data, place)
        if start and (start[0] in names.starts or start[0].startswith(_INDEX_STARTS)):
            return True
        place = capitals.find(b"A", start.end() if start else place + 1)
    return False


def _capitals(text: str) -> Iterator[str]:
    """Words in capitals that are no part of a longer word."""
    for match in _CAPITALS.finditer(text):
        start = match.start()
        if not start or not _joins(text[start - 1], "_&.-"):
            yield match[0]


def _count_names(text: str, names: Names, found: Counter[str]) -> None:
    position = end = 0
    while match := _WORD.search(text, position):
        start = match.start()
        if start and _joins(text[start - 1], "_&-"):
            position = start + 1
            continue
        position = match.end()
        if start < end:
            continue
        for name, symbol in names.names.get(match[0], ()):
            if text.startswith(name, start) and not _goes_on(text, start, name):
                found[symbol] += 1
                end = start + len(name)
                break


def _joins(char: str, others: str) -> bool:
    """Whether a character before a word makes it the end of a longer one."""
    return char.isalnum() or char in others


def _goes_on(text: str, start: int, name: str) -> bool:
    """Whether the word goes on after the name, as in `Meezan Banking`."""
    following = text[start + len(name) : start + len(name) + 1]
    return following.isalnum() or following == "_"
