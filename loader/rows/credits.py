"""Names in a byline or in an agency's mark: people, desks, agencies.

Spellings of one name share a slug, which is also the address of its page (`/author/a-writer`,
`/agency/reuters`). Each credit keeps the printed name, too. docs/kinds.md describes the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from loader.page.byline import AGENCIES, DESKS

Place = Literal["byline", "agency"]
Kind = Literal["author", "desk", "agency"]

_MAX_PRINTED: Final = 1000  # characters; a longer value is a misplaced paragraph
_MAX_NAME: Final = 80
_MAX_WORDS: Final = 7


class Credit(NamedTuple):
    """A name within `printed`, the value of the column `place` of articles."""

    place: Place
    printed: str
    slug: str
    kind: Kind
    name: str
    position: int


# Separators of names. A strong one separates names only, so each may be a single word. A weak one
# may also separate a name from a town or an office, and brackets mostly do.
_BETWEEN: Final = re.compile(
    r"(?P<bracket>[(\[][^)\]]*[)\]]?)"
    r"|(?P<strong>&amp;|(?<!<)/|[|;؛&•·+\n]|(?<!\w)(?:and|with|اور)(?!\w))"
    r"|(?P<weak>[,،:–—]|(?<=\s)-(?=\s))",
    re.IGNORECASE,
)
_BEFORE_NAME: Final = re.compile(
    r"(?:(?:written|report|reported|reporting|edited|editing|compiled|story|text) )?"
    r"(?:by|from)\b[ :]*",
    re.IGNORECASE,
)
_OFFICES: Final = frozenset(
    {
        "adviser", "analyst", "author", "bureau", "chief", "columnist", "correspondent", "desk",
        "editor", "executive", "head", "journalist", "professor", "reporter", "writer",
    }
)  # fmt: skip
_OF_DESKS: Final = frozenset(
    {"bureau", "correspondent", "correspondents", "desk", "monitor", "report", "reporter", "team"}
)
_MAIL: Final = re.compile(r"\s*\S*@\S*\s*\Z")
_TAG: Final = re.compile(r"<[^<>]*>")
_TAGS_AROUND: Final = re.compile(r"\A(?:\s*<[^<>]*>)+|(?:<[^<>]*>\s*)+\Z")
_NEWS_AGENCY: Final = re.compile(r"\s(?:news agency|newswires?|wire)\Z")
# Agencies whose names are also names of people: in a list they count in capitals only.
_ALSO_NAMES: Final = frozenset({"ani", "irna", "online", "sabah", "sana"})
_JOINED: Final = str.maketrans(
    {**dict.fromkeys("'’‘ʼ`´ـ"), "ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "&": " and "}
)


def fold(text: str) -> str:
    """Return the form that all spellings of a name share: lower-case words without marks.

    Accents, direction marks, tags and apostrophes are removed, and other marks become blanks.
    Consecutive initials become one word.

    >>> fold("A.B. O’NEIL-Khan"), fold("a b Oneil Khan")
    ('ab oneil khan', 'ab oneil khan')
    """
    plain = unicodedata.normalize("NFKD", _TAG.sub("", text)).casefold().translate(_JOINED)
    kept = "".join(filter(None, map(_plain_character, plain)))
    words: list[str] = []
    after_initial = False
    for word in unicodedata.normalize("NFC", kept).split():
        is_initial = len(word) == 1 and word.isalpha()
        if is_initial and after_initial:
            words[-1] += word
        else:
            words.append(word)
        after_initial = is_initial
    return " ".join(words)


def _plain_character(char: str) -> str:
    if char.isalnum():
        return char
    if "\u0300" <= char <= "\u036f" or "\u064b" <= char <= "\u0655" or char == "\u0670":
        return ""
    category = unicodedata.category(char)
    # Vowel signs of other scripts count as letters. Invisible characters (Cf) separate nothing.
    return char if category[0] == "M" else "" if category == "Cf" else " "


_AGENCY_SLUGS: Final = {
    **{fold(name): fold(usual).replace(" ", "-") for name, usual in AGENCIES.items()},
    "agencies": "agencies",
    "news agencies": "agencies",
    "news network international": "nni",
    "independent news pakistan": "inp",
    "pakistan press international": "ppi",
    "press trust of india": "pti",
    "pti": "pti",
    "dow jones": "dow-jones",
}
_DESK_SLUGS: Final = {
    **{fold(name): fold(name).replace(" ", "-") for name in DESKS if name not in _AGENCY_SLUGS},
    "pr": "press-release",
}


@lru_cache(maxsize=2048)
def read_credits(place: Place, printed: str) -> tuple[Credit, ...]:
    """Return the credits of a byline or mark, one for each name, in printed order.

    Empty for a text without names.

    >>> [(credit.kind, credit.slug) for credit in read_credits("byline", "By A. WRITER, AFP")]
    [('author', 'a-writer'), ('agency', 'afp')]
    """
    if len(printed) > _MAX_PRINTED:
        return ()
    found: dict[str, Credit] = {}
    for kind, slug, name in _named(place, printed):
        found.setdefault(slug, Credit(place, printed, slug, kind, name, len(found) + 1))
    return tuple(found.values())


def _named(place: Place, printed: str) -> Iterator[tuple[Kind, str, str]]:
    """Yield kind, slug and printed form of each name in `printed`."""
    parts = list(_parts(printed))
    whole = _name_in(printed)
    if known := _known(whole, is_alone=True):
        yield *known, whole
        return
    if place == "agency" and not all(_known(_name_in(part), is_alone=False) for part, _ in parts):
        # The parser found it in an agency's place, so it is an agency, though an unknown one.
        parts = []
        if slug := _slug(whole):
            yield "agency", slug, whole
    for part, between in parts:
        name = _name_in(part)
        if known := _known(name, is_alone=len(parts) == 1):
            yield *known, name
        elif _is_person(name, between) and (slug := _slug(name)):
            is_desk = slug.split("-")[-1] in _OF_DESKS
            yield ("desk", slug.removeprefix("our-"), name) if is_desk else ("author", slug, name)


def _parts(printed: str) -> Iterator[tuple[str, str]]:
    """Yield each part that may be a name, with the kind of separator before it."""
    start, between = 0, ""
    for mark in _BETWEEN.finditer(printed):
        if _name_in(part := printed[start : mark.start()]):
            yield part, between
        if mark["bracket"]:
            if _name_in(mark["bracket"]):
                yield mark["bracket"], "bracket"
            between = "weak"
        else:
            between = mark.lastgroup or ""
        start = mark.end()
    if _name_in(rest := printed[start:]):
        yield rest, between


def _name_in(part: str) -> str:
    """Return a part without a leading `By`, a trailing e-mail address and surrounding marks."""
    name = _strip(_TAGS_AROUND.sub("", _MAIL.sub("", part)))
    return _strip(_BEFORE_NAME.sub("", name, count=1)) if _BEFORE_NAME.match(name) else name


def _strip(text: str) -> str:
    start, end = 0, len(text)
    while start < end and not _is_of_name(text[start]):
        start += 1
    while end > start and not (_is_of_name(text[end - 1]) or text[end - 1] == "."):
        end -= 1
    return text[start:end] if any(map(_is_of_name, text[start:end])) else ""


def _is_of_name(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def _known(name: str, *, is_alone: bool) -> tuple[Kind, str] | None:
    """Return the kind and slug of a known agency or desk."""
    folded = fold(name)
    agency = _NEWS_AGENCY.sub("", folded)
    if agency in _AGENCY_SLUGS and (is_alone or agency not in _ALSO_NAMES or name.isupper()):
        return "agency", _AGENCY_SLUGS[agency]
    desk = folded.removeprefix("our ")
    return ("desk", _DESK_SLUGS[desk]) if desk in _DESK_SLUGS else None


def _is_person(name: str, between: str) -> bool:
    """Whether a part, neither agency nor desk, is a person's name, given the separator before."""
    words = fold(name).split()
    if between == "bracket" or len(name) > _MAX_NAME or not 1 <= len(words) <= _MAX_WORDS:
        return False
    if any(char.isdigit() for char in name):
        return False
    return between != "weak" or (len(words) > 1 and words[-1] not in _OFFICES)


def _slug(name: str) -> str:
    return fold(name).replace(" ", "-") if len(name) <= _MAX_NAME else ""
