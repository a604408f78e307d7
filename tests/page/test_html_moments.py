"""Dates of JSON-LD, meta tags and titles: equal ones, and ones after a capture."""

from __future__ import annotations

import pytest

from loader.page.dates import is_later
from loader.page.html.moments import parse_moment, same_moment


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2025-01-29 22:34:17+05:00", "2025-01-29T22:34:17+05:00"),
        ("2025-01-29T22:34:17+0500", "2025-01-29T22:34:17+05:00"),
        ("2025-01-29T17:34:17Z", "2025-01-29T22:34:17+05:00"),
        ("2025-01-29T17:34:17.123Z", "2025-01-29T22:34:17+05:00"),
        ("2025-01-29T20:34:17+03:00", "2025-01-29T22:34:17+05:00"),
        ("2025-01-29T23:00:00-08:00", "2025-01-30T12:00:00+05:00"),
        ("2025-01-29T22:34", "2025-01-29T22:34:00+05:00"),
        (" 2025-01-29 ", "2025-01-29"),
    ],
)
def test_iso_dates_of_either_spelling_come_out_in_karachi(text: str, wanted: str) -> None:
    assert parse_moment(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "", "0000-00-00", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "2025-02-30", "2025-01-29T25:00:00", "2025-01-29T10:00:00+99:00", "٢٠٢٥-٠١-٢٩", "today",
        "2025-01-29T10:00:00+05:99",
    ],
)  # fmt: skip
def test_what_is_no_date_gives_none(text: str) -> None:
    assert parse_moment(text) is None


def test_dates_agree_as_far_as_the_coarser_goes() -> None:
    assert same_moment("2025-01-29", "2025-01-29T22:34:17+05:00")
    assert same_moment("2025-01-29T22:34:17+05:00", "2025-01-29T22:34:00+05:00")
    assert not same_moment("2025-01-29T22:34:17+05:00", "2025-01-29T22:34:18+05:00")
    assert not same_moment("2025-01-29", "2025-01-30")


@pytest.mark.parametrize(
    ("printed", "captured_at", "later"),
    [
        ("2025-01-29T22:34:17+05:00", "2025-01-29T17:34:17Z", False),
        ("2025-01-29T22:34:18+05:00", "2025-01-29T17:34:17Z", True),
        # In Karachi the day has begun.
        ("2025-01-30", "2025-01-29T20:00:00Z", False),
        ("2025-01-30", "2025-01-29T18:00:00Z", True),
        ("2025-01-30", "2025-01-29", False),
        ("2025-01-31", "2025-01-29", True),
        ("2025-01-29T23:59:00+05:00", "2025-01-29", False),
        ("2025-01-31T00:00:00+05:00", "2025-01-29", True),
    ],
)
def test_a_date_is_later_only_when_it_must_be(printed: str, captured_at: str, later: bool) -> None:
    assert is_later(printed, captured_at) is later
