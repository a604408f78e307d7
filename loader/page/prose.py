"""Classify lines of an article, for page texts and HTML pages alike, so that both agree.

The rules are from docs/page-format.md. Each function looks only at its text.
"""

from __future__ import annotations

import re
import unicodedata

from loader.page.byline import agency_mark

# Exact lines that the comment form leaves in a text.
COMMENT_LINES = frozenset(
    {
        "Comments", "Read Comments", "Comments are closed.", "200 characters",
        "Comments are closed on this story.", "Read more stories",
    }
)  # fmt: skip

# `Read more`, `Also read:` before the headline of another article, or alone above it.
_READ_MORE = r"(?i:also read|read (?:more|also|next)|must read|see also)"
_READ_MORE_LINE = re.compile(rf"{_READ_MORE}[ :.…»>–—-]*")
_READ_MORE_HEADLINE = re.compile(
    rf"{_READ_MORE}(?: ?:| [|–—-]) ?(?P<headline>[^\s:|–—-].*\s.*[^\s.])"
)
_MAX_TEASER = 160
_FIRST_OF_READ_MORE = frozenset("ARMSarms")

# The end of titles meant for other sites: ` - Markets - Business Recorder`.
_SITE_SUFFIX = re.compile(r"(?: [-–|] [A-Z][\w& ]{2,30})? [-–|] (?:Business|B)\s?Recorder\Z")

_SENTENCE_ENDS = frozenset(".!…:;,۔")
_CLOSING = "\"'”’)]"
# Every credit contains one of these; looking for them takes a tenth of the regular expression.
_CREDIT_WORDS = (
    "hoto",
    "mage",
    "icture",
    " pic",
    "Pic",
    "redit",
    "ourtesy",
    "andout",
    "ile",
    "FILE",
    "AP",
    "FP",
    "euters",
    "REUTERS",
)
_CREDIT = re.compile(
    r"\b(?:[Pp]hoto(?:graph|s)?|[Ii]mages?|[Pp]ictures?|[Pp]ics?)"
    r"(?: ?:| [Bb]y\b| [Cc]redits?\b| [Cc]ourtesy\b)"
    r"|\b(?:[Cc]redits?|[Cc]ourtesy) ?: ?[A-Z]|\b[Ff]ile [Pp](?:hoto|icture|ic)\b"
    r"|[-–—|/(] ?(?:AFP|APP|AP|REUTERS|Reuters|[Ff]ile|FILE|[Hh]andout)"
    r"(?: [Pp]hoto)?(?:/[Ff]ile)?\)?\.?\Z"
)

_RULE = re.compile(r"[=\-_*~]{3,}[=\-_*~ ]*")
_FIGURE = r"\(?[-+]?\d[\d,]*(?:\.\d+)?\)?%?"
_TABLE_ROW = re.compile(rf".{{0,60}}?(?:\s+(?:{_FIGURE}|NIL|-|–|n/?a)){{2,}}", re.IGNORECASE)
_MAX_TABLE_ROW = 300
_COLUMNS = re.compile(r"\S {2,}\S|\t")


def ends_sentence(line: str) -> bool:
    """Whether a line ends like a sentence, unlike headlines, teasers and tags."""
    return line.rstrip(_CLOSING)[-1:] in _SENTENCE_ENDS


def asks(line: str) -> bool:
    """Whether a line ends like a question, as headlines and sentences both may."""
    return line.rstrip(_CLOSING).endswith(("?", "؟"))


def is_cut_off(line: str) -> bool:
    """Whether a line ends in dots, like a truncated summary: `the ...`, `the...”`."""
    return line.rstrip(_CLOSING).endswith(("...", "…", ". . ."))


def is_credited(line: str) -> bool:
    """Whether a line has a photo credit, as captions do: `Photo: AFP`, `File photo`."""
    return any(word in line for word in _CREDIT_WORDS) and _CREDIT.search(line) is not None


def is_read_more(line: str) -> bool:
    """Whether a line only announces the headline of another article: `Read more:`."""
    return line[:1] in _FIRST_OF_READ_MORE and _READ_MORE_LINE.fullmatch(line) is not None


def announced_headline(line: str) -> str | None:
    """Return the headline that a line announces: `Read more: Onions arrive late`; else None."""
    if line[:1] not in _FIRST_OF_READ_MORE or len(line) > _MAX_TEASER:
        return None
    match = _READ_MORE_HEADLINE.fullmatch(line)
    return match["headline"] if match else None


def is_teaser(line: str) -> bool:
    """Whether a separate paragraph reads as the headline of another article.

    Sub-headings look similar, so a teaser has at least six words in sentence case, without a full
    stop. A whole quotation, a question or a line with an agency mark is not a teaser. In doubt
    the answer is no.
    """
    if len(line) > _MAX_TEASER or ends_sentence(line) or asks(line) or agency_mark(line):
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
    """Whether a line is a rule, a row of figures, or columns aligned with blanks."""
    return (
        _RULE.fullmatch(line) is not None
        or line == "NIL"
        or line.startswith("Data source:")
        or _COLUMNS.search(line) is not None
        or (len(line) <= _MAX_TABLE_ROW and _TABLE_ROW.fullmatch(line) is not None)
    )


def is_rule(line: str) -> bool:
    """Whether a line is a horizontal rule: `====`, `----`."""
    return _RULE.fullmatch(line) is not None


def without_site(title: str) -> str:
    """Return a page's title without its section and the name of the site."""
    return _SITE_SUFFIX.sub("", title) if title.endswith("ecorder") else title


def is_title_of(title: str, headline: str) -> bool:
    """Whether a page's title is a headline with a section or the site's name after it."""
    return title.startswith(headline) and _SITE_SUFFIX.fullmatch(title, len(headline)) is not None


def is_copyright(line: str) -> bool:
    """Whether a line is a copyright notice: `Copyright Business Recorder, 2023`."""
    return len(line) < 100 and line.startswith(("Copyright ", "© ")) and not ends_sentence(line)


def fold(text: str) -> str:
    """Return a text in NFC with white space folded, for comparisons and digests."""
    return " ".join(unicodedata.normalize("NFC", text).split())
