"""parse_instant: one format for many, and None for anything but a time."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.sources import parse_instant


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("2024-05-03T10:15:00Z", "2024-05-03T10:15:00Z"),
        ("2024-05-03t10:15:00z", "2024-05-03T10:15:00Z"),
        ("2024-05-03 10:15:00", "2024-05-03T10:15:00Z"),
        ("2024-05-03T10:15", "2024-05-03T10:15:00Z"),
        ("2024-05-03 10:15:00 UTC", "2024-05-03T10:15:00Z"),
        ("  2024-05-03T10:15:00Z\n", "2024-05-03T10:15:00Z"),
        ("2024-05-03T15:15:00+05:00", "2024-05-03T10:15:00Z"),
        ("2024-05-03T15:15:00+0500", "2024-05-03T10:15:00Z"),
        ("2024-05-03T15:15:00+05", "2024-05-03T10:15:00Z"),
        ("2024-05-03T04:45:00-05:30", "2024-05-03T10:15:00Z"),
        ("2024-05-03 02:15:00+05:00", "2024-05-02T21:15:00Z"),
        ("2024-05-03T10:15:00.999999Z", "2024-05-03T10:15:00Z"),
        ("2024-05-03T10:15:00,5+00:00", "2024-05-03T10:15:00Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
    ],
)
def test_iso_instants_come_out_in_utc_without_fractions(value: str, instant: str) -> None:
    assert parse_instant(value) == instant


@pytest.mark.parametrize(("value"), ["2024-05-03", " 2024-05-03 ", "20240503", 20240503])
def test_a_value_without_clock_time_stays_a_date(value: object) -> None:
    assert parse_instant(value) == "2024-05-03"


@pytest.mark.parametrize("value", ["20240503101500", 20240503101500])
def test_fourteen_digits_are_a_warc_time(value: object) -> None:
    assert parse_instant(value) == "2024-05-03T10:15:00Z"


@pytest.mark.parametrize(
    "value",
    [
        *(1714731300, "1714731300", 1714731300.0, 1714731300.75, 1714731300999, "1714731300999"),
        *(1714731300999999, "1714731300999999", 1714731300999999999, "1714731300999999999"),
    ],
)
def test_numbers_are_unix_seconds_down_to_nanoseconds(value: object) -> None:
    assert parse_instant(value) == "2024-05-03T10:15:00Z"


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("1990-01-01", "1990-01-01"),
        ("1989-12-31", None),
        ("2100-12-31T23:59:59Z", "2100-12-31T23:59:59Z"),
        ("2101-01-01T00:00:00Z", None),
        ("1990-01-01T02:00:00+05:00", None),  # 1989 in UTC
        (631152000, "1990-01-01T00:00:00Z"),
        (631151999, None),
        ("19700101000000", None),
    ],
)
def test_years_outside_1990_to_2100_are_unreadable(value: object, instant: str | None) -> None:
    assert parse_instant(value) == instant


@pytest.mark.parametrize(
    "value",
    [
        *("", "  ", "yesterday", "2024", "2024-05", "2024-13-01", "2024-02-30", "2023-02-29"),
        *("2024-05-03T25:00:00Z", "2024-05-03T24:00:00Z", "2024-05-03T10:15:60Z"),
        *("2024-05-03T10:15:00+05:60", "2024-05-03T10:15:00+24:00", "2024-05-03Z"),
        *("2024-05-03T10:15:00Z extra", "x2024-05-03", "20241301", "20240503256000"),
        *("٢٠٢٤-٠٥-٠٣", "²0240503", "２０２４０５０３", "9" * 5000, "-1714731300"),
        *(None, True, False, [], {}, b"2024-05-03", -1, 0),
        *(float("nan"), float("inf"), -float("inf"), 1e300, 0.0),
    ],
)
def test_what_is_no_time_gives_none(value: object) -> None:
    assert parse_instant(value) is None


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.binary(), st.booleans()))
def test_any_value_gives_a_normal_form_or_none(value: object) -> None:
    instant = parse_instant(value)
    if instant is not None:
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?", instant)
        assert parse_instant(instant) == instant


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31)))
def test_every_naive_time_in_range_is_taken_as_utc(moment: object) -> None:
    text = str(moment)
    assert parse_instant(text) == text[:19].replace(" ", "T") + "Z"


def test_a_number_too_long_to_print_is_no_time() -> None:
    assert parse_instant(10**5000) is None
