"""Suggest symbols for a word that is not one: a company's name, an abbreviation, a typing error."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Collection, Sequence
from typing import Final

from loader.rows.facts import known_names
from loader.rows.names.lexicon import Weight

_MOST: Final = 3
_ALIKE: Final = 0.75  # of difflib: one letter too many, missing or wrong in a word of four
_LEAST: Final = 3  # letters of the beginning of a name
_MOST_LETTERS: Final = 40


def suggest_symbols(word: str, symbols: Collection[str]) -> list[str]:
    """Return at most three of an archive's symbols that a word may mean, the likeliest first.

    Names and abbreviations are those by which articles mention instruments.
    """
    typed = _folded(word)
    if typed.upper() in symbols:
        return [typed.upper()]
    symbol = _by_name().get(typed)
    if symbol is not None and symbol in symbols:
        return [symbol]
    begun = {symbol for name, symbol in _by_name().items() if name.startswith(typed)} & set(symbols)
    if len(typed) >= _LEAST and 0 < len(begun) <= _MOST:  # more have begun alike: "Pak"
        return sorted(begun)
    return difflib.get_close_matches(typed.upper(), sorted(symbols), _MOST, _ALIKE)


def symbol_named(word: str) -> str | None:
    """Return the symbol of an instrument by a name or abbreviation of its own, in any case."""
    return _by_name().get(_folded(word))


def with_suggestion(sentence: str, found: Sequence[str]) -> str:
    """Return a sentence on an unknown symbol, with the suggestions if there are any.

    >>> with_suggestion("No share is called OGDCL.", ["OGDC", "PPL"])
    'No share is called OGDCL. Did you mean OGDC or PPL?'
    """
    return f"{sentence} Did you mean {' or '.join(found)}?" if found else sentence


def _folded(word: str) -> str:
    return " ".join(word.split())[:_MOST_LETTERS].casefold()


@functools.cache
def _by_name() -> dict[str, str]:
    """Return symbols by folded names and abbreviations that need no context."""
    lexicon = known_names()
    return {
        each.text.casefold(): each.symbol
        for each in (*lexicon.of_names, *lexicon.of_symbols)
        if each.weight in (Weight.NAME, Weight.SYMBOL)
    }
