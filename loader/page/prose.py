"""What a line of an article is: shared by page texts and HTML pages, so that both agree.

Rules from FORMAT.md sections 3 and 4. Each function looks at text alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from loader.page.dates import PRINTED, PRINTED_DATE, parse_printed

# What the comment form leaves in a text, to the letter.
COMMENT_LINES = frozenset({"Comments", "Read Comments", "Comments are closed.", "200 characters"})

# In capitals before a colon, but no place.
_NO_PLACES = frozenset(
    {
        "EDITORIAL", "OPINION", "COMMENT", "ANALYSIS", "UPDATE", "NOTE", "NB", "PSX", "KSE",
        "OPEC", "IMF", "SBP", "FBR", "TABLE", "FACTBOX", "EXCLUSIVE", "BREAKING",
    }
)  # fmt: skip
_DATELINE = re.compile(r"(?P<place>[A-Z][A-Z'’.\-/, ]{1,38}[A-Z]) ?: (?=\S)")
_SENTENCE_END = re.compile(r"[.!…:;,][\"'”’)\]]*\Z")

_BYLINE = re.compile(
    rf"(?P<who>.{{0,80}}?)(?:(?:^|(?<=\s))Published (?P<published>{PRINTED}))?"
    rf"(?: ?(?:^|(?<=\s))Updated (?P<updated>{PRINTED}))?"
)
_BARE_BYLINE = re.compile(rf"(?P<who>.{{0,60}}?)(?:^|(?<=\s))(?P<date>{PRINTED})")
_ENDS_IN_DATE = re.compile(rf"{PRINTED_DATE}(?: \d{{1,2}}:\d{{2}} ?[AaPp][Mm])?\Z")
_LAST_OF_DATE = frozenset("0123456789mM")
_NAME_PARTICLES = frozenset({"and", "bin", "bint", "ul", "ur", "de", "al", "el", "for", "of", "|"})

# Names that news agencies go by in bylines and copyright lines.
_AGENCIES = {
    "reuters": "Reuters",
    "afp": "AFP",
    "agence france-presse": "AFP",
    "app": "APP",
    "ap": "AP",
    "associated press": "AP",
    "bloomberg": "Bloomberg",
    "xinhua": "Xinhua",
    "anadolu": "Anadolu",
    "nni": "NNI",
    "inp": "INP",
    "ppi": "PPI",
    "online": "Online",
    "internews": "INTERNEWS",
}
_COPYRIGHT = re.compile(r"(?:Copyright|©) (?P<holder>[^,(]{2,60}?)(?: ?\([^)]*\))?(?:, ?\d{4})?")

_RULE = re.compile(r"[=\-_*~]{3,}[=\-_*~ ]*")
_FIGURE = r"\(?[-+]?\d[\d,]*(?:\.\d+)?\)?%?"
_TABLE_ROW = re.compile(rf".{{0,60}}?(?:\s+(?:{_FIGURE}|NIL|-|–|n/?a)){{2,}}", re.IGNORECASE)
_MAX_TABLE_ROW = 300
_COLUMNS = re.compile(r"\S {2,}\S|\t")


def split_dateline(paragraph: str) -> tuple[str | None, str]:
    """`"MEXICO CITY: Officials ..."` -> `("MEXICO CITY", "Officials ...")`.

    `EDITORIAL: ` takes the dateline's place but names none, so it stays in the paragraph.
    """
    match = _DATELINE.match(paragraph)
    if match is None or match["place"] in _NO_PLACES:
        return None, paragraph
    return match["place"], paragraph[match.end() :]


def ends_sentence(line: str) -> bool:
    """Whether a line ends as sentences do, which headlines, teasers and tags do not."""
    return _SENTENCE_END.search(line) is not None


def is_teaser(line: str) -> bool:
    """Whether a paragraph of its own reads as the headline of another article.

    Sub-headings look alike, so it takes six words or more, in sentence case, with no full
    stop; a quotation set apart is no headline. When unsure the answer is no.
    """
    if len(line) > 160 or ends_sentence(line):
        return False
    words = line.split()
    if not 6 <= len(words) <= 24:
        return False
    if not (line[0].isupper() or line[0] in "‘'“\"" or line[0].isdigit()):
        return False
    if (line[0], line[-1]) in {("“", "”"), ('"', '"')} or is_table_line(line):
        return False
    lower = sum(word[0].islower() for word in words)
    return lower * 10 >= len(words) * 4


def is_table_line(line: str) -> bool:
    """Whether a line is a rule, a row of figures or columns set by blanks."""
    return (
        _RULE.fullmatch(line) is not None
        or line == "NIL"
        or line.startswith("Data source:")
        or _COLUMNS.search(line) is not None
        or (len(line) <= _MAX_TABLE_ROW and _TABLE_ROW.fullmatch(line) is not None)
    )


def is_rule(line: str) -> bool:
    """Whether a line only draws a line: `====`, `----`."""
    return _RULE.fullmatch(line) is not None


class Byline:
    """A byline taken apart; dates as `parse_printed` gives them, `bad_dates` as printed."""

    __slots__ = ("bad_dates", "published_at", "updated_at", "who")

    def __init__(self, who: str, published: str | None, updated: str | None) -> None:
        self.who = who.strip(" |•-–") or None
        self.published_at = parse_printed(published) if published else None
        self.updated_at = parse_printed(updated) if updated else None
        self.bad_dates = tuple(
            printed
            for printed, parsed in ((published, self.published_at), (updated, self.updated_at))
            if printed and parsed is None
        )


@lru_cache(maxsize=256)
def read_byline(line: str) -> Byline | None:
    """The byline that a line is, in any shape of FORMAT.md section 3, or None."""
    # A printed date ends in a year or in am, pm; most lines are let go at that.
    if len(line) > 170 or line[-1:] not in _LAST_OF_DATE or not _ENDS_IN_DATE.search(line):
        return None
    match = _BYLINE.fullmatch(line)
    if match and (match["published"] or match["updated"]):
        return Byline(match["who"], match["published"], match["updated"])
    match = _BARE_BYLINE.fullmatch(line)
    if match and _is_name(match["who"]):
        return Byline(match["who"], match["date"], None)
    return None


def _is_name(text: str) -> bool:
    words = text.split()
    return len(words) <= 7 and all(
        word[0].isupper() or word[0] in "&|(" or word in _NAME_PARTICLES for word in words
    )


def is_capitals_byline(line: str) -> bool:
    """`RECORDER REPORT`, or a name in capitals: the byline of the e-paper's texts."""
    words = line.split()
    return (
        2 <= len(words) <= 4
        and len(line) <= 40
        and line == line.upper()
        and all(word.replace(".", "").replace("-", "").replace("'", "").isalpha() for word in words)
    )


def agency_of(byline: str | None, copyright_line: str | None = None) -> str | None:
    """The news agency that a byline or a copyright line names, in its usual spelling."""
    if byline and (agency := _AGENCIES.get(byline.lower())):
        return agency
    if copyright_line and (match := _COPYRIGHT.fullmatch(copyright_line)):
        return _AGENCIES.get(match["holder"].strip().lower())
    return None


def is_copyright(line: str) -> bool:
    """`Copyright Business Recorder, 2023` and its like."""
    return len(line) < 100 and line.startswith(("Copyright ", "© ")) and not ends_sentence(line)


def fold(text: str) -> str:
    """NFC with white space folded: the form in which texts are compared and digested."""
    return " ".join(unicodedata.normalize("NFC", text).split())
