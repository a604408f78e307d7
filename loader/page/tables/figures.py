"""Recognise the contents of table cells: figures, days and column names."""

from __future__ import annotations

import re
from typing import Final

Row = tuple[str, ...]
MAX_COLUMNS: Final = 40
# The smallest number of similar lines that make a table.
FEW: Final = 2

_DAY: Final = r"\d{1,2}[./-](?:\d{1,2}|[A-Z][a-z]{2,8})(?:[./-]\d{2,4})?"
_FIGURE: Final = re.compile(
    rf"(?:{_DAY}"
    r"|\(?(?:[-+]?(?:Rs\.?|US\$|\$)?|(?:Rs\.?|US\$|\$)[-+])\d[\d,]*(?:\.\d+)?(?:/\d+)?%?\)?%?"
    r"|[-+]?\.\d+%?|\d{1,2}:\d{2}|NIL|N/?A\.?|[-–—]{1,3})",
    re.IGNORECASE,
)
# `1.70` is not a day.
_DATE: Final = re.compile(rf"(?!\d{{1,2}}\.\d{{1,2}}\Z){_DAY}")
# Codes of dividends: final, interim, bonus.
_CODE: Final = re.compile(r"\([A-Za-z]{1,2}\)")
_CURRENCIES: Final = frozenset({"Rs", "Rs.", "Re", "Re.", "US$", "$"})
# Words that name columns of figures; a line above with any other word is a title.
_NAMES: Final = frozenset(
    "agm ask bid bonus buy buying change chg close closing current date days dividend from high"
    " interest last low lot lots max maximum min minimum month offer open opening percent"
    " previous price rate rates rs sell selling settle settlement spot to today total trades"
    " value vol volume week year yesterday".split()
)


def tokens_of(line: str) -> list[tuple[bool, str]]:
    """Return (is a figure, word) for a line; `d to d`, `25% (F)` and `Rs 5` are single tokens."""
    found: list[tuple[bool, str]] = []
    words = line.split()
    number = 0
    while number < len(words):
        word = words[number]
        following = words[number + 1 : number + 3]
        if len(following) == 2 and following[0] == "to" and _is_range(word, following[1]):
            found.append((True, f"{word} to {following[1]}"))
            number += 3
        elif number and following and word in _CURRENCIES and following[0][0].isdigit():
            found.append((True, f"{word} {following[0]}"))
            number += 2
        elif found and found[-1][0] and _CODE.fullmatch(word):
            found[-1] = (True, f"{found[-1][1]} {word}")
            number += 1
        else:
            found.append((_FIGURE.fullmatch(word) is not None, word))
            number += 1
    return found


def is_figure_word(word: str) -> bool:
    """Whether a word may end a row of figures."""
    return _FIGURE.fullmatch(word) is not None or _CODE.fullmatch(word) is not None


def is_figure_text(text: str) -> bool:
    return all(is_figure for is_figure, _ in tokens_of(text))


def is_column_name(word: str) -> bool:
    """Whether a word names a column of figures: a known word, or a day."""
    return word.strip("().%/:").lower() in _NAMES or _DATE.fullmatch(word) is not None


def _is_range(first: str, last: str) -> bool:
    return _DATE.fullmatch(first) is not None and _DATE.fullmatch(last) is not None


def is_day(text: str) -> bool:
    """Whether a text is a day in the forms of tables: `18-Oct-23`, `10.10.2023`."""
    return _DATE.fullmatch(text) is not None
