"""Make an SVG file of a chart, with title, legend and source."""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import Final

from markupsafe import Markup

from loader.web.charts.draw import in_pixels, parts
from loader.web.charts.layout import Layout

_WIDTH: Final = 960
_LEFT, _RIGHT, _TOP = 16, 78, 64
_LINE: Final = 18  # height of a line of small print in pixels
_VARIABLE = re.compile(r"(--[\w-]+):\s*([^;]+);")
_USE = re.compile(r"var\((--[\w-]+)\)")


def svg_file(layout: Layout, title: str, notes: tuple[str, ...]) -> str:
    """Return an SVG document with the title above the chart and the notes below it."""
    width = _WIDTH - _LEFT - _RIGHT
    height = _TOP + layout.height + 14 + _LINE * len(notes)
    pieces = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" class="chart-svg" width="{0}" height="{1}"'
            ' viewBox="0 0 {0} {1}" role="img"><title>{2}</title><desc>{3}</desc>'
            '<style>{4}</style><rect class="paper" width="100%" height="100%"/>'
            '<text class="headline" x="{5}" y="28">{2}</text>'
        ).format(_WIDTH, height, title, layout.label, Markup(_style()), _LEFT),
        *_legend(layout),
        Markup('<svg x="{}" y="{}" width="{}" height="{}" overflow="visible">').format(
            _LEFT, _TOP, width, layout.height
        ),
        *parts(layout, in_pixels(width)),
        Markup("</svg>"),
    ]
    for number, note in enumerate(notes):
        y = _TOP + layout.height + 18 + number * _LINE
        pieces.append(Markup('<text x="{}" y="{}">{}</text>').format(_LEFT, y, note))
    return str(Markup("").join([*pieces, Markup("</svg>\n")]))


def _legend(layout: Layout) -> list[Markup]:
    if len(layout.series) < 2:
        return []
    return [
        Markup(
            '<path class="line s{0}" d="M{1} 46h20"/><text x="{2}" y="50">{3}</text>'
        ).format(number + 1, _LEFT + 130 * number, _LEFT + 130 * number + 26, line.name)
        for number, line in enumerate(layout.series)
    ]  # fmt: skip


@functools.cache
def _style() -> str:
    """Return the CSS with light colours instead of variables, which only browsers support."""
    static = resources.files("loader.web") / "static"
    light = (static / "colours.css").read_text(encoding="utf-8").partition("@media")[0]
    colours = dict(_VARIABLE.findall(light))
    rules = (static / "chart.css").read_text(encoding="utf-8").partition("/* The page */")[0]
    rules = rules.partition("*/")[2] + ".paper { fill: var(--paper); }"
    for _ in range(2):  # a colour may refer to another variable
        rules = _USE.sub(lambda match: colours[match[1]], rules)
    return rules.replace('"', "'")
