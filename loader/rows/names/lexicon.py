"""The lexicon: all spellings of instruments in newspapers, as search patterns.

Spellings have three origins: official names, shortened as in price lists and reports (`variants`),
the table `facts/spellings.csv`, and symbols. A spelling shared by two instruments is dropped
unless the table assigns it to one of them. Names of other things that begin alike
(`facts/other_names.txt`) are patterns without an instrument: the longest match wins, so that they
hide the shorter name within them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import filterfalse
from typing import Final

from ahocorasick_rs import BytesAhoCorasick, Implementation


class Weight(Enum):
    """The certainty of a spelling on its own."""

    NAME = "a name that means its company anywhere"
    WEAK = "also a word or a group: means a share only next to figures or other shares"
    SYMBOL = "a symbol or everyday abbreviation without another meaning"
    WEAK_SYMBOL = "a symbol that is also a word or another abbreviation"
    OTHER = "the name of something else"


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling of an instrument's name; `symbol` is empty for names of something else."""

    text: str
    symbol: str
    weight: Weight


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Search patterns: names ignoring case, symbols exactly."""

    names: BytesAhoCorasick
    of_names: tuple[Spelling, ...]
    symbols: BytesAhoCorasick
    of_symbols: tuple[Spelling, ...]
    known: frozenset[str]

    def find_names(self, lowered: str) -> list[tuple[int, int, int]]:
        """Return index, start and end of each match of `of_names` in a lower-case text."""
        return self.names.find_matches_as_indexes(_one_byte_each(lowered), overlapping=True)

    def find_symbols(self, text: str) -> list[tuple[int, int, int]]:
        """Return index, start and end of each match of `of_symbols` in a text."""
        return self.symbols.find_matches_as_indexes(_one_byte_each(text), overlapping=True)


# Everyday abbreviations that mean the share more often than anything else.
_EVERYDAY: Final = frozenset(
    "ABL AHL APL FFC FFL HBL HMB LCI MCB NBP NRL PEL PIA PPL PRL PSO TRG UBL PSMC".split()
)
# Symbols of at least four letters that are words, given names, places, foreign brands, or
# abbreviations of other organisations. Of the shorter symbols all but the everyday ones are weak.
_WEAK_SYMBOLS: Final = frozenset(
    "ADAMS ASTM BATA BEEM BELA BERG BEST BIFO BROT CASH CENI CHAS CLOUD CLOV COLG COST COTT CYAN"
    " DATM EMCO EXIDE EXTR FATIMA GAIL GAMON GATI GENP HAEL HALEON HINO HIRAT ICCI ICCT IDEAL"
    " IMAGE IREIT ISIL KASBM LEAD LEUL LINDE LIVEN LOADS LUCK MARI MEDIA MERIT META MOON MUGHAL"
    " NESTLE NEXT NICL NINA NONS OCTOPUS PACE PECO PICT POWER PREMA QUET REDCO REGAL RICL RUBY"
    " SAFE SAIF SALT SANE SELECT SEPCO SHEL SICL SIEM SILK SING SURAJ TAJT TECH TELE THAS TOWL"
    " TREET TREI UNIC UNITY WAFI WASL WAVES WYETH ZAHID ZUMA NORS SUHJ IMSL LPGL SPSL ITSL SPCL"
    " ASRL CECL FCIBL GLAT MIRKS SERF SERT STYLERS MODAM INDU TICL UVIC ARMG CSIL".split()
)
_MIN_SYMBOL: Final = 2
# Shortened names that are words, persons, places or organisations: never accepted by rule.
_NOT_BY_RULE: Final = frozenset(
    "Chenab,Hafiz,Hallmark,Image,Imperial,Loads,Media,Pace,Packages,Pakistan Stock Exchange,Power"
    ",Service,Shield,Systems,Tariq,Thal,Unity,Waves,Arif Habib,Jahangir Siddiqui,Data,Cyan,SPEL"
    ",Clover,Singer,Shell,Pak,First Capital,Diamond,Ideal,Island,Premium,Quality,Security,Standard"
    ",Century,Asia,Premier,Globe,Ravi,Regal,Supernet,Stylers,Select,Mubarak,Symmetry,Zarea,Zuma"
    ",United Brands,National Silk,Associated Services,Secure,Universal,Trust,Haleon,Exide,Linde"
    ",Beco,Goc,Pakistan,Investec,Meezan,Hoechst,Wyeth,Bata,Nestle,Abbott,Glaxosmithkline,Colgate"
    ",Burj,Archroma,Dynea,Otsuka,Berger,Gillette,Unilever,Pak Elektron (Pref),786,English,Allied"
    ",Leather Up,Capital,Orient,Popular,Wasl,Sindh,Crescent,Next,Trust Modaraba,GOC,AGP,COTT,INL"
    ",Capital Assets,International,Olympia,LSE,Nets International,Universal Network,Burshane"
    ",Media Times,Reliance,Bela,Supernet,Merit,Bilal,Fateh,Gammon,Apollo,Landmark".casefold().split(
        ","
    )
)

_LEGAL: Final = re.compile(
    r"(?:[\s,]+|(?<=\.))(?:Limited|Limted|Ltd|\(Pvt\)|\(Private\)|Private|Company|Co"
    r"|Corporation|Corp)\.?$",
    re.IGNORECASE,
)
# Abbreviations, in price lists and reports, of the words in which company names end.
_ENDINGS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Sugar Mills", ("Sugar", "Sugar Mill")),
    ("Textile Mills", ("Textile", "Textiles", "Tex", "Tex.", "Textile Mill")),
    ("Textiles", ("Textile", "Tex", "Tex.", "Textile Mills")),
    ("Textile", ("Textiles", "Tex", "Tex.", "Textile Mills")),
    ("Spinning Mills", ("Spinning", "Spin", "Spinning Mill")),
    ("Weaving Mills", ("Weaving",)),
    ("Cotton Mills", ("Cotton",)),
    ("Silk Mills", ("Silk",)),
    ("Oil Mills", ("Oil",)),
    ("Jute Mills", ("Jute",)),
    ("Woollen Mills", ("Woollen", "Woolen", "Woolen Mills")),
    ("Cement Factory", ("Cement",)),
    ("Insurance", ("Ins", "Ins.", "Insurance Co")),
    ("Life Assurance", ("Life",)),
    ("Industries", ("Ind", "Ind.", "Industry")),
    ("Chemicals", ("Chemical", "Chem")),
    ("Chemical Industries", ("Chemical", "Chemicals", "Chem Ind")),
    ("Laboratories", ("Lab", "Labs", "Laboratory")),
    ("Fibres", ("Fibre", "Fiber", "Fibers")),
    ("Fibre", ("Fibres", "Fiber", "Fibers")),
    ("Fertilizers", ("Fertilizer", "Fertiliser", "Fertilisers")),
    ("Steel Mills", ("Steel", "Steels")),
    ("Steels", ("Steel",)),
    ("Foods", ("Food",)),
    ("Food Industries", ("Foods", "Food")),
    ("Motors", ("Motor",)),
    ("Tractors", ("Tractor",)),
    ("Packages", ("Package",)),
    ("Packaging", ("Pack",)),
    ("Investment Bank", ("Inv Bank", "Inv. Bank")),
    ("Modaraba", ("Mod", "Mod.")),
    ("Power Generation", ("Power",)),
    ("Mutual Fund", ("Mutual",)),
    ("Glass Industries", ("Glass",)),
    ("Denim Mills", ("Denim",)),
    ("Cloth Mills", ("Cloth",)),
    ("Paper Products", ("Paper",)),
    ("Leasing", ("Lease",)),
    ("Castings", ("Casting",)),
    ("Automotives", ("Automotive", "Auto")),
    ("Polyester", ("Poly",)),
    ("Ceramics", ("Ceram", "Ceramic")),
    ("Papers", ("Paper",)),
    ("Cement Industries", ("Cement",)),
    ("Microfinance Bank", ("Microfinance", "Microfin", "Microfin.")),
    ("General Insurance", ("General", "Gen Ins", "Gen. Ins", "Gen.Ins")),
    ("Hospitals", ("Hospital", "Hosp")),
    ("Hotels Developers", ("Hotel", "Hotels")),
    ("Synthetics", ("Synthetic", "Synth")),
    ("Fabrics", ("Fabric", "Fab")),
    ("Wheels", ("Wheel",)),
    ("Engineering Works", ("Engineering", "Eng", "Eng.", "Engg")),
)  # fmt: skip
_RIGHTS: Final = re.compile(
    r"\((?:R|Right|Pref|PTC|B|C|S|GEM|ETF|OE|\d)?\)?$|Right|\(R\)|\(Pref\)|Pref\b|CLASS B"
    r"|^[A-Z0-9]+$"
    r"|\($|\(S$",
    re.IGNORECASE,
)


def make_lexicon(
    instruments: Iterable[tuple[str, str | None]],
    spellings: Iterable[Mapping[str, str]],
    other_names: Iterable[str],
) -> Lexicon:
    """Return the lexicon from (symbol, name) of the loader's own list and its spellings."""
    listed = [(symbol, name or "") for symbol, name in instruments]
    known = {symbol for symbol, _ in listed}
    by_text: dict[str, Spelling] = {}
    further: dict[str, Spelling] = {}
    symbols = {
        symbol: Spelling(symbol, symbol, _weight(symbol))
        for symbol in known
        if _is_searched(symbol)
    }
    for row in spellings:
        symbol = row["symbol"]
        if symbol not in known:
            continue
        for column, name_weight, symbol_weight in (
            ("spellings", Weight.NAME, Weight.SYMBOL),
            ("in_market_context", Weight.WEAK, Weight.WEAK_SYMBOL),
        ):
            for text in filter(None, row[column].split("|")):
                if _is_abbreviation(text):
                    symbols[text] = Spelling(text, symbol, symbol_weight)
                    continue
                by_text[text] = Spelling(text, symbol, name_weight)
                for form in filterfalse(_is_abbreviation, _written(text)):
                    further.setdefault(form, Spelling(form, symbol, name_weight))
    for text in other_names:
        by_text[text] = Spelling(text, "", Weight.OTHER)
    for text, found in further.items():
        by_text.setdefault(text, found)
    for found in _by_rule(listed):
        by_text.setdefault(found.text, found)
    names: dict[str, Spelling] = {}
    for spelling in by_text.values():
        names.setdefault(spelling.text.lower(), spelling)
    of_names, of_symbols = tuple(names.values()), tuple(symbols.values())
    return Lexicon(
        _automaton(text.lower() for text in names),
        of_names,
        _automaton(found.text for found in of_symbols),
        of_symbols,
        frozenset(known),
    )


