"""Files of closes, good and bad (all values invented)."""

from __future__ import annotations

import pytest

from loader.market.closes_file import CloseRow, ClosesError, read_changes_file, read_closes_file


def test_date_and_close_are_enough() -> None:
    assert read_closes_file("date,close\n2024-05-03,50000.09\n", "f") == [
        CloseRow("KSE100", "2024-05-03", 5000009, 2)
    ]


def test_names_of_columns_and_symbols_are_read_as_people_write_them() -> None:
    text = "\ufeffSymbol, Date ,CLOSE,volume\nKSE-30,2024-05-03,20000.5,7\n,2024-05-03,50000,7\n"
    rows = read_closes_file(text, "f")
    assert [(row.symbol, row.value) for row in rows] == [("KSE100", 5000000), ("KSE30", 2000050)]


def test_thousands_separators_in_quotes() -> None:
    (row,) = read_closes_file('date,close\n2024-05-03,"50,000.09"\n', "f")
    assert row.value == 5000009


def test_thousands_separators_without_quotes_are_refused() -> None:
    with pytest.raises(ClosesError, match="line 2 has more fields"):
        read_closes_file("date,close\n2024-05-03,50,000.09\n", "f")


def test_day_first_dates_where_the_file_shows_it() -> None:
    rows = read_closes_file("date,close\n03/05/2024,50000\n13/05/2024,50100\n", "f")
    assert [row.day for row in rows] == ["2024-05-03", "2024-05-13"]


def test_month_first_dates_where_the_file_shows_it() -> None:
    rows = read_closes_file("date,close\n05/03/2024,50000\n05/13/2024,50100\n", "f")
    assert [row.day for row in rows] == ["2024-05-03", "2024-05-13"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no column date and no column close"),
        ("day,value\n2024-05-03,1\n", "has no column date"),
        ("date,price\n2024-05-03,1\n", "has no column close"),
        ("date,close\n", "has no rows"),
        ("date,close\n2024-05-03,\n", "line 2: '' is not a closing value"),
        ("date,close\n2024-05-03,n/a\n", "is not a closing value"),
        ("date,close\n2024-05-03,-5\n", "is not a closing value"),
        ("date,close\n2024-05-03,0\n", "is not a closing value"),
        ("date,close\nyesterday,50000\n", "line 2: 'yesterday' is not a date"),
        ("date,close\n2024-02-30,50000\n", "no calendar has"),
        ("date,close\n03/05/2024,50000\n", "cannot be told apart"),
        ("date,close\n13/05/2024,5\n05/13/2024,5\n", "cannot be told apart"),
        ("date,close\n2024-05-03,50000\n2024-05-03,50001\n", "two closes .* lines 2 and 3"),
    ],
)
def test_bad_files_are_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(ClosesError, match=words):
        read_closes_file(text, "f")


def test_a_day_twice_with_one_value_is_one_row() -> None:
    assert len(read_closes_file("date,close\n2024-05-03,5\n2024-05-03,5.00\n", "f")) == 1


def test_binary_noise_of_spreadsheets_is_rounded() -> None:
    (row,) = read_closes_file("date,close\n2024-05-03,50000.089999999997\n", "f")
    assert row.value == 5000009


def test_days_on_which_the_calendar_is_wrong() -> None:
    text = "date,open\n2025-06-06,no\n2025-09-05,yes\n"
    assert read_changes_file(text, "f") == {"2025-06-06": False, "2025-09-05": True}


def test_a_plain_list_of_holidays() -> None:
    assert read_changes_file("date,name\n2025-06-06,Eid\n", "f") == {"2025-06-06": False}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("day\n2025-06-06\n", "has no column date"),
        ("date,open\n2025-06-06,perhaps\n", "open is 'perhaps'"),
        ("date,open\n2025-06-06,no\n2025-06-06,yes\n", "both open and closed"),
    ],
)
def test_bad_lists_of_days(text: str, words: str) -> None:
    with pytest.raises(ClosesError, match=words):
        read_changes_file(text, "f")


@pytest.mark.parametrize("field", ("1\x00", '"' + "9" * 200_000))
def test_what_the_csv_reader_refuses_is_an_error_of_the_file(field: str) -> None:
    """A NUL is refused only before Python 3.11, an unterminated field always."""
    with pytest.raises(ClosesError):
        read_closes_file(f"date,close\n2024-05-03,{field}\n", "f")
    with pytest.raises(ClosesError):
        read_changes_file(f"date,open\n2024-05-03,{field}\n", "f")
