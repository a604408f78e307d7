"""Times are mapped to the session on a fresh board."""

from __future__ import annotations

import pytest

from loader.market.calendar import library_days, make_sessions
from loader.market.lunar import windows
from loader.market.sessions import (
    Sessions,
    published_bound,
    text_is_from,
    time_claim,
    years_needed,
)
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
    mended = {"2025-06-06", "2025-09-05", *MOON_OF_2026}  # facts/session_changes.csv
    assert set(days) ^ set(library_days(first, last)) == mended


def test_without_the_library_years_beyond_the_list_have_no_sessions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("loader.market.calendar.has_library", lambda: False)
    changes = {"2027-05-03": (True, "me")}
    sessions = Sessions(make_sessions(2025, 2027, changes))
    assert sessions.days[-1] == "2026-12-31"
    assert make_sessions(2027, 2028, changes) == ()
    # Boards of such a year do not show the last known session.
    assert time_claim("2027-01-04T10:00:00Z", "2027-01-04", sessions) is None
    assert time_claim("2026-12-31T19:00:00Z", None, sessions) is not None


MOON_OF_2026 = ("2026-05-27", "2026-05-29", "2026-06-25", "2026-06-26")


def test_years_beyond_the_list_come_from_the_library() -> None:
    days = [session.day for session in make_sessions(2026, 2027, {})]
    assert days == [day for day in library_days(2026, 2027) if day not in MOON_OF_2026]


@pytest.mark.parametrize(
    ("captured", "day"),
    [
        ("2026-05-26T11:00:00Z", "2026-05-26"),
        ("2026-05-27T11:00:00Z", "2026-05-26"),
        ("2026-05-28T11:00:00Z", "2026-05-26"),
        ("2026-05-29T11:00:00Z", "2026-05-26"),
        ("2026-06-01T11:00:00Z", "2026-06-01"),
        ("2026-06-25T11:00:00Z", "2026-06-24"),
        ("2026-06-26T11:00:00Z", "2026-06-24"),
        ("2026-06-29T11:00:00Z", "2026-06-29"),
    ],
)
def test_holidays_by_the_moon_of_2026(captured: str, day: str) -> None:
    assert shown(Sessions(make_sessions(2026, 2026, {})), captured) == [day]


def test_days_on_which_a_holiday_by_the_moon_may_fall_say_so() -> None:
    unsure = {item.day: item.unconfirmed for item in make_sessions(2026, 2026, {})}
    assert unsure["2026-03-19"] == "Eid-ul-Fitr"
    assert unsure["2026-03-13"] == "Juma-tul-Wida"
    assert unsure["2026-03-12"] is None  # a Thursday of the last week of Ramadan
    assert unsure["2026-08-26"] == "Eid Milad-un-Nabi"
    assert unsure["2026-05-26"] is None  # Eid-ul-Azha of that year was announced
    assert unsure["2026-07-01"] is None


def test_no_day_of_the_years_that_were_compared_with_prices_is_in_doubt() -> None:
    assert not any(item.unconfirmed for item in make_sessions(2015, 2025, {}))


def test_a_users_file_settles_the_holiday_of_which_it_names_a_day() -> None:
    told = make_sessions(2026, 2026, {"2026-03-20": (False, "me")})
    unsure = {item.day: item.unconfirmed for item in told}
    assert unsure["2026-03-19"] is None
    assert unsure["2026-08-26"] == "Eid Milad-un-Nabi"


@pytest.mark.parametrize(
    "holiday",
    [
        "2019-06-04 2019-06-07 2019-08-12 2019-08-15 2019-09-09 2019-09-10",
        "2020-05-22 2020-05-27 2020-07-31 2020-10-30",
        "2021-05-07 2021-05-14 2021-07-20 2021-07-22 2021-08-18 2021-10-19",
        "2022-04-29 2022-05-05 2022-07-08 2022-07-12 2022-08-08 2022-08-09",
        "2023-04-14 2023-04-21 2023-06-28 2023-06-30 2023-07-28 2023-09-29",
        "2024-04-05 2024-04-10 2024-06-17 2024-06-19 2024-07-16 2024-09-17",
        "2025-03-28 2025-03-31 2025-04-02 2025-06-06 2025-06-09",
    ],
)
def test_holidays_by_the_moon_fell_within_the_windows(holiday: str) -> None:
    found = list(windows(2019, 2025))
    for day in holiday.split():
        assert any(window.contains(day) for window in found), day


@pytest.mark.parametrize(
    ("moments", "instant"),
    [
        (["2024-05-03T11:23:00+05:00"], "2024-05-03T06:23:00Z"),
        (["2024-05-03"], "2024-05-02T19:00:00Z"),  # midnight in Karachi
        (["2024-05"], "2024-04-30T19:00:00Z"),
        (["2022-01-01", None, "2024-05-03T11:23:00+05:00", "2024-05"], "2024-05-03T06:23:00Z"),
        ([None], None),
    ],
)
def test_a_page_is_younger_than_the_latest_moment_of_its_text(
    moments: list[str | None], instant: str | None
) -> None:
    assert text_is_from(moments) == instant


def test_publication_bounds_the_session_from_below(sessions: Sessions) -> None:
    bound = published_bound("2024-05-06T06:00:00Z", None, sessions)
    assert bound == sessions.numbers["2024-05-06"]
    before_opening = published_bound("2024-05-06T04:00:00Z", None, sessions)
    assert before_opening == sessions.numbers["2024-05-03"]
    assert published_bound("2001-01-01T00:00:00Z", None, sessions) is None
    # A text newer than its capture has a wrong date, and is not evidence.
    assert published_bound("2024-05-06T06:00:00Z", "2024-05-03", sessions) is None
