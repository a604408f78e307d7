"""Prepare daily series for charts, with the gaps between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

# If an archive has no list of sessions: longer than a weekend and a long holiday.
_UNLIKELY_CLOSED = 7


class Point(NamedTuple):
    """The value of one day; `day` is its `date.toordinal`.

    `follows` is true if the previous point is of the previous session, so that a line may join
    them. `is_suspect` is true if the value failed a check.
    """

    day: int
    value: float
    follows: bool = False
    is_suspect: bool = False


class Mark(NamedTuple):
    """A day with articles that name the first series: their number, and the headline of one."""

    day: int
    article_count: int
    headline: str


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart, oldest point first."""

    name: str
    points: tuple[Point, ...]

    def runs(self) -> Iterator[list[Point]]:
        """Yield the points in runs without a missing session."""
        run: list[Point] = []
        for point in self.points:
            if run and not point.follows:
                yield run
                run = []
            run.append(point)
        if run:
            yield run

    def rebased(self, base: float) -> Series:
        """Return the series with `base` as 100; rounded to hundredths."""
        points = [
            Point(day, round(100 * value / base, 2), follows, is_suspect)
            for day, value, follows, is_suspect in self.points
        ]
        return Series(self.name, tuple(points))


def series_of(name: str, rows: Sequence[Mapping[str, Any]]) -> Series:
    """Return rows of `joined_prices` as a series of prices."""
    points: list[Point] = []
    before: Mapping[str, Any] | None = None
    for row in rows:
        day = date.fromisoformat(row["date"]).toordinal()
        follows = before is not None and _follows(row, before["date"], day - points[-1].day)
        points.append(Point(day, row["price"], follows, not is_sound(row)))
        before = row
    return Series(name, tuple(points))


def is_sound(row: Mapping[str, Any]) -> bool:
    """Return whether a quote passed every applicable check."""
    return bool(row["percent_ok"] and row["sign_ok"] and row["within_daily_limit"] != 0)


def rebase(series: Sequence[Series]) -> tuple[tuple[Series, ...], int | None]:
    """Return the series rebased to 100 on the first day they have in common, and that day.

    Without such a day, or with a price of zero on it, each series is rebased on a day of its own
    and the day is None. Series without a positive price are left out.
    """
    priced = [each for each in series if any(point.value for point in each.points)]
    days = [{point.day for point in each.points if point.value} for each in priced]
    common = min(set.intersection(*days), default=None) if days else None
    return tuple(each.rebased(_base(each.points, common)) for each in priced), common


def _base(points: Iterable[Point], day: int | None) -> float:
    return next(point.value for point in points if point.value and day in (None, point.day))


def _follows(row: Mapping[str, Any], date_before: str, days_between: int) -> bool:
    """Whether there is no session between a row and the previous one."""
    if row["sessions_since_previous"] is None:
        return days_between <= _UNLIKELY_CLOSED
    return bool(row["previous_date"] == date_before and row["sessions_since_previous"] == 1)
