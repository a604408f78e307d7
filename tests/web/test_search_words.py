"""Any text becomes a search that SQLite accepts, with the expected meaning."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.archive.fts_query import NOTHING, fts_query
from tests.reliability import setting

TEXTS = {
    1: "Officials agreed to keep rail bridges open",
    2: "Migrants walk across the border in a caravan",
    3: "The drug fentanyl and the border",
    4: "Oil prices and gas prices",
    5: "Oil prices alone; C++ code",
}


@pytest.fixture(scope="module")
def conn() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:")
    conn.execute("create virtual table texts using fts5 (body, tokenize = 'porter unicode61')")
    conn.executemany("insert into texts (rowid, body) values (?, ?)", TEXTS.items())
    yield conn
    conn.close()


def found(conn: sqlite3.Connection, text: str) -> set[int]:
    rows = conn.execute("select rowid from texts where texts match ?", (fts_query(text),))
    return {row[0] for row in rows}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fentanyl", {3}),
        ("fentanyl OR caravan", {2, 3}),
        ('"rail bridges"', {1}),
        ('"bridges rail"', set()),
        ("migra*", {2}),
        ("migrant*", {2}),
        # A prefix of one letter would combine a twentieth of all words.
        ("m*", set()),
        ("a*", {2}),
        ("oil -gas", {5}),
        ("oil gas", {4}),
        ("-gas", set()),
        ("border caravan OR fentanyl", {2, 3}),
        ("C++", {5}),
        ('"rail bridges', {1}),
        ("OR oil OR", {4, 5}),
        ("prices NOT", set()),
        ("", set()),
    ],
)
def test_words_mean_what_people_expect(
    conn: sqlite3.Connection, text: str, wanted: set[int]
) -> None:
    assert found(conn, text) == wanted


@pytest.mark.parametrize("text", [None, "", " ", '"', '""', "-", "*", "\0", "()", "؟"])
def test_text_without_a_word_finds_nothing(text: str | None) -> None:
    assert fts_query(text) == NOTHING


@given(st.text(max_size=80) | st.text(alphabet="ab\"*-^():{}+ ORANDT\0\\'", max_size=60))
@settings(max_examples=15 * setting("LOADER_EXAMPLES", 40))
def test_no_text_is_an_error(conn: sqlite3.Connection, text: str) -> None:
    found(conn, text)
