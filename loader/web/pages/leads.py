"""Find pages for a search text: symbol, company, sector, day, author, agency, article number."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from loader.page.address import canonical_address
from loader.page.dates import parse_printed
from loader.rows.credits import fold, read_credits
from loader.rows.suggest import symbol_named
from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.parameters import day as parse_day
from loader.web.pages.author import credit_path
from loader.web.render.text_format import slug
from loader.words import counted

_MOST: Final = 6
_LEAST_OF_A_NAME: Final = 3  # letters of the longest word of a name
_MOST_SECTORS: Final = 3
_LEAST_OF_A_SIGNATURE: Final = 4
_MOST_SIGNED: Final = 3
_MOST_LETTERS: Final = 100
_OF_A_SECTOR: Final = frozenset(("share", "shares", "stock", "stocks", "sector"))
_MOST_COMPANIES: Final = 4  # more indicate a common word: "oil", "bank"
_WORD = re.compile(r"[0-9a-z]+")
_NUMBER = re.compile(r"[0-9]{5,9}")
_MONTH = re.compile(r"(?P<year>(?:19|20)[0-9]{2})-(?P<month>[0-9]{2})")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
# Numeric dates as written in Pakistan, the day first.
_FIGURES = re.compile(r"(?P<day>[0-9]{1,2})[./-](?P<month>[0-9]{1,2})[./-](?P<year>[0-9]{4})")


class Lead(NamedTuple):
    """A path below the archive's pages or tables, and a description of its page."""

    title: str
    kind: str
    path: str
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class _Company:
    symbol: str
    kind: str
    name: str | None
    sector: str | None
    is_shown: bool
    former: tuple[str, ...]
    words: tuple[str, ...]

    def lead(self, asked: str) -> Lead:
        former = f", formerly {asked}" if asked in self.former else ""
        name = f", {self.name}" if self.name else ""
        return Lead(f"{self.symbol}{name}{former}", self.kind, f"/symbol/{self.symbol}")


async def find_leads(archive: ArchiveDb, words: str) -> list[Lead]:
    """Return the pages for typed words, the most certain first; empty for other words."""
    typed = " ".join(words.split())
    if not typed:
        return []
    found = [
        *await _pages(archive, typed),
        *await _days(archive, typed),
        *await _instruments(archive, typed),
        *await _credits(archive, typed),
    ]
    return found[:_MOST]


async def _pages(archive: ArchiveDb, typed: str) -> list[Lead]:
    number = int(typed) if _NUMBER.fullmatch(typed) else -1
    is_address = "/" in typed and "." in typed and " " not in typed
    address = canonical_address(typed) if is_address else None
    if number < 0 and address is None:
        return []
    asked = {"url": address.url if address else "", "number": number}
    if address and address.news_id is not None:
        asked["number"] = address.news_id
    row = await archive.row("lead_page", asked)
    return [Lead(row["title"], "article", f"/articles/{row['id']}", is_table=True)] if row else []


async def _days(archive: ArchiveDb, typed: str) -> list[Lead]:
    first, last = span_of(typed)
    if not first:
        return []
    asked = {"first": int(first.replace("-", "")), "last": int(last.replace("-", "")),
             "first_date": first, "last_date": last}  # fmt: skip
    row = await archive.row("lead_day", asked)
    if row is None or not row["days"]:
        return []
    if first == last:
        return [Lead(first, "day", f"/day/{first}")]
    title = f"{typed}, {counted(row['days'], 'day')} from {row['first']}"
    return [Lead(title, "days", f"/day/{row['first']}")]


