"""Captures before and after the end of a session are distinguished."""

from __future__ import annotations

import pytest

from loader.market.closing import Seen, seen_when
from loader.market.sessions import utc


@pytest.mark.parametrize(
    ("day", "clock", "wanted"),
    [
        ("2024-05-02", "15:29", Seen.RUNNING),  # a Thursday
        ("2024-05-02", "15:31", Seen.AROUND),
        ("2024-05-02", "15:45", Seen.OVER),
        ("2024-05-03", "16:00", Seen.RUNNING),  # a Friday closes later
        ("2024-05-03", "16:45", Seen.OVER),
        ("2024-03-14", "13:50", Seen.OVER),  # Ramadan
        ("2025-03-06", "12:00", Seen.RUNNING),  # Ramadan with unknown hours
        ("2025-03-06", "14:00", Seen.AROUND),
        ("2025-03-06", "16:45", Seen.OVER),
    ],
)
def test_a_board_is_seen_before_or_after_the_close(day: str, clock: str, wanted: Seen) -> None:
    assert seen_when(day, utc(day, clock)) is wanted


def test_dates_without_a_time_tell_only_of_later_days() -> None:
    assert seen_when("2024-05-02", "2024-05-03") is Seen.OVER
    assert seen_when("2024-05-02", "2024-05-02") is None
    assert seen_when("2024-05-02", None) is None
    assert seen_when("2024-05-02", "2024-05-05T08:00:00Z") is Seen.OVER
