"""Parse the Covid counter on pages of 2021 (docs/page-format.md).

The count of the day runs into `24hr`: `1,23424hr` is 1,234 in 24 hours. Boxes differ in their
parts and their order, so a box ends at the first line that cannot belong to one.
"""

from __future__ import annotations

import re

from loader.model import CovidCounter

_TITLES = frozenset({"coronavirus", "covid-19", "corona virus"})
_PROVINCES = frozenset(
    {
        "Sindh", "Punjab", "Balochistan", "Islamabad", "KPK", "KP", "GB", "AJK", "ICT",
        "Gilgit Baltistan", "Gilgit-Baltistan", "Khyber Pakhtunkhwa", "Azad Kashmir",
    }
)  # fmt: skip
_LEVEL = re.compile(
    r"(?:(?:VERY |EXTREMELY )?(?:HIGH|LOW|MODERATE|MEDIUM|SEVERE|CRITICAL|ELEVATED)(?: RISK)?)?"
    r" ?(?:Source ?:.{0,40})?",
    re.IGNORECASE,
)
_SITE = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,4}/?", re.IGNORECASE)
_HEADING = re.compile(
    r"(?:Pakistan )?(?:Total )?(?:Confirmed |Active )?"
    r"(?P<what>Deaths|Cases|Recovered|Recoveries|Tests|Critical)",
    re.IGNORECASE,
)
_WHOLE = r"\d{1,3}(?:,\d{3})+|\d{1,9}"
_COUNT = re.compile(_WHOLE, re.ASCII)
_DAY_COUNT = re.compile(rf"\+?(?P<count>{_WHOLE}) ?24 ?(?:hrs?|hours?|h)\.?", re.ASCII | re.I)
_POSITIVITY = re.compile(
    r"(?P<before>\d{1,3}(?:\.\d{1,2})?) ?% positivity(?: rate)?"
    r"|Positivity(?: rate)?:? (?P<after>\d{1,3}(?:\.\d{1,2})?) ?%",
    re.ASCII | re.I,
)
_PAIR = re.compile(rf"(?P<place>[A-Z][A-Za-z -]{{1,20}}?):? (?P<count>{_WHOLE})", re.ASCII)
_NAME = re.compile(r"[A-Z][A-Za-z&-]{1,14}(?: [A-Z&][A-Za-z-]{0,14}){0,2}")
# The longest unknown line that a box may hold between its first and its last count.
_MAX_UNKNOWN = 40


def read_covid(lines: list[str], start: int) -> tuple[CovidCounter, int] | None:
    """Return the counter that begins on line `start`, and the line after it; None if none does."""
    if lines[start].strip().lower() not in _TITLES:
        return None
    box = _Box()
    end = number = start + 1
    while number < len(lines):
        line = " ".join(lines[number].split())
        number += 1
        if not line:
            continue
        if box.take(line, _next(lines, number)):
            end = number
        elif not _goes_on(line, lines, number):
            break
    # A title alone is the headline of a story on the virus.
    return (box.counter(), end) if end > start + 1 else None


def _next(lines: list[str], number: int) -> str:
    """Return the line right below, empty at the end."""
    return " ".join(lines[number].split()) if number < len(lines) else ""


def _goes_on(line: str, lines: list[str], number: int) -> bool:
    """Whether an unknown line belongs to the box: it is short, and a count follows it."""
    if len(line) > _MAX_UNKNOWN:
        return False
    while number < len(lines) - 1 and not lines[number].strip():
        number += 1
    following = _next(lines, number)
    return bool(
        _HEADING.fullmatch(following)
        or _DAY_COUNT.fullmatch(following)
        or _POSITIVITY.fullmatch(following)
        or following in _PROVINCES
    )


class _Box:
    """Figures collected from the lines of a box so far."""

    __slots__ = ("_counts", "_heading", "_positivity", "_provinces")

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._provinces: list[tuple[str, int]] = []
        self._positivity: str | None = None
        self._heading: str | None = None

    def take(self, line: str, below: str) -> bool:
        """Read a line, given the one right below; return whether it belongs to the box."""
        if match := _HEADING.fullmatch(line):
            self._heading = match["what"].lower()
        elif match := _DAY_COUNT.fullmatch(line):
            if self._heading:
                self._counts.setdefault(f"{self._heading}_24h", _whole(match["count"]))
        elif match := _POSITIVITY.fullmatch(line):
            self._positivity, self._heading = match["before"] or match["after"], None
        elif line in _PROVINCES or (_NAME.fullmatch(line) and _COUNT.fullmatch(below)):
            self._heading = line
        elif _COUNT.fullmatch(line):
            self._take_count(_whole(line))
        elif match := _PAIR.fullmatch(line):
            if heading := _HEADING.fullmatch(match["place"]):
                self._heading = heading["what"].lower()
                self._take_count(_whole(match["count"]))
            elif match["place"] in _PROVINCES:
                self._provinces.append((match["place"], _whole(match["count"])))
            else:
                return False
        else:
            return bool(_LEVEL.fullmatch(line) or _SITE.fullmatch(line))
        return True

    def _take_count(self, count: int) -> None:
        if self._heading is None:
            return
        if self._heading.islower():
            self._counts.setdefault(self._heading, count)
        else:
            self._provinces.append((self._heading, count))

    def counter(self) -> CovidCounter:
        """Return the figures of the box."""
        return CovidCounter(
            deaths=self._counts.get("deaths"),
            deaths_24h=self._counts.get("deaths_24h"),
            cases=self._counts.get("cases"),
            cases_24h=self._counts.get("cases_24h"),
            positivity=self._positivity,
            provinces=tuple(self._provinces),
        )


def _whole(text: str) -> int:
    return int(text.replace(",", ""))
