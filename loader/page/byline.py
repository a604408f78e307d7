"""Parse bylines, signatures and agency marks: who wrote a text, and when it was printed.

The shapes are those of docs/page-format.md. Each function looks at a single line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from loader.page.dates import (
    BEFORE_TIME,
    DATED,
    NUMERIC,
    PRINTED,
    PRINTED_TIME,
    WEEKDAY,
    parse_printed,
)

# What a browser shows in place of a date; it depends on when the page was seen, so it is no date.
_AGO = (
    r"(?:(?:about|over|almost) )?(?:an?|\d{1,2}) (?:second|minute|hour|day|week|month|year)s? ago"
)
_PUBLISHED = rf"(?i:Publish(?:ed)?|Posted)(?i: on| date)? ?:? (?:(?P<published>{PRINTED})|{_AGO})"
_UPDATED = (
    rf"(?i:Last )?(?i:Updated?|Modified)(?i: on| date)? ?:? (?:(?P<updated>{PRINTED})|{_AGO})"
)
_LABEL = re.compile(
    r"(?:^|(?<=[\s|(]))(?:Publish(?:ed)?|Posted|Last|Updated?|Modified)\b", re.IGNORECASE
)
_LABELLED = re.compile(rf"(?:{_PUBLISHED})?(?:[ ,|(–—-]*{_UPDATED})?\)?")
# Begins with a digit or a month, so that most positions of a line are rejected at once.
_LAST_DATE = re.compile(
    rf"(?P<date>{DATED}(?:{BEFORE_TIME}{PRINTED_TIME})?|(?P<numeric>(?<![\d.:/-]){NUMERIC}))"
    r"(?P<close>\)?)\Z"
)
_WEEKDAY_BEFORE = re.compile(rf"\b{WEEKDAY}\Z")
_MAX_NAME = 80
_LAST_OF_DATE = frozenset("0123456789mMTCZ)")
_LONGEST_DATE = 48
_NAME_PARTICLES = frozenset(
    {
        "and", "bin", "bint", "ul", "ur", "de", "al", "el", "for", "of", "in", "with", "van",
        "von", "da", "la", "e",
    }
)  # fmt: skip
_AROUND_NAME = " |•-–—,:/("
_BY = re.compile(r"(?:By|BY|by):? +")

# Desks that sign texts in place of a person.
DESKS = frozenset(
    {
        "business recorder", "recorder report", "recorder review", "br web desk", "br web report",
        "web desk", "web report", "news desk", "news report", "sports desk", "monitoring desk",
        "monitoring report", "foreign desk", "city desk", "staff report", "staff reporter",
        "our correspondent", "special correspondent", "our reporter", "press release", "agencies",
        "news agencies", "br research", "aaj news", "aaj english", "editorial desk", "br report",
        "commerce reporter", "correspondent", "recorder", "recorder monitoring",
    }
)  # fmt: skip
# Names of news agencies in bylines and copyright lines.
AGENCIES = {
    "reuters": "Reuters",
    "thomson reuters": "Reuters",
    "afp": "AFP",
    "agence france-presse": "AFP",
    "app": "APP",
    "associated press of pakistan": "APP",
    "ap": "AP",
    "associated press": "AP",
    "bloomberg": "Bloomberg",
    "xinhua": "Xinhua",
    "anadolu": "Anadolu",
    "anadolu agency": "Anadolu",
    "nni": "NNI",
    "inp": "INP",
    "ppi": "PPI",
    "online": "Online",
    "internews": "INTERNEWS",
    "dpa": "dpa",
    "upi": "UPI",
    "ani": "ANI",
    "ians": "IANS",
    "tass": "TASS",
    "kyodo": "Kyodo",
    "bernama": "Bernama",
    "irna": "IRNA",
    "sana": "Sana",
    "sabah": "Sabah",
}
# Other marks at the end of paragraphs, for texts from outside the paper.
_SOURCES = {
    "pr": "PR",
    "press release": "PR",
    "agencies": "Agencies",
    "news agencies": "Agencies",
    "monitoring desk": "Monitoring Desk",
    "monitoring report": "Monitoring Report",
    "news desk": "News Desk",
    "web desk": "Web Desk",
}
_COPYRIGHT = re.compile(r"(?:Copyright|©) (?P<holder>[^,(]{2,60}?)(?: ?\([^)]*\))?(?:, ?\d{4})?")
# `...in August.-PR`, `...to come. —Agencies`, `...on Friday (APP)`.
_MARK = re.compile(
    r"(?P<before>.)\s?(?:[-–—]{1,2}\s?(?P<dashed>[A-Za-z][A-Za-z/& ]{0,28}?)"
    r"|[(\[](?P<set>[A-Za-z][A-Za-z/& ]{0,28})[)\]])[.”\"]?\Z"
)
_LONGEST_MARK = 34
_NO_MARK_ENDS = frozenset('.”"?!:’')
_ENDS = frozenset(".!?”’\"'")
# `Amar Birch (Lahore)` below a letter; `Amar Birch, Lahore` counts only in a certain letter.
_SIGNATURE = re.compile(
    r"(?:[-–—] ?)?(?P<name>[A-Z][^(),;:?!\d]{1,60}?)"
    r"(?: ?\((?P<town>[A-Z][A-Za-z’'. ,-]{1,40}|via [a-z-]+|by e-?mail)\)|, (?P<place>[A-Z][a-z]+))"
)
_SHORT_TOWNS = frozenset({"UK", "US", "USA", "UAE", "KSA", "KPK", "KP", "AJK", "GB"})


class Byline:
    """A parsed byline; dates as returned by `parse_printed`, `bad_dates` as printed."""

    __slots__ = ("bad_dates", "is_labelled", "published_at", "updated_at", "who")

    def __init__(
        self, who: str, published: str | None, updated: str | None, *, is_labelled: bool
    ) -> None:
        self.who = clean_name(who)
        # `Published` or `Updated` before the date rules out a headline that ends in a date.
        self.is_labelled = is_labelled
        self.published_at = parse_printed(published) if published else None
        self.updated_at = parse_printed(updated) if updated else None
        self.bad_dates = tuple(
            printed
            for printed, parsed in ((published, self.published_at), (updated, self.updated_at))
            if printed and parsed is None
        )


@lru_cache(maxsize=256)
def read_byline(line: str) -> Byline | None:
    """Return the byline on a line, in any shape of docs/page-format.md, or None."""
    if "|" in line and line[:1].isdigit() and (byline := _dated_first(line)):
        return byline
    # A printed date ends in a year, am, pm or a zone; this rejects most lines cheaply.
    if len(line) > 170 or not (line[-1:] in _LAST_OF_DATE or line[-2:] in ("m.", "M.", "go")):
        return None
    last = _LAST_DATE.search(line, max(0, len(line) - _LONGEST_DATE))
    is_age = line.endswith(" ago")
    if last is None and not is_age:
        return None
    for label in _LABEL.finditer(line, 0, _MAX_NAME + 20):
        if is_age and label[0].islower():  # `Fort last updated 50 years ago`
            continue
        if match := _LABELLED.fullmatch(line, label.start()):
            return _labelled(line[: label.start()], match["published"], match["updated"])
    if last is None:
        return None
    who = _WEEKDAY_BEFORE.sub("", line[: last.start()])
    if last["close"] or not (who == "" or who[-1] in " |") or not _is_name(who):
        return None
    # `Markets Print 2025-03-03` names a section.
    if last["numeric"] and not is_desk(who.strip(_AROUND_NAME)):
        return None
    return Byline(who, last["date"], None, is_labelled=False)


def _dated_first(line: str) -> Byline | None:
    """Return the byline `03 Nov, 2024 | Recorder Report`."""
    printed, _, who = (part.strip() for part in line.partition("|"))
    if not _LAST_DATE.fullmatch(printed) or not (is_desk(who) or is_person(who)):
        return None
    return Byline(who, printed, None, is_labelled=False)


def _labelled(who: str, published: str | None, updated: str | None) -> Byline:
    if published is None and (dated := _LAST_DATE.search(who.rstrip(_AROUND_NAME))):
        # `A. Writer 03 Mar, 2022 Updated 04 Mar, 2022`
        who, published = _WEEKDAY_BEFORE.sub("", who[: dated.start()]), dated["date"]
    return Byline(who, published, updated, is_labelled=True)


def clean_name(who: str) -> str | None:
    """Return the name in a byline, without `By` and the punctuation before a date."""
    return _BY.sub("", who.strip(_AROUND_NAME), count=1) or None


def _is_name(text: str) -> bool:
    words = text.split()
    return len(words) <= 7 and all(
        word[0].isupper() or word[0] in "&|(-–—•,/" or word in _NAME_PARTICLES or word == "by"
        for word in words
    )


def is_desk(line: str) -> bool:
    """Whether a line is just the name of a desk or an agency."""
    if len(line) > 40:
        return False
    name = line.casefold()
    return name in DESKS or name in AGENCIES


def is_capitals_byline(line: str) -> bool:
    """Whether a line is an e-paper byline: `RECORDER REPORT`, or a name in capitals."""
    if not line.isupper() or len(line) > 40:
        return False
    words = line.split()
    return 2 <= len(words) <= 4 and all(
        word.replace(".", "").replace("-", "").replace("'", "").isalpha() for word in words
    )


def is_written_by(line: str) -> bool:
    """Whether a line is a byline without a date: `By Amar Birch`."""
    match = _BY.match(line) if line[:2] in ("By", "BY", "by") else None
    return match is not None and is_person(line[match.end() :])


def is_person(line: str) -> bool:
    """Whether a line may be one or more names: two to seven capitalised words."""
    return (
        len(line) <= 60
        and 2 <= len(line.split()) <= 7
        and line[-1] not in ".?!:;,…"
        and not any(char.isdigit() for char in line)
        and _is_name(line)
    )


def is_signature(line: str, *, in_letter: bool) -> bool:
    """Whether a line is the name and town below a letter: `Amar Birch (Lahore)`.

    In a certain letter, `Amar Birch, Lahore` counts as well.
    """
    if len(line) > 80:
        return False
    match = _SIGNATURE.fullmatch(line)
    if match is None or not 1 <= len(match["name"].split()) <= 7 or not _is_name(match["name"]):
        return False
    town = match["town"]
    if town is None:
        return in_letter
    # Lines of topics have abbreviations of parties in brackets.
    if not town.isupper() or town in _SHORT_TOWNS:
        return True
    return line.isupper() and len(town) >= 5 and town.replace(" ", "").isalpha()


def agency_of(byline: str | None, copyright_line: str | None = None) -> str | None:
    """Return the news agency named by a byline or copyright line, in its usual spelling."""
    if byline and (agency := AGENCIES.get(byline.lower())):
        return agency
    if copyright_line and (match := _COPYRIGHT.fullmatch(copyright_line)):
        return AGENCIES.get(match["holder"].strip().lower())
    return None


def agency_mark(line: str) -> str | None:
    """Return the agency at the end of a paragraph (`.-APP`, `—Agencies`, `(PR)`), else None.

    An unknown name counts only after a full stop: `August.-Quill`.
    """
    match = _MARK.search(line[-_LONGEST_MARK:])
    if match is None:
        return None
    name = (match["dashed"] or match["set"]).strip()
    known = AGENCIES.get(name.lower()) or _SOURCES.get(name.lower())
    if match["before"] in _ENDS:
        return known or (name if match["dashed"] and name[0].isupper() and _is_name(name) else None)
    # `Associated Press of Pakistan (APP).` introduces an abbreviation.
    return known if name[0].isupper() and not (match["set"] and line[-1] == ".") else None


def only_agency(paragraphs: Iterable[str]) -> str | None:
    """Return the agency that paragraphs are marked with; None if there are none or several."""
    found: str | None = None
    for text in paragraphs:
        # `said.-APP.` is too rare to be worth a search of every paragraph.
        if text[-1] in _NO_MARK_ENDS or (mark := agency_mark(text)) is None:
            continue
        if found not in (None, mark):
            return None
        found = mark
    return found
