"""The arithmetic checks of quotes, in exact integers."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.page.board import parse_line
from loader.page.checks import daily_limit, percent_error, within_daily_limit


def _error(line: str) -> int | None:
    quote = parse_line(line)
    assert quote is not None
    return quote.percent_error


def test_percentage_that_follows_holds() -> None:
    assert _error("WTL 1.28 Increased By ▲ 0.01 (0.79%)") == 0


def test_percentage_off_by_a_hundredth_is_a_warning_not_a_failure() -> None:
    quote = parse_line("WTL 1.28 Increased By ▲ 0.01 (0.78%)")
    assert quote.percent_error == -1
    assert quote.percent_ok


def test_percentage_off_by_more_fails() -> None:
    quote = parse_line("WTL 1.28 Increased By ▲ 0.01 (0.81%)")
    assert quote.percent_error == 2
    assert not quote.percent_ok


def test_exact_half_may_be_rounded_either_way() -> None:
    # 0.01 / 80.00 = 0.0125 %
    assert _error("ABCD 80.01 Increased By ▲ 0.01 (0.01%)") == 0
    # 0.05 / 40.00 = 0.125 %
    assert _error("ABCD 40.05 Increased By ▲ 0.05 (0.12%)") == 0
    assert _error("ABCD 40.05 Increased By ▲ 0.05 (0.13%)") == 0


def test_index_is_checked_with_its_whole_point_rounding() -> None:
    # 345.6 / (5,123 +- 0.5 - 345.6): 7.2339 to 7.2325 %.
    assert _error("KSE30 5,123 Increased By 345.6 (7.23%)") == 0
    # 50 / (101 +- 0.5 - 50) lies anywhere from 97.0 to 99.1 %.
    assert _error("KSE30 101 Increased By 50 (98%)") == 0
    assert _error("KSE30 101 Increased By 50 (99.5%)") > 0


@pytest.mark.parametrize(
    ("line", "sign_ok"),
    [
        ("ABCD 12.34 Increased By ▲ -0.56 (-4.34%)", False),
        ("ABCD 12.34 Decreased By ▼ 0.56 (4.75%)", False),
        ("ABCD 12.34 No Change ▼ 0.56 (4.75%)", False),
        ("ABCD 12.34 Increased By ▲ 0.56 (-4.75%)", False),
        ("ABCD 950.34 Increased By ▲ 0.01 (0%)", True),
    ],
)
def test_word_against_sign(line: str, sign_ok: bool) -> None:
    assert parse_line(line).sign_ok is sign_ok


def test_without_a_positive_base_nothing_follows() -> None:
    quote = parse_line("ABCD 1.00 Increased By ▲ 1.00 (100%)")
    assert quote.percent_error is None
    assert not quote.percent_ok


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (date(2019, 12, 31), 500),
        (date(2020, 1, 20), 750),
        (date(2024, 5, 26), 750),
        (date(2024, 5, 27), 800),
        (date(2024, 6, 10), 850),
        (date(2024, 6, 24), 900),
        (date(2024, 7, 8), 950),
        (date(2024, 7, 22), 1000),
        (date(2025, 6, 1), 1000),
    ],
)
def test_daily_limit_by_date(day: date, limit: int) -> None:
    assert daily_limit(day) == limit


def test_move_is_legal_within_the_limit_or_one_rupee() -> None:
    day = date(2024, 5, 3)
    assert within_daily_limit(10750, 750, day)
    assert not within_daily_limit(10751, 751, day)
    assert within_daily_limit(10751, 751, day, tolerance=1)
    # Rs 1.30 may move by Re 1, which is far more than 7.5 %.
    assert within_daily_limit(230, 100, day)
    assert not within_daily_limit(231, 101, day)
    assert not within_daily_limit(100, 100, day)


@given(
    base=st.integers(1, 10**7),
    change=st.integers(-(10**6), 10**6),
    off=st.integers(-3, 3),
)
def test_percentage_holds_exactly_when_it_is_within_half_a_hundredth(
    base: int, change: int, off: int
) -> None:
    exact = Fraction(change * 10_000, base)
    percent = round(exact) + off
    error = percent_error(base + change, change, percent)
    assert error is not None
    assert (error == 0) == (abs(percent - exact) <= Fraction(1, 2))
    assert error == 0 or (error > 0) == (percent > exact)