def _automaton(texts: Iterable[str]) -> BytesAhoCorasick:
    patterns = [_one_byte_each(text) for text in texts]
    return BytesAhoCorasick(patterns, implementation=Implementation.DFA)


def _one_byte_each(text: str) -> bytes:
    """Return a text encoded with one byte for each character, so that offsets stay the same.

    Characters beyond Latin-1 become question marks; no spelling has either. Converting offsets
    from UTF-8 would take a third of a search.
    """
    return text.encode("latin-1", "replace")


def variants(name: str) -> Iterator[str]:
    """Yield the forms of an official name: whole, without legal endings, abbreviated.

    `The Hub Power Company Limited` yields `Hub Power Company Limited` ... `Hub Power`.
    """
    whole = name.strip().removeprefix("The ").rstrip(".")
    forms = dict.fromkeys([whole])
    short = whole
    while (shorter := _LEGAL.sub("", short).rstrip(" ,&")) != short:
        short = shorter
        forms[short] = None
    for ending, others in _ENDINGS:
        if short.endswith(f" {ending}"):
            stem = short[: -len(ending)]
            forms.update(dict.fromkeys(stem + other for other in others))
    for form in forms:
        yield from _written(form)


def _written(form: str) -> Iterator[str]:
    """Yield the spellings of one form.

    They have `and` for `&`, `Pak` for `Pakistan`, and initials with or without stops and blanks.
    """
    yield form
    for pattern, other in _EXCHANGES:
        if (changed := pattern.sub(other, form)) != form:
            yield changed.strip()
    if match := _INITIALS.match(form):
        letters = re.sub(r"[. ]", "", match[0])
        rest = form[match.end() :].strip()
        for initials in (letters, ".".join(letters) + ".", ". ".join(letters) + "."):
            yield f"{initials} {rest}"
        yield f"{'.'.join(letters)}.{rest}"


