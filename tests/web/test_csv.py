"""CSV for spreadsheets: text that looks like a formula is escaped, other cells are unchanged."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.web.render.csv_cells import as_csv, safe_cell, safe_records
from loader.web.server import make_datasette
from tests.web.conftest import Get, client_of

FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "=HYPERLINK(\"http://x\",\"a\")",
            "\t=1", "\r=1", "=\"a\nb\"", "- a point of a list", "-", "+", "=1,2")  # fmt: skip
PLAIN = ("", "a=b", "1", "-1", "-0.25", "+5", "1e5", "-1.5E-3", "'=1", " =1", "word - word",
         "a\n=b", 'say "=1"', "ا", "2024-05-03")  # fmt: skip


CELLS = st.one_of(
    st.none(), st.text(max_size=4), st.integers(-3, 3), st.floats(-3, 3, allow_nan=False),
    st.sampled_from((1, 1.0, True, b"ab", 1e16, "=1", "-5", "a,b", 'a"b', "a\r\n", "-x")),
)  # fmt: skip


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width,
                                                                  max_size=width))))  # fmt: skip
def test_cells_are_written_as_the_csv_module_writes_them(rows: list[list[object]]) -> None:
    text = io.StringIO()
    safe = [[safe_cell(cell + 0.0 if isinstance(cell, float) else cell) for cell in row]
            for row in rows]  # fmt: skip
    csv.writer(text).writerows(safe)
    assert as_csv(rows) == text.getvalue()


def test_rows_of_unequal_length_stay_so() -> None:
    assert as_csv([["a"], [1, 1.0, None], ["="]]) == "a\r\n1,1.0,\r\n'=\r\n"


def test_bytes_are_written_as_a_link_where_there_is_one() -> None:
    rows = [(1, b"x", "t"), (2, None, "u")]
    assert as_csv(rows, lambda row, place: f"/{row[0]}/{place}") == "1,/1/1,t\r\n2,,u\r\n"


@pytest.fixture(scope="module")
def formula_get(sample_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Get:
    """Return a client of a server whose headlines begin like formulas."""
    path = tmp_path_factory.mktemp("formulas") / "archive.db"
    shutil.copy(sample_archive, path)
    with closing(sqlite3.connect(path)) as conn, conn:
        for number, text in enumerate((*FORMULAS, *PLAIN), 1):
            conn.execute("update articles set headline = ? where id = ?", (text, number))
    return client_of(make_datasette(path))


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_would_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [*PLAIN, -1.5, 0, None, b"=1"])
def test_all_else_stays_as_it_is(value: object) -> None:
    assert safe_cell(value) == value


@given(st.lists(st.lists(st.text(), min_size=1), min_size=1))
def test_records_stay_the_same_but_for_apostrophes(rows: list[list[str]]) -> None:
    # csv.reader itself treats a single carriage return as the end of a record, and Python 3.10
    # writes no NUL.
    if any("\r" in cell or "\n" in cell or "\0" in cell for row in rows for cell in row):
        return
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    wanted = [[safe_cell(cell) for cell in row] for row in rows]
    assert list(csv.reader(io.StringIO(safe_records(text.getvalue()), newline=""))) == wanted
    assert safe_records(as_csv(rows)) == as_csv(rows)


@pytest.mark.parametrize(
    "path",
    ["articles.csv?_size=max&_sort=id&_col=headline", "articles.csv?_stream=1&_sort=id",
     "article_list.csv?_size=max&_sort=id", "articles.csv?_sort=id&_labels=on&_size=max"],
)  # fmt: skip
def test_tables_as_csv_hold_no_formula(formula_get: Get, path: str) -> None:
    response = formula_get(f"/archive/{path}")
    rows = list(csv.DictReader(io.StringIO(response.text, newline="")))
    shown = [row.get("headline") or row.get("title") for row in rows]
    for text in FORMULAS:
        assert f"'{text}" in shown, text
    assert "-0.25" in shown
    for row in rows:
        for cell in row.values():
            assert safe_cell(cell) == cell


def test_numbers_of_queries_and_own_csv_stay_numbers(formula_get: Get) -> None:
    for path in ("board_movers.csv", "quotes.csv?board_id=1", "quotes/1,513.csv"):
        text = formula_get(f"/archive/{path}").text
        assert "-" in text
        assert "'-" not in text
    assert "'-" not in formula_get("/symbol/OGDC/boards.csv").text


def test_sql_as_csv_and_rows_as_csv_are_safe_too(formula_get: Get) -> None:
    assert formula_get("/archive.csv?sql=select+'=1'+as+x,-1+as+y").text == "x,y\r\n'=1,-1\r\n"
    assert "'=1+1" in formula_get("/archive/articles/1.csv").text
    assert formula_get("/archive/articles/1.json?_shape=array").json()[0]["headline"] == "=1+1"
