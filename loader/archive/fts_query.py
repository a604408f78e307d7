"""Convert a user's search to an FTS5 query that SQLite always accepts."""

from __future__ import annotations

import re

NOTHING = '""'  # an FTS5 query that is valid and finds nothing
_TOKEN = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_MIN_BEGINNING = 2  # letters before a *
_MAX_TERMS = 40  # more make SQLite's expression tree too deep


def fts_query(text: str | None) -> str:
    """Convert `oil -gas "rail bridges" migrat*` to an FTS5 expression.

    Words are joined by AND; `"a phrase"`, `-without`, `prefix*` (of two letters or more) and
    `OR` between words are supported; everything else is quoted. Text without a word finds nothing.

    >>> fts_query('fentanyl OR caravan -"border bridge" migrat*')
    '(("fentanyl" OR "caravan") AND "migrat" *) NOT "border bridge"'
    """
    wanted, unwanted = _terms(text or "")
    if not wanted:
        return NOTHING
    groups = [f"({' OR '.join(group)})" if len(group) > 1 else group[0] for group in wanted]
    query = " AND ".join(groups)
    if not unwanted:
        return query
    if len(groups) > 1:
        query = f"({query})"
    excluded = f"({' OR '.join(unwanted)})" if len(unwanted) > 1 else unwanted[0]
    return f"{query} NOT {excluded}"


def _terms(text: str) -> tuple[list[list[str]], list[str]]:
    """Return groups of alternatives, all of which must match, and excluded terms."""
    wanted: list[list[str]] = []
    unwanted: list[str] = []
    joins_previous = False
    for match in list(_TOKEN.finditer(text.replace("\0", " ")))[:_MAX_TERMS]:
        if match["word"] == "OR" and not match["minus"]:
            joins_previous = bool(wanted)
            continue
        term = _term(match["word"], match["phrase"])
        if term is None:
            continue
        if match["minus"]:
            unwanted.append(term)
        elif joins_previous:
            wanted[-1].append(term)
        else:
            wanted.append([term])
        joins_previous = False
    return wanted, unwanted


def _term(word: str | None, phrase: str | None) -> str | None:
    """Return a quoted FTS5 string or prefix; None without a letter or digit."""
    content = word if word is not None else phrase or ""
    if not any(char.isalnum() for char in content):
        return None
    if word is not None and word.endswith("*") and not is_too_short(word):
        return f'"{word.rstrip("*")}" *'
    return f'"{content}"'


def is_too_short(word: str) -> bool:
    """Whether a prefix (`c*`) is too short to search for, so it is read as a word.

    It would combine the matches of a twentieth of all words, which takes more than a second.
    """
    letters = sum(char.isalnum() for char in word)
    return word.endswith("*") and letters < _MIN_BEGINNING
