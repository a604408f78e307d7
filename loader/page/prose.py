"""What a line of an article is: shared by page texts and HTML pages, so that both agree.

Rules from docs/page-format.md. Each function looks at text alone.
"""

from __future__ import annotations

import re
import unicodedata

from loader.page.byline import agency_mark

# What the comment form leaves in a text, to the letter.
COMMENT_LINES = frozenset(
    {
        "Comments", "Read Comments", "Comments are closed.", "200 characters",
        "Comments are closed on this story.", "Read more stories",
    }
)  # fmt: skip

_SENTENCE_ENDS = frozenset(".!…:;,۔")
_CLOSING = "\"'”’)]"
# One of these is in every credit: a search for them takes a tenth of that for a credit.
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
    """Whether a line ends as sentences do, which headlines, teasers and tags do not."""
    return line.rstrip(_CLOSING)[-1:] in _SENTENCE_ENDS


def asks(line: str) -> bool:
    """Whether a line ends as questions do; headlines may, and so may sentences."""
    return line.rstrip(_CLOSING).endswith(("?", "؟"))


def is_cut_off(line: str) -> bool:
    """Whether a line ends in dots, as a summary does that was too long: `the ...`, `the...”`."""
    return line.rstrip(_CLOSING).endswith(("...", "…", ". . ."))


def is_credited(line: str) -> bool:
    """Whether a line says who took the picture, as captions do: `Photo: AFP`, `File photo`."""
    return any(word in line for word in _CREDIT_WORDS) and _CREDIT.search(line) is not None


def is_teaser(line: str) -> bool:
    """Whether a paragraph of its own reads as the headline of another article.

    Sub-headings look alike, so it takes six words or more, in sentence case, with no full
    stop; a quotation set apart is no headline, nor is a question or what ends with the mark of an
    agency. When unsure the answer is no.
    """
    if len(line) > 160 or ends_sentence(line) or asks(line) or agency_mark(line):
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


def is_copyright(line: str) -> bool:
    """`Copyright Business Recorder, 2023` and its like."""
    return len(line) < 100 and line.startswith(("Copyright ", "© ")) and not ends_sentence(line)


def fold(text: str) -> str:
    """NFC with white space folded: the form in which texts are compared and digested."""
    return " ".join(unicodedata.normalize("NFC", text).split())
