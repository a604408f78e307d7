"""Compute the positions of a chart's parts, its scales and ticks from its series and size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from loader.web.charts.scale import Tick, day_ticks, value_ticks
from loader.web.charts.series import Mark, Point, Series

_TOP: Final = 10  # pixels above the highest line
_AXIS: Final = 22  # pixels for the dates
_GAP: Final = 26  # pixels between the plot and the bars below it


class Size(NamedTuple):
    """Height of the plot in pixels, maximum number of ticks, and intended width.

    The width only limits the number of points that are drawn: on a page, a chart fills the
    available width.
    """

    height: int
    width: int
    value_ticks: int
    day_ticks: int
    bar_height: int = 0


WIDE: Final = Size(height=300, width=1000, value_ticks=5, day_ticks=8, bar_height=70)
NARROW: Final = Size(height=180, width=420, value_ticks=4, day_ticks=4)
SMALL: Final = Size(height=110, width=240, value_ticks=3, day_ticks=2)


@dataclass(frozen=True)
class Layout:
    """A chart of at least one point; positions are in days and in pixels from the top."""

    label: str  # text alternative
    series: tuple[Series, ...]
    size: Size
    marks: tuple[Mark, ...] = ()
    bars: tuple[Point, ...] = ()  # changes in per cent
    # Ends of the axes, if several charts share them.
    days: tuple[int, int] | None = None
    values: tuple[float, float] | None = None
    ticks: tuple[Tick, ...] = ()  # of the horizontal axis, if its labels are not dates

    @property
    def top(self) -> int:
        """Distance of the highest value from the top in pixels."""
        return _TOP

    @property
    def floor(self) -> int:
        """Bottom of the plot."""
        return _TOP + self.size.height

    @property
    def bar_zero(self) -> int:
        """Zero line of the bars."""
        return self.floor + _GAP + self.size.bar_height // 2

    @property
    def bottom(self) -> int:
        """Bottom of plot and bars, above the dates."""
        return self.floor + (_GAP + self.size.bar_height if self.bars else 0)

    @property
    def height(self) -> int:
        """Height of the whole drawing."""
        return self.bottom + _AXIS

    @cached_property
    def first_day(self) -> int:
        """The first day of the axis."""
        return self.days[0] if self.days else min(line.points[0].day for line in self.series)

    @cached_property
    def last_day(self) -> int:
        """The last day of the axis."""
        return self.days[1] if self.days else max(line.points[-1].day for line in self.series)

    @cached_property
    def value_axis(self) -> list[Tick]:
        """Ticks at round numbers that enclose all values."""
        values = self.values or [point.value for line in self.series for point in line.points]
        return value_ticks(min(values), max(values), self.size.value_ticks)

    @cached_property
    def day_axis(self) -> list[Tick]:
        """Ticks at round dates, or the given ticks."""
        return list(self.ticks) or day_ticks(self.first_day, self.last_day, self.size.day_ticks)

    @cached_property
    def largest_move(self) -> float:
        """Change of the longest bar in per cent."""
        largest = max((abs(bar.value) for bar in self.bars), default=0.0)
        return value_ticks(0.0, largest, 2)[-1].at if largest else 1.0

    def across(self, day: float) -> float:
        """Return the horizontal position of a day, from 0 (left) to 1 (right)."""
        days = self.last_day - self.first_day
        return (day - self.first_day) / days if days else 0.5

    def down(self, value: float) -> float:
        """Return the distance of a value from the top in pixels."""
        low, high = self.value_axis[0].at, self.value_axis[-1].at
        return self.top + self.size.height * (high - value) / (high - low)


def thinned(points: Sequence[Point], columns: int) -> list[Point]:
    """Reduce points to those needed to draw the same line over this number of pixels.

    The first, lowest, highest and last point of each column are kept, so that no peak is lost.
    """
    if len(points) <= 4 * columns:
        return list(points)
    first, span = points[0].day, points[-1].day - points[0].day or 1
    by_column: dict[int, list[Point]] = {}
    for point in points:
        by_column.setdefault((point.day - first) * columns // span, []).append(point)
    kept: set[Point] = set()
    for column in by_column.values():
        values = sorted(column, key=lambda point: point.value)
        kept |= {column[0], column[-1], values[0], values[-1]}
    return sorted(kept)
