"""From a moment to the session that a fresh board shows."""

from __future__ import annotations

import pytest

from loader.market.calendar import library_days, make_sessions
from loader.market.sessions import Sessions, time_claim, years_needed
from tests import make_closed_days


@pytest.fixture(scope="module")
def sessions() -> Sessions:
    return Sessions(make_sessions(2023, 2025, {}))


def shown(sessions: Sessions, captured: str | None, masthead: str | None = None) -> list[str]:
    claim = time_claim(captured, masthead, sessions)
    assert claim is not None
    return [sessions.days[number] for number in dict.fromkeys(claim[1:])]


@pytest.mark.parametrize(
    ("captured", "days"),
    [
        ("2024-05-06T04:31:00Z", ["2024-05-03"]),  # 09:31 on Monday: Friday's
        ("2024-05-06T04:35:00Z", ["2024-05-03", "2024-05-06"]),  # just opened: the site may lag
        ("2024-05-06T04:47:00Z", ["2024-05-06"]),
        ("2024-05-06T20:00:00Z", ["2024-05-06"]),  # 01:00 on Tuesday
        ("2024-05-05T10:00:00Z", ["2024-05-03"]),  # Sunday
        ("2024-05-01T10:00:00Z", ["2024-04-30"]),  # Labour Day
        ("2024-04-08T04:33:00Z", ["2024-04-08"]),  # Ramadan 1445: open from 09:17
        ("2025-03-05T05:00:00Z", ["2025-03-04", "2025-03-05"]),  # hours of Ramadan 2025 unknown
    ],
)
def test_a_capture_shows_the_last_session_that_had_opened(
    sessions: Sessions, captured: str, days: list[str]
) -> None:
    assert shown(sessions, captured) == days


def test_a_date_without_a_time_leaves_two_sessions_open(sessions: Sessions) -> None:
    assert shown(sessions, "2024-05-07") == ["2024-05-06", "2024-05-07"]
    assert shown(sessions, None, "2024-05-07") == ["2024-05-06", "2024-05-07"]


def test_a_date_without_a_session_leaves_one(sessions: Sessions) -> None:
    assert shown(sessions, None, "2024-05-05") == ["2024-05-03"]


def test_masthead_and_capture_narrow_each_other(sessions: Sessions) -> None:
    assert shown(sessions, "2024-05-07", "2024-05-06") == ["2024-05-06"]


def test_a_masthead_older_than_the_capture_is_of_a_cached_page(sessions: Sessions) -> None:
    assert shown(sessions, "2024-05-16T08:00:00Z", "2024-05-05") == ["2024-05-03"]


def test_the_calendar_is_mended_where_it_is_known_to_be_wrong(sessions: Sessions) -> None:
    assert "2025-06-06" not in sessions.numbers
    assert "2025-09-05" in sessions.numbers


def test_changes_of_the_user_add_and_remove_days() -> None:
    changed = make_sessions(2024, 2024, {"2024-05-03": (False, "me"), "2024-05-04": (True, "me")})
    days = {session.day: session.source for session in changed}
    assert "2024-05-03" not in days
    assert days["2024-05-04"] == "me"


def test_years_needed_begin_a_year_early() -> None:
    assert years_needed(["2024-01-02T00:00:00Z", None, "2022-12-31"]) == (2021, 2024)
    assert years_needed([None]) is None


def test_before_the_first_session_nothing_is_known(sessions: Sessions) -> None:
    assert time_claim("2001-01-01T00:00:00Z", None, sessions) is None
    assert time_claim(None, None, sessions) is None


def test_the_list_of_closed_days_is_what_the_calendar_library_says() -> None:
    first, last = make_closed_days.FIRST_YEAR, make_closed_days.LAST_YEAR
    assert make_closed_days.PATH.read_text(encoding="utf-8") == make_closed_days.text()
    days = [session.day for session in make_sessions(first, last, {})]
    mended = {"2025-06-06", "2025-09-05"}  # facts/session_overrides.csv
    assert set(days) ^ set(library_days(first, last)) == mended


def test_without_the_library_years_beyond_the_list_have_no_sessions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("loader.market.calendar.has_library", lambda: False)
    changes = {"2027-05-03": (True, "me")}
    sessions = Sessions(make_sessions(2025, 2027, changes))
    assert sessions.days[-1] == "2026-12-31"
    assert make_sessions(2027, 2028, changes) == ()
    # The last session known is not what a board of such a year shows.
    assert time_claim("2027-01-04T10:00:00Z", "2027-01-04", sessions) is None
    assert time_claim("2026-12-31T19:00:00Z", None, sessions) is not None


def test_years_beyond_the_list_come_from_the_library() -> None:
    days = [session.day for session in make_sessions(2026, 2027, {})]
    assert days == library_days(2026, 2027)
