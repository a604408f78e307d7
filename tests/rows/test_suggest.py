"""Suggestions for a word that is not a symbol."""

from __future__ import annotations

import pytest

from loader.rows.facts import read_facts
from loader.rows.suggest import suggest_symbols, with_suggestion

LISTED = frozenset(row["symbol"] for row in read_facts("instruments.csv"))


@pytest.mark.parametrize(
    ("word", "symbol"),
    [
        ("OGDCL", "OGDC"),
        ("ogdcl", "OGDC"),
        ("Hubco", "HUBC"),
        ("HUB POWER", "HUBC"),
        ("oil and gas development", "OGDC"),
        ("PTCL", "PTC"),
        ("  Lucky   Cement ", "LUCK"),
        ("Maple Leaf", "MLCF"),
        ("K-Electric", "KEL"),
        ("KSE-100", "KSE100"),
        ("KSE 100", "KSE100"),
        ("ogdc", "OGDC"),
        ("OGCD", "OGDC"),
        ("engroo", "ENGRO"),
    ],
)
def test_a_name_or_a_slip_leads_to_the_symbol(word: str, symbol: str) -> None:
    assert symbol in suggest_symbols(word, LISTED)


def test_only_symbols_of_the_archive_are_suggested() -> None:
    assert suggest_symbols("OGDCL", {"PPL", "HUBC"}) == []


@pytest.mark.parametrize("word", ["", " ", "xyzzy plugh", "\0", "a" * 10_000, "%", "NOSUCH"])
def test_no_suggestion_for_a_word_like_no_other(word: str) -> None:
    assert suggest_symbols(word, LISTED) == []
    assert with_suggestion("Unknown.", []) == "Unknown."


def test_a_common_beginning_suggests_few() -> None:
    assert len(suggest_symbols("pak", LISTED)) <= 3
    assert len(suggest_symbols("first", LISTED)) <= 3