_INITIALS: Final = re.compile(r"(?:[A-Z]\. ?)+(?=[A-Z][a-z])")
_EXCHANGES: Final = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (r" & ", " and "),
        (r" and ", " & "),
        (r"\bLimited$", "Ltd"),
        (r"\(Pakistan\)", "Pakistan"),
        (r" \(Pakistan\)$", " Pak"),
        (r" Pakistan$", " Pak"),
        (r" Pakistan$", " (Pak)"),
        (r"^Pakistan ", "Pak "),
        (r"^Pak ", "Pakistan "),
        (r"^Pak ", "Pak-"),
        (r"\bAl-", "Al "),
        (r"\.(?=\S)", ". "),
        (r"\. ", "."),
        (r"\. ?", ""),
    )
)


def _by_rule(listed: Iterable[tuple[str, str]]) -> Iterator[Spelling]:
    """Yield the spellings derived from official names that belong to a single symbol."""
    owners: dict[str, set[str]] = {}
    texts: dict[str, str] = {}
    for symbol, name in listed:
        if not name or _is_right(symbol, name):
            continue
        for text in variants(name):
            if len(text) > 3 and text.casefold() not in _NOT_BY_RULE and text != symbol:
                owners.setdefault(text.casefold(), set()).add(symbol)
                texts.setdefault(text.casefold(), text)
    for folded, symbols in owners.items():
        if len(symbols) == 1:
            yield Spelling(texts[folded], next(iter(symbols)), Weight.NAME)


def _is_right(symbol: str, name: str) -> bool:
    """Whether the row is a right, a preference share or the like, with its company's name."""
    return bool(_RIGHTS.search(name)) or symbol.endswith(("R1", "R2", "PS", "CPS", "NV"))


def _is_abbreviation(text: str) -> bool:
    return text.isupper() and " " not in text and text.replace("-", "").isalnum()


def _is_searched(symbol: str) -> bool:
    return len(symbol) > _MIN_SYMBOL and not symbol.isdigit() and symbol != "PSX"


def _weight(symbol: str) -> Weight:
    if symbol in _WEAK_SYMBOLS or (len(symbol) <= 3 and symbol not in _EVERYDAY):
        return Weight.WEAK_SYMBOL
    return Weight.SYMBOL
