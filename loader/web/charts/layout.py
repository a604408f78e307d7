"""Where each part of a chart lies: scales and ticks, from its series and its size."""

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
    """Height of the plot in pixels, how many ticks fit, and the width it is made for.

    The width only says how many points can be told apart: on a page a chart is as wide as there
    is room.
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
    """A chart of at least one point: what it shows and where, in days and pixels from the top."""

    label: str  # what the chart shows, in words
    series: tuple[Series, ...]
    size: Size
    marks: tuple[Mark, ...] = ()
    bars: tuple[Point, ...] = ()  # moves in per cent
    # First and last of the axes, where several charts share them.
    days: tuple[int, int] | None = None
    values: tuple[float, float] | None = None
    ticks: tuple[Tick, ...] = ()  # of the axis of days, where they are no dates

    @property
    def top(self) -> int:
        """Pixels above the highest value."""
        return _TOP

    @property
    def floor(self) -> int:
        """Where the plot ends."""
        return _TOP + self.size.height

    @property
    def bar_zero(self) -> int:
        """Where the bars stand."""
        return self.floor + _GAP + self.size.bar_height // 2

    @property
    def bottom(self) -> int:
        """Where plots and bars end; the dates are below."""
        return self.floor + (_GAP + self.size.bar_height if self.bars else 0)

    @property
    def height(self) -> int:
        """Of the whole drawing."""
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
        """Round figures from under the lowest to above the highest."""
        values = self.values or [point.value for line in self.series for point in line.points]
        return value_ticks(min(values), max(values), self.size.value_ticks)

    @cached_property
    def day_axis(self) -> list[Tick]:
        """Round dates, or the ticks that were given."""
        return list(self.ticks) or day_ticks(self.first_day, self.last_day, self.size.day_ticks)

    @cached_property
    def largest_move(self) -> float:
        """Per cent that the longest bar stands for."""
        largest = max((abs(bar.value) for bar in self.bars), default=0.0)
        return value_ticks(0.0, largest, 2)[-1].at if largest else 1.0

    def across(self, day: float) -> float:
        """Return the place of a day from left (0) to right (1)."""
        days = self.last_day - self.first_day
        return (day - self.first_day) / days if days else 0.5

    def down(self, value: float) -> float:
        """Return the pixels from the top at which a value lies."""
        low, high = self.value_axis[0].at, self.value_axis[-1].at
        return self.top + self.size.height * (high - value) / (high - low)


def thinned(points: Sequence[Point], columns: int) -> list[Point]:
    """Return points that draw the same line over so many pixels, when there are many more.

    Of each column the first, lowest, highest and last are kept, so no peak is lost.
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
