"""The Covid counter of pages from May to September 2021 (FORMAT.md section 3).

The count of the day is glued to `24hr`: `1,23424hr` is 1,234 in 24 hours.
"""

from __future__ import annotations

import re

from loader.model import CovidCounter

_TITLE = "Coronavirus"
_PROVINCES = frozenset(
    {"Sindh", "Punjab", "Balochistan", "Islamabad", "KPK", "GB", "AJK", "Gilgit Baltistan"}
)
_LEVEL = re.compile(r"(?:(?:VERY )?HIGH|MEDIUM|LOW|MODERATE)?\s*Source: covid\.gov\.pk")
_HEADING = re.compile(r"Pakistan (?P<what>Deaths|Cases|Recovered|Recoveries|Tests)")
_COUNT = re.compile(r"\d{1,3}(?:,\d{3})*|\d{1,9}", re.ASCII)
_DAY_COUNT = re.compile(r"(?P<count>\d{1,3}(?:,\d{3})*|\d{1,9}) ?24 ?hrs?", re.ASCII)
_POSITIVITY = re.compile(r"(?P<percent>\d{1,3}(?:\.\d{1,2})?) ?% positivity", re.ASCII)
_PAIR = re.compile(r"(?P<place>[A-Z][A-Za-z ]{1,20}?) (?P<count>\d{1,3}(?:,\d{3})*)", re.ASCII)


def read_covid(lines: list[str], start: int) -> tuple[CovidCounter, int] | None:
    """The counter that begins on line `start`, and the line after it; None when none does."""
    if lines[start].strip() != _TITLE:
        return None
    counts: dict[str, int] = {}
    provinces: list[tuple[str, int]] = []
    positivity: str | None = None
    heading: str | None = None
    end = number = start + 1
    while number < len(lines):
        line = lines[number].strip()
        number += 1
        if not line:
            continue
        if match := _HEADING.fullmatch(line):
            heading = match["what"].lower()
        elif match := _DAY_COUNT.fullmatch(line):
            if heading:
                counts.setdefault(f"{heading}_24h", _whole(match["count"]))
        elif match := _POSITIVITY.fullmatch(line):
            positivity, heading = match["percent"], None
        elif line in _PROVINCES:
            heading = line
        elif _COUNT.fullmatch(line):
            if heading in _PROVINCES:
                provinces.append((heading, _whole(line)))
            elif heading:
                counts.setdefault(heading, _whole(line))
        elif (match := _PAIR.fullmatch(line)) and match["place"] in _PROVINCES:
            provinces.append((match["place"], _whole(match["count"])))
        elif not _LEVEL.fullmatch(line):
            break
        end = number
    counter = CovidCounter(
        deaths=counts.get("deaths"),
        deaths_24h=counts.get("deaths_24h"),
        cases=counts.get("cases"),
        cases_24h=counts.get("cases_24h"),
        positivity=positivity,
        provinces=tuple(provinces),
    )
    return counter, end


def _whole(text: str) -> int:
    return int(text.replace(",", ""))
