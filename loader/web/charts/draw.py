"""Draw a chart as SVG, for a page with its style sheet and width, or for a file.

On a page, lines are in a nested SVG that is stretched to the available width. Text is positioned
by percentages, so that it keeps its size on a phone. No script is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from loader.web.charts.layout import Layout, thinned
from loader.web.charts.series import Point, Series

_PHONE_PIXELS: Final = 300  # width of a plot on a phone
_RING_PIXELS: Final = 4  # if rings would be closer on a phone, they are drawn smaller
_PHONE_LETTERS: Final = 28  # characters of dates that fit side by side on a phone
_LETTERS_OF_YEAR: Final = 4
_LINES: Final = 6  # line colours in the style sheet


class Pen(NamedTuple):
    """Conversion of positions to integers in paths: ten units a pixel vertically.

    In a file, lines are drawn in pixels, since some programs do not keep the width of a line in a
    stretched drawing.
    """

    across: int
    decimals: int

    def x(self, layout: Layout, point: Point) -> int:
        """Return the distance of a point from the left, in units."""
        return round(layout.across(point.day) * self.across)

    def y(self, layout: Layout, value: float) -> int:
        """Return the distance of a value from the top, in units."""
        return round(layout.down(value) * 10)

    def write(self, units: int) -> str:
        """Format a number of units for a path."""
        return str(units) if not self.decimals else f"{units / 10:g}"


STRETCHED: Final = Pen(10_000, 0)


def in_pixels(width: int) -> Pen:
    """Return the pen for a drawing of this width in pixels."""
    return Pen(width * 10, 1)


def page_svg(layout: Layout) -> Markup:
    """Return a chart for a page; it fills the width of its container."""
    return Markup(
        '<svg class="chart-svg" role="img" aria-label="{}" width="100%" height="{}">{}</svg>'
    ).format(layout.label, layout.height, Markup("").join(parts(layout)))


def sparkline(layout: Layout) -> Markup:
    """Return the lines without axes."""
    margin = 3 * 10  # for the width of the line
    return Markup(
        '<svg class="spark" role="img" aria-label="{}" viewBox="0 {} {} {}"'
        ' preserveAspectRatio="none">{}</svg>'
    ).format(
        layout.label, layout.top * 10 - margin, STRETCHED.across,
        layout.size.height * 10 + 2 * margin, Markup("").join(_lines(layout, STRETCHED)),
    )  # fmt: skip


def parts(layout: Layout, pen: Pen = STRETCHED) -> Iterator[Markup]:
    """Yield axes, lines, bars and marks for a drawing of the layout's height."""
    yield from _value_axis(layout)
    yield from _day_axis(layout)
    if layout.bars:
        yield from _bar_axis(layout)
    yield Markup('<svg width="100%" height="{}" {}>').format(layout.height, _view(layout, pen))
    yield from _bars(layout, pen)
    yield from _lines(layout, pen)
    yield from _article_days(layout, pen)
    yield Markup("</svg>")
    yield from _suspects(layout)


def _view(layout: Layout, pen: Pen) -> Markup:
    if pen.decimals:
        return Markup('overflow="visible"')
    return Markup('viewBox="0 0 {} {}" preserveAspectRatio="none" overflow="visible"').format(
        pen.across, layout.height * 10
    )


def _value_axis(layout: Layout) -> Iterator[Markup]:
    for tick in layout.value_axis:
        yield Markup(
            '<line class="grid" x2="100%" y1="{0:.1f}" y2="{0:.1f}"/>'
            '<text x="100%" dx="8" y="{0:.1f}" dy="4">{1}</text>'
        ).format(layout.down(tick.at), tick.label)


