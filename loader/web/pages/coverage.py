"""Make a calendar of a year that shows the days with boards and articles."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass
from typing import Any

from loader.web.data.archive_db import ArchiveDb, Row
from loader.words import counted


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One square of the calendar; `kind` is board, article, none or weekend."""

    date: str
    number: int
    boards: int
    articles: int
    kind: str

    @property
    def words(self) -> str:
        """Description of the day's contents."""
        held = [
            counted(count, name)
            for count, name in ((self.boards, "board"), (self.articles, "article"))
            if count
        ]
        return f"{self.date}: {', '.join(held) or 'nothing'}"


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month of the calendar."""

    name: str
    days: tuple[CalendarDay, ...]


async def span(archive: ArchiveDb) -> Row:
    """Return first and last days, and the numbers of dated and undated boards and articles."""
    (found,) = await archive.cached("span", lambda: archive.rows("day_span"))
    return found


def years(found: Row) -> list[int]:
    """Return the years with a board or an article, oldest first."""
    dates = [
        str(value)[:4]
        for value in (
            found["first_day"], found["last_day"], found["first_article"], found["last_article"],
        )
        if value
    ]  # fmt: skip
    numbers = [int(date) for date in dates if date.isdigit()]
    return list(range(min(numbers), max(numbers) + 1)) if numbers else []


async def year_calendar(archive: ArchiveDb, year: int) -> list[CalendarMonth]:
    """Return the twelve months of a year."""

    async def make() -> list[CalendarMonth]:
        boards = await archive.rows(
            "year_boards", {"first_day": year * 10000, "last_day": year * 10000 + 9999}
        )
        articles = await archive.rows(
            "year_articles", {"first_date": f"{year:04}-01-01", "end_date": f"{year + 1:04}-01-01"}
        )
        return _months(
            year,
            {row["date"]: row["boards"] for row in boards},
            {row["date"]: row["articles"] for row in articles},
        )

    return await archive.cached(f"calendar {year}", make)


def _months(year: int, boards: dict[str, Any], articles: dict[str, Any]) -> list[CalendarMonth]:
    months = []
    for month in range(1, 13):
        days = []
        for number in range(1, calendar.monthrange(year, month)[1] + 1):
            date = datetime.date(year, month, number)
            of_day = boards.get(date.isoformat(), 0), articles.get(date.isoformat(), 0)
            days.append(CalendarDay(date.isoformat(), number, *of_day, _kind(date, *of_day)))
        months.append(CalendarMonth(f"{year:04}-{month:02}", tuple(days)))
    return months


def _kind(date: datetime.date, boards: int, articles: int) -> str:
    if boards:
        return "board"
    if articles:
        return "article"
    return "weekend" if date.weekday() >= 5 else "none"
