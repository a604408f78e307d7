"""Charts have lines with gaps, round axes, drawings, and data for the script."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.web.charts.draw import page_svg, sparkline
from loader.web.charts.file import svg_file
from loader.web.charts.layout import NARROW, SMALL, WIDE, Layout, thinned
from loader.web.charts.scale import day_ticks, value_ticks
from loader.web.charts.script_data import script_data
from loader.web.charts.series import Mark, Point, Series, rebase, series_of

FIRST = date(2024, 3, 4).toordinal()


def row(day: str, price: float, previous: str | None, sessions: int | None) -> dict[str, Any]:
    return {
        "date": day, "price": price, "percent": 0.0, "percent_ok": 1, "sign_ok": 1,
        "within_daily_limit": None, "previous_date": previous, "sessions_since_previous": sessions,
    }  # fmt: skip


def line(name: str, *points: tuple[int, float]) -> Series:
    """Return a line without gaps; days are counted from the first Monday of March 2024."""
    return Series(
        name, tuple(Point(FIRST + day, value, bool(n)) for n, (day, value) in enumerate(points))
    )


def layout(*lines: Series, **options: Any) -> Layout:
    return Layout("what it shows", lines, options.pop("size", WIDE), **options)


def test_a_missing_session_breaks_a_line_and_a_weekend_does_not() -> None:
    series = series_of("A", [
        row("2024-03-07", 1, None, None),
        row("2024-03-08", 2, "2024-03-07", 1),
        row("2024-03-11", 3, "2024-03-08", 1),  # a weekend
        row("2024-03-13", 4, "2024-03-11", 2),  # no board on the 12th
        row("2024-03-15", 5, "2024-03-14", 1),  # the board of the 14th does not show it
    ])  # fmt: skip
    assert [[point.value for point in run] for run in series.runs()] == [[1, 2, 3], [4], [5]]


def test_without_a_list_of_sessions_a_week_breaks_a_line() -> None:
    series = series_of("A", [
        row("2024-03-01", 1, None, None),
        row("2024-03-08", 2, "2024-03-01", None),
        row("2024-03-18", 3, "2024-03-08", None),
    ])  # fmt: skip
    assert [len(run) for run in series.runs()] == [2, 1]


def test_all_lines_are_100_on_the_first_common_day() -> None:
    (a, b), day = rebase([line("A", (0, 50), (1, 60)), line("B", (1, 4), (2, 5))])
    assert day == FIRST + 1
    assert [point.value for point in a.points] == [83.33, 100]
    assert [point.value for point in b.points] == [100, 125]


def test_without_a_common_day_each_line_starts_at_100() -> None:
    lines, day = rebase([line("A", (0, 50)), line("B", (1, 4)), line("C", (0, 0.0))])
    assert day is None
    assert [(each.name, each.points[0].value) for each in lines] == [("A", 100), ("B", 100)]


@given(st.floats(0.01, 1e6), st.floats(0, 1e6), st.integers(2, 6))
def test_value_ticks_are_round_and_cover_all(low: float, more: float, count: int) -> None:
    ticks = value_ticks(low, low + more, count)
    assert ticks[0].at <= low * (1 + 1e-9)
    assert ticks[-1].at >= (low + more) * (1 - 1e-9)
    assert 2 <= len(ticks) <= count + 2
    assert len({tick.label for tick in ticks}) == len(ticks)


@given(st.integers(date(2000, 1, 1).toordinal(), FIRST), st.integers(0, 9000), st.integers(2, 8))
def test_day_ticks_are_few_in_order_and_within(first: int, days: int, most: int) -> None:
    ticks = day_ticks(first, first + days, most)
    assert 1 <= len(ticks) <= most
    assert all(first <= tick.at <= first + days for tick in ticks)
    assert all(a.at < b.at for a, b in pairwise(ticks))


def test_points_are_spaced_by_time() -> None:
    drawn = str(page_svg(layout(line("A", (0, 1), (1, 2), (10, 1)))))
    numbers = re.search(r'class="line s1" d="M(-?\d+) ?(-?\d+)l(-?\d+)', drawn)
    assert numbers
    assert int(numbers[3]) == 1000  # a tenth of the width for one of ten days


@pytest.mark.parametrize("size", [WIDE, NARROW, SMALL])
def test_drawings_are_xml_and_say_what_they_show(size: Any) -> None:
    shown = layout(
        line("<A>", (0, 1), (1, 2)), line("B", (0, 3)), size=size,
        marks=(Mark(FIRST, 1, "<b>"), Mark(FIRST + 7, 1, "not in the chart")),
        bars=(Point(FIRST, -1.5), Point(FIRST + 1, 0.0)) if size == WIDE else (),
    )  # fmt: skip
    for text in (str(page_svg(shown)), str(sparkline(shown)), svg_file(shown, "<t>", ("<n>",))):
        drawing = ElementTree.fromstring(text)
        assert drawing.get("role") == "img"
        assert "nan" not in text


def test_one_day_and_equal_prices_can_be_drawn() -> None:
    for points in ([(0, 5.0)], [(0, 5.0), (1, 5.0)], [(0, 0.0)]):
        ElementTree.fromstring(str(page_svg(layout(line("A", *points)))))


def test_a_figure_that_failed_a_check_is_a_cross() -> None:
    (point,) = line("A", (0, 5)).points
    suspect = Series("A", (point._replace(is_suspect=True),))
    assert "✕" in page_svg(layout(suspect))
    assert json.loads(script_data(layout(suspect)))["suspect"] == [0]


def test_thinning_keeps_first_last_and_every_extreme() -> None:
    points = [Point(day, 1.0 if day != 777 else 9.0, True) for day in range(20_000)]
    kept = thinned(points, 100)
    assert len(kept) <= 400
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert 9.0 in [point.value for point in kept]
    assert thinned(points[:400], 100) == points[:400]


def test_figures_for_the_script_are_steps_in_hundredths() -> None:
    data = json.loads(script_data(layout(line("A", (0, 1.5), (3, 1.25)), line("B", (3, 7)))))
    assert data["start"] == "2024-03-04"
    assert data["days"] == [0, 3]
    assert [each["values"] for each in data["series"]] == [[150, -25], [None, 700]]


def test_ten_years_fit_into_a_small_page() -> None:
    import gzip
    import math

    points = [(n * 7 // 5, round(100 + 50 * math.sin(n / 50) + n % 17 / 7, 2)) for n in range(2500)]
    shown = layout(line("A", *points), bars=tuple(Point(FIRST + day, 1.0) for day, _ in points))
    text = f"{page_svg(shown)}{script_data(shown)}"
    assert len(gzip.compress(text.encode())) < 30_000