def _day_axis(layout: Layout) -> Iterator[Markup]:
    ticks = layout.day_axis
    longest = max(len(tick.label) for tick in ticks)
    fit = _PHONE_LETTERS // longest
    every = -(-len(ticks) // (fit if longest < _LETTERS_OF_YEAR else min(fit, 4)))
    for number, tick in enumerate(ticks):
        place = layout.across(tick.at)
        anchor = "start" if place < 0.05 else "end" if place > 0.97 else "middle"
        yield Markup(
            '<g class="{}"><line class="tick" x1="{:.2f}%" x2="{:.2f}%" y1="{}" y2="{}"/>'
            '<text x="{:.2f}%" y="{}" text-anchor="{}">{}</text></g>'
        ).format(
            "date more" if number % every else "date", 100 * place, 100 * place, layout.bottom,
            layout.bottom + 5, 100 * place, layout.bottom + 18, anchor, tick.label,
        )  # fmt: skip


def _bar_axis(layout: Layout) -> Iterator[Markup]:
    half = layout.size.bar_height // 2
    for factor, sign in ((1, "+"), (0, ""), (-1, "−")):
        y = layout.bar_zero - factor * half
        yield Markup(
            '<line class="grid" x2="100%" y1="{0}" y2="{0}"/>'
            '<text x="100%" dx="8" y="{0}" dy="4">{1}{2:g}%</text>'
        ).format(y, sign, abs(factor * layout.largest_move))


def _bars(layout: Layout, pen: Pen) -> Iterator[Markup]:
    """Yield strokes up and down from the zero line, as wide as a day on a phone."""
    days = layout.last_day - layout.first_day + 1
    width = max(1.0, min(10.0, 0.7 * _PHONE_PIXELS / days))
    zero = pen.write(layout.bar_zero * 10)
    longest = layout.size.bar_height // 2 * 10
    for name, sign in (("up", 1), ("down", -1)):
        strokes = "".join(
            f"M{pen.write(pen.x(layout, bar))} {zero}"
            f"v{pen.write(round(-bar.value / layout.largest_move * longest))}"
            for bar in layout.bars
            if bar.value * sign > 0
        )
        if strokes:
            yield Markup('<path class="bar-{}" stroke-width="{:.1f}" d="{}"/>').format(
                name, width, strokes
            )


def _lines(layout: Layout, pen: Pen) -> Iterator[Markup]:
    # The first series is drawn last, on top of the others.
    for number, line in reversed(list(enumerate(layout.series))):
        runs = list(line.runs())
        lines = "".join(
            _path(layout, pen, thinned(run, layout.size.width)) for run in runs if len(run) > 1
        )
        dots = _dots(layout, pen, (run[0] for run in runs if len(run) == 1))
        name = f"line s{number % _LINES + 1}"
        if lines:
            yield Markup('<path class="{}" d="{}"/>').format(name, lines)
        if dots:
            yield Markup('<path class="{} lone" d="{}"/>').format(name, dots)


def _path(layout: Layout, pen: Pen, points: Sequence[Point]) -> str:
    """Return a line as a path in integers, each point relative to the previous one."""
    places = [(pen.x(layout, point), pen.y(layout, point.value)) for point in points]
    steps = (f"{pen.write(x - x0)} {pen.write(y - y0)}" for (x0, y0), (x, y) in pairwise(places))
    start = " ".join(map(pen.write, places[0]))
    return f"M{start}l{' '.join(steps)}".replace(" -", "-")


def _dots(layout: Layout, pen: Pen, points: Iterable[Point]) -> str:
    """Return a path of zero-length lines, whose round ends are dots, however it is stretched."""
    return "".join(
        f"M{pen.write(pen.x(layout, point))} {pen.write(pen.y(layout, point.value))}h0"
        for point in points
    )


def _article_days(layout: Layout, pen: Pen) -> Iterator[Markup]:
    marked = {mark.day for mark in layout.marks}
    points = [point for point in layout.series[0].points if point.day in marked]
    if not points:
        return
    places = [layout.across(point.day) for point in points]
    apart = min((after - place for place, after in pairwise(places)), default=1)
    name = "ring dense" if apart * _PHONE_PIXELS < _RING_PIXELS else "ring"
    yield Markup('<path class="{0}" d="{1}"/><path class="ring-hole" d="{1}"/>').format(
        name, _dots(layout, pen, points)
    )


def _suspects(layout: Layout) -> Iterator[Markup]:
    for line in layout.series:
        for point in line.points:
            if point.is_suspect:
                yield Markup('<text class="suspect" x="{:.2f}%" y="{:.1f}" dy="5">✕</text>').format(
                    100 * layout.across(point.day), layout.down(point.value)
                )


def legend(series: Sequence[Series]) -> Markup:
    """Return the names of several lines, each with a sample of its line."""
    items = Markup("").join(
        Markup(
            '<li><svg class="key-line" width="22" height="10" aria-hidden="true">'
            '<path class="line s{}" d="M1 5h20"/></svg> {}</li>'
        ).format(number % _LINES + 1, escape(line.name))
        for number, line in enumerate(series)
    )
    return Markup('<ul class="chart-legend">{}</ul>').format(items)
