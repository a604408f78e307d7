"""Recognise teasers, captions and tails among the paragraphs of a page.

Parsers set such lines apart by their position, but extractors of corpora leave more. Here only the
words of a line are examined, and only if it is missing from one of two captures.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from loader.articles.plain import ends_finished

_MAX_LINE: Final = 400
_MAX_WORDS: Final = 16  # longer lines are sentences that begin with the same words
_PHRASES: Final = re.compile(
    r"\W*(?:"
    r"copyright\b|©|all rights reserved|read (?:more|also|next|here)\b|also read\b|must read\b"
    r"|related\b(?: \w+)? ?:|related (?:stories|news|articles|topics)\b|see also\b|more from\b"
    r"|you may also\b|recommended\b|trending\b|most read\b|latest (?:news|stories)\b|watch ?:"
    r"|follow (?:us|business|the|@)\b|subscribe\b|sign up\b|download (?:the|our) app\b"
    r"|join (?:our|us)\b|share (?:this|on|via)\b|tweet\b"
    r"|(?:\d+ |read |view |post )?comments?\b\W*(?:are closed)?\W*\Z|200 characters"
    r"|published in\b|first published\b|last updated?\b|updated (?:on|at|:)|print edition\b"
    r"|story continues\b|article continues\b|advertisement\b|sponsored\b|loading\b|tags? ?:"
    r"|keywords? ?:|topics? ?:|source ?:|click (?:here|to)\b|tap here\b|for more\b.*\bvisit\b"
    r"|for (?:all )?the latest\b|continue reading\b|disclaimer\b|caption ?:|courtesy ?:"
    r"|\(?(?:file )?(?:photo(?:graph)?|image|picture|pic|video)s?\b ?(?::|by\b|credit\b|/|\Z)"
    r"|\(?file photo\b|credits? ?:"
    r"|(?:recorder report|br web desk|web desk|news desk|monitoring desk|press release|reuters"
    r"|afp|app|ap|bloomberg|agencies|inp|nni|online)\W*\Z"
    r")",
    re.IGNORECASE,
)
_CREDIT: Final = re.compile(
    r"\b(?:[Pp]hoto|[Ii]mage|[Pp]icture|[Cc]ourtesy|[Cc]redit)s?\b ?(?::|[Bb]y|[Cc]ourtesy)?"
    r" ?[\w/ .]{0,30}\)?\Z"
    r"|(?:[-–—|/(]|\. ) ?(?:[Pp]hoto ?[:/] ?)?"
    r"(?:AFP|APP|AP|REUTERS|Reuters|[Ff]ile|FILE|[Hh]andout|Bloomberg|PID|INP)"
    r"(?:[ /](?:[Pp]hoto|[Ff]ile))*\)?\.?\Z"
)
_FIGURES: Final = re.compile(r"\d")
_LONG: Final = 26  # words, more than in headlines and subheadings
# The mark of an agency or a press release at the end of the last paragraph.
_MARK: Final = re.compile(
    r"[-–—(\[.]* ?(?:APP|AFP|AP|PR|INP|NNI|PPI|SANA|Reuters|REUTERS|Bloomberg|Xinhua|Agencies)"
    r"(?:/\w+)?[)\].]*"
)
_NUMBER: Final = re.compile(r"\(?\b\d{1,2}[.)](?=\s|\Z)")
_AROUND: Final = " *_\"'“‘"
_DATELINE: Final = re.compile(
    r"(?:(?:[A-Z][\w.'’-]*|\d{1,2}|\([A-Za-z/ ]+\))[ ,/]*){1,8} ?[:\-–—]+"
)


@lru_cache(maxsize=1024)
def is_furniture(line: str) -> bool:
    """Return whether a line is recognised by its words: `Read more: ...`, `Photo: AFP`."""
    return (
        len(line) <= _MAX_LINE
        and len(line.split()) <= _MAX_WORDS
        and (_PHRASES.match(line) is not None or _CREDIT.search(line) is not None)
    )


def is_paragraph(line: str) -> bool:
    """Return whether a line reads as part of the text, such as a sentence or a row of figures.

    Headlines of other articles, subheadings, captions without a full stop and tags do not.
    """
    if is_furniture(line):
        return False
    words = line.split()
    if ends_finished(line) or len(words) > _LONG:
        return True
    figures = sum(_FIGURES.search(word) is not None for word in words)
    return figures >= 2 and figures * 3 >= len(words)


def is_mark(piece: str) -> bool:
    """Return whether words at the end of a text are an agency's mark: `-PR`, `(Reuters)`."""
    return _MARK.fullmatch(piece.strip()) is not None


def is_number_of_list(piece: str) -> bool:
    """Return whether a line starts with a number inserted by an extractor: `2.`."""
    return _NUMBER.fullmatch(piece.strip(_AROUND)) is not None


def is_dateline(piece: str) -> bool:
    """Return whether words at the beginning of a text are a dateline: `KARACHI (Reuters) -`."""
    place = _NUMBER.sub("", piece.strip(_AROUND), count=1).strip(_AROUND)
    return _DATELINE.fullmatch(place) is not None and place.split()[0].isupper()
