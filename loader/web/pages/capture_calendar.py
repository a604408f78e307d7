"""Make a monthly calendar of a page's captures, with its versions marked."""

from __future__ import annotations

import calendar
import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from loader.web.data.archive_db import ArchiveDb, Row
from loader.web.data.parameters import day as parse_day

_MOST_ROWS: Final = 500  # maximum number of days with captures
_MOST_MONTHS: Final = 24
_OF_PAGE: Final = "and page_id = :page_id"
_OF_ARTICLE: Final = "and article_id = :article_id"


class Version(NamedTuple):
    """A text of the page: its number from 1, and its first capture."""

    number: int
    first_captured_at: str | None


@dataclass(frozen=True, slots=True)
class CaptureDay:
    """A day with captures; `versions` are the numbers of the texts first seen on it.

    `snapshot_id` is the first capture of the day, None if crawlers only recorded that the page was
    unchanged.
    """

    date: str
    capture_count: int
    unchanged_count: int
    versions: tuple[int, ...]
    snapshot_id: int | None

    @property
    def kind(self) -> str:
        """One of version, capture and unchanged."""
        if self.versions:
            return "version"
        return "capture" if self.capture_count else "unchanged"

    @property
    def words(self) -> str:
        """Description of the day's captures."""
        parts = []
        if self.capture_count:
            parts.append(f"{self.capture_count} capture{'s' if self.capture_count > 1 else ''}")
        if self.unchanged_count:
            times = f" {self.unchanged_count} times" if self.unchanged_count > 1 else ""
            parts.append(f"found unchanged{times}")
        parts += [f"version {number} first seen" for number in self.versions]
        return f"{self.date}: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class CaptureMonth:
    """A month with captures: weeks from Monday, each day with its number and captures.

    Days of other months have the number 0.
    """

    name: str
    weeks: tuple[tuple[tuple[int, CaptureDay | None], ...], ...]


@dataclass(frozen=True, slots=True)
class CaptureCalendar:
    """The months with captures, the newest last; `is_cut` if earlier ones were left out."""

    months: tuple[CaptureMonth, ...]
    day_count: int
    has_unchanged: bool
    is_cut: bool


async def read_calendar(
    archive: ArchiveDb,
    page_id: int | None,
    article_id: int,
    versions: Sequence[Row],
    forms: Sequence[Row],
) -> CaptureCalendar:
    """Return the captures of a page, or of the article if its page is unknown.

    `versions` are rows of article_versions.sql; a single one is not marked. `forms` are rows of
    version_forms.sql, further texts of these versions.
    """
    asked = {"page_id": page_id, "article_id": article_id, "limit": _MOST_ROWS}
    conditions = _OF_ARTICLE if page_id is None else _OF_PAGE
    rows = await archive.rows("page_captures", asked, conditions)
    firsts = {
        row["version"]: Version(row["version"], row["first_captured_at"])
        for row in (versions if len(versions) > 1 else ())
    }
    texts = [(row["id"], row["version"]) for row in (*reversed(versions), *forms)]
    known = {key: firsts[version] for key, version in texts if version in firsts}
    days = days_of(rows[::-1], known)
    months = _months(days)
    return CaptureCalendar(
        tuple(months[-_MOST_MONTHS:]),
        len(days),
        any(day.kind == "unchanged" for day in days),
        len(rows) == _MOST_ROWS or len(months) > _MOST_MONTHS,
    )


def days_of(rows: Sequence[Row], versions: Mapping[int, Version]) -> list[CaptureDay]:
    """Return the days of captures, which are sorted by day; `versions` are by article."""
    firsts = {(number, each.first_captured_at): each for number, each in versions.items()}
    days: list[CaptureDay] = []
    for date, found in groupby(rows, key=lambda row: row["day"]):
        if parse_day(date) is None:
            continue
        of_day = list(found)
        counts = Counter({True: 0, False: 0})
        for row in of_day:
            counts[bool(row["is_revisit"])] += row["capture_count"]
        snapshots = [row for row in of_day if not row["is_revisit"]]
        first = min(snapshots, key=lambda row: row["first_captured_at"], default=None)
        new = sorted(
            firsts[key].number
            for row in snapshots
            if (key := (row["article_id"], row["first_captured_at"])) in firsts
        )
        days.append(
            CaptureDay(
                date, counts[False], counts[True], tuple(new), first["id"] if first else None
            )
        )
    return days


def _months(days: Sequence[CaptureDay]) -> list[CaptureMonth]:
    months: list[CaptureMonth] = []
    for name, found in groupby(days, key=lambda day: day.date[:7]):
        by_number = {int(day.date[8:]): day for day in found}
        first = datetime.date.fromisoformat(f"{name}-01")
        weeks = calendar.Calendar().monthdayscalendar(first.year, first.month)
        months.append(
            CaptureMonth(
                first.strftime("%B %Y"),
                tuple(tuple((number, by_number.get(number)) for number in week) for week in weeks),
            )
        )
    return months
