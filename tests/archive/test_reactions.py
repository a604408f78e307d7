"""The session that could first react to an article, and the moves of shares around it."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ROOT

Connect = Callable[[Path], sqlite3.Connection]

CLOSING_HOURS = ROOT / "loader" / "market" / "facts" / "closing_hours.csv"

_IN_TIME, _LATE, _CLOSED = "before the close", "after the close", "no session that day"
# Date and basis of an article, the session that could first react, and why. In Ramadan of 2024 the
# close was at 13:30, in that of 2025 nobody knows when.
CASES = {
    "in session": ("2024-03-05T11:00:00+05:00", "published", "2024-03-05", _IN_TIME),
    "before the opening": ("2024-03-05T06:00:00+05:00", "published", "2024-03-05", _IN_TIME),
    "a minute before the close": ("2024-03-05T15:29:00+05:00", "feed", "2024-03-05", _IN_TIME),
    "at the close": ("2024-03-05T15:30:00+05:00", "published", "2024-03-06", _LATE),
    "Friday at four": ("2024-03-08T16:00:00+05:00", "published", "2024-03-08", _IN_TIME),
    "Friday evening": ("2024-03-08T18:00:00+05:00", "published", "2024-03-11", _LATE),
    "Ramadan at two": ("2024-03-14T14:00:00+05:00", "published", "2024-03-15", _LATE),
    "Saturday": ("2024-03-09T12:00:00+05:00", "published", "2024-03-11", _CLOSED),
    "a day without a clock": ("2024-03-05", "published", "2024-03-05", "time not known"),
    "a holiday without a clock": ("2024-03-09", "corpus", "2024-03-11", _CLOSED),
    "the printed edition": ("2024-03-05", "print", "2024-03-05", "morning paper"),
    "hours nobody knows": ("2025-03-05T14:00:00+05:00", "published", None, "hours not known"),
    "morning, hours or not": ("2025-03-05T12:00:00+05:00", "published", "2025-03-05", _IN_TIME),
    "before the calendar": ("1999-03-05T12:00:00+05:00", "published", None, _CLOSED),
    "after the calendar": ("2031-03-05T12:00:00+05:00", "published", None, _CLOSED),
}  # fmt: skip


@pytest.fixture
def archive(sample_archive: Path, connect: Connect) -> Iterator[sqlite3.Connection]:
    """The sample archive in memory, to be written to."""
    with closing(sqlite3.connect(":memory:")) as conn:
        connect(sample_archive).backup(conn)
        yield conn


@pytest.mark.parametrize("case", CASES)
def test_session_that_could_first_react(archive: sqlite3.Connection, case: str) -> None:
    date, basis, session, timing = CASES[case]
    archive.execute("update articles set article_date = ?, article_date_basis = ?", (date, basis))
    (found,) = set(archive.execute("select session, timing from article_sessions"))
    assert found == (session, timing)


def test_article_without_a_date_has_no_session(archive: sqlite3.Connection) -> None:
    archive.execute("update articles set article_date = null")
    assert archive.execute("select count(*) from article_sessions").fetchone() == (0,)


def test_hours_of_the_view_are_those_of_the_facts(archive: sqlite3.Connection) -> None:
    """Each minute before the close belongs to the day, none from the close on."""
    with CLOSING_HOURS.open(encoding="utf-8") as file:
        eras = list(csv.DictReader(file))
    for era in eras:
        sessions = archive.execute(
            "select date, strftime('%w', date) = '5' from sessions"
            " where date between ? and ? order by date limit 6",
            (era["from_date"], era["to_date"] or "9999"),
        ).fetchall()
        for day, is_friday in sessions:
            close = era["friday_close" if is_friday else "mon_thu_close"]
            before, after = (close or "12:30"), (close or "16:30")
            for clock, is_same in ((_minute_before(before), True), (after, False)):
                archive.execute(
                    "update articles set article_date = ?", (f"{day}T{clock}:00+05:00",)
                )
                (found,) = set(archive.execute("select session = ? from article_sessions", (day,)))
                assert found == (int(is_same),), (day, clock)


def _minute_before(clock: str) -> str:
    minutes = int(clock[:2]) * 60 + int(clock[3:]) - 1
    return f"{minutes // 60:02}:{minutes % 60:02}"


def test_a_return_is_that_of_the_prices_beside_it(sample_archive: Path, connect: Connect) -> None:
    rows = (
        connect(sample_archive)
        .execute(
            "select price, previous_price, simple_return, is_filled, typeof(price)"
            " from daily_returns where previous_price is not null"
        )
        .fetchall()
    )
    assert {row[3] for row in rows} == {0, 1}
    for price, previous, simple, _, kind in rows:
        assert simple == pytest.approx(price / previous - 1)  # also of two whole figures
        assert kind == "real"


def test_prices_and_returns_are_those_of_daily_returns(archive: sqlite3.Connection) -> None:
    rows = archive.execute(
        """
        select last_price - price, session_return - simple_return, basis, price_basis
        from article_reactions
        join daily_returns
            on daily_returns.printed_symbol = article_reactions.symbol
            and daily_returns.date = article_reactions.session and not is_filled
        where last_price is not null
        """
    ).fetchall()
    assert len(rows) > 500
    for price, change, basis, other in rows:
        assert abs(price) < 1e-9
        assert abs(change) < 1e-9
        assert basis == other


def test_each_name_has_seven_sessions_in_order(archive: sqlite3.Connection) -> None:
    by_name: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for article_id, symbol, offset, session in archive.execute(
        "select article_id, symbol, session_offset, session from article_reactions order by 1, 2, 3"
    ):
        by_name.setdefault((article_id, symbol), []).append((offset, session))
    assert by_name
    for found in by_name.values():
        assert [offset for offset, _ in found] == [-1, 0, 1, 2, 3, 4, 5]
        known = [session for _, session in found if session]
        assert known == sorted(set(known))


def test_board_of_another_day_never_stands_in(archive: sqlite3.Connection) -> None:
    """Without a board of the session there is neither price nor return."""
    (day,) = archive.execute(
        "select session from article_reactions where last_price is not null and symbol <> 'KSE100'"
        " group by session order by count(*) desc limit 1"
    ).fetchone()
    archive.execute(
        "update trading_days set last_board_id = null, index_board_id = null where date = ?", (day,)
    )
    rows = archive.execute(
        "select last_price, session_return, kse100_return, excess_return, basis, board_id"
        " from article_reactions where session = ?",
        (day,),
    ).fetchall()
    assert rows
    assert set(rows) == {(None,) * 6}


def test_ends_of_the_calendar_leave_sessions_empty(archive: sqlite3.Connection) -> None:
    (last,) = archive.execute("select max(date) from sessions").fetchone()
    archive.execute(
        "update articles set article_date = ?, article_date_basis = 'published'", (last,)
    )
    found = archive.execute(
        "select distinct session_offset, session is null from article_reactions order by 1"
    ).fetchall()
    assert found == [(-1, 0), (0, 0), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1)]