def span_of(typed: str) -> tuple[str, str]:
    """Return first and last day of a date, a month or a year; empty texts for other input.

    >>> span_of("3 May 2024"), span_of("2024-02"), span_of("cotton")
    (('2024-05-03', '2024-05-03'), ('2024-02-01', '2024-02-29'), ('', ''))
    """
    if parse_day(typed):
        return typed, typed
    if match := _FIGURES.fullmatch(typed):
        written = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"
        return (written, written) if parse_day(written) else ("", "")
    if (match := _MONTH.fullmatch(typed)) and 1 <= int(match["month"]) <= 12:
        days = calendar.monthrange(int(match["year"]), int(match["month"]))[1]
        return f"{typed}-01", f"{typed}-{days:02}"
    if _YEAR.fullmatch(typed):
        return f"{typed}-01-01", f"{typed}-12-31"
    printed = (parse_printed(typed.title()) or "")[:10]
    return printed, printed


async def _credits(archive: ArchiveDb, typed: str) -> list[Lead]:
    """Return authors and agencies whose names are or begin with the typed words."""
    slugs = [credit.slug for credit in read_credits("byline", typed[:_MOST_LETTERS])]
    begin = fold(typed[:_MOST_LETTERS]).replace(" ", "-")
    asked = {
        "slugs": json.dumps([*slugs, begin]),
        "begin": begin if len(begin) >= _LEAST_OF_A_SIGNATURE else "",
        "limit": _MOST_SIGNED,
    }
    return [
        Lead(row["name"], row["kind"], credit_path(row["kind"], row["slug"]))
        for row in await archive.rows("lead_credits", asked)
    ]


async def _instruments(archive: ArchiveDb, typed: str) -> list[Lead]:
    async def make() -> list[_Company]:
        found = [_company(row) for row in await archive.rows("lead_instruments")]
        renamed = {symbol for each in found for symbol in each.former}
        return [each for each in found if each.symbol not in renamed]

    known = await archive.cached("lead_instruments", make)
    exact, named = _companies(known, typed)
    return [*exact, *_sectors(known, typed), *named]


def _sectors(known: list[_Company], typed: str) -> list[Lead]:
    """Return sectors whose names have words that begin with the typed ones: "cement shares"."""
    wanted = [word for word in _WORD.findall(typed.casefold()) if word not in _OF_A_SECTOR]
    if max(map(len, wanted), default=0) < _LEAST_OF_A_NAME:
        return []
    sectors = sorted({each.sector for each in known if each.sector and each.is_shown})
    found = [each for each in sectors if _begin(_WORD.findall(each.casefold()), wanted)]
    return [Lead(each.title(), "sector", f"/sector/{slug(each)}") for each in found[:_MOST_SECTORS]]


def _companies(known: list[_Company], typed: str) -> tuple[list[Lead], list[Lead]]:
    """Return instruments with the typed symbol, current or former, and those of a similar name."""
    asked = typed.upper()
    exact = [each for each in known if asked == each.symbol or asked in each.former]
    exact = exact or [each for each in known if each.symbol == symbol_named(typed)]
    wanted = _WORD.findall(typed.casefold())
    is_name = max(map(len, wanted), default=0) >= _LEAST_OF_A_NAME and "/" not in typed
    named = [
        each
        for each in known
        if each not in exact
        and (each.symbol.startswith(asked) or (is_name and _begin(each.words, wanted)))
    ]
    if len(named) > _MOST_COMPANIES:
        named = [each for each in named if each.symbol.startswith(asked)][:_MOST_COMPANIES]
    return [each.lead(asked) for each in exact], [each.lead(asked) for each in named]


def _company(row: Row) -> _Company:
    return _Company(
        row["symbol"],
        row["kind"],
        row["name"],
        row["sector"],
        bool(row["has_quotes"]),
        tuple((row["former_symbols"] or "").split()),
        tuple(_WORD.findall((row["name"] or "").casefold())),
    )


def _begin(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether words of a name begin, in order, with the typed words.

    A plural matches the singular: "banks" matches "bank".
    """
    place = 0
    for word in words:
        if place < len(wanted) and word.startswith(wanted[place].removesuffix("s")):
            place += 1
    return place == len(wanted)
