"""Small line charts as SVG, drawn on the server: they need no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Frame:
    """Size of a drawing and the room left free around the line, in user units."""

    width: int
    height: int
    left: int = 2
    right: int = 4
    top: int = 3
    bottom: int = 3


_SPARK = Frame(160, 40)
WIDE = Frame(860, 250, left=6, right=64, top=12, bottom=26)
NARROW = Frame(420, 200, left=2, right=52, top=10, bottom=24)
_MAX_POINTS = 700  # more than that fall on one pixel


def sparkline(values: Sequence[float], label: str) -> Markup:
    """A line without axes; `label` says in words what it shows."""
    if len(values) < 2:
        return Markup("")
    points = _points(_thin(values), _SPARK)
    return Markup(
        '<svg class="spark" viewBox="0 0 {w} {h}" role="img" aria-label="{label}"'
        ' preserveAspectRatio="none"><polyline points="{line}"/></svg>'
    ).format(w=_SPARK.width, h=_SPARK.height, label=label, line=_line(points))


def line_chart(
    dates: Sequence[str], values: Sequence[float], label: str, frame: Frame = WIDE
) -> Markup:
    """A line over days with lowest, highest and last value written, first and last day below."""
    if len(values) < 2:
        return Markup("")
    low, high = min(values), max(values)
    points = _points(_thin(values), frame)
    floor = frame.height - frame.bottom
    area = f"{_line(points)} {points[-1][0]:.1f},{floor} {points[0][0]:.1f},{floor}"
    parts = [
        Markup(
            '<svg class="chart-svg" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">'
        ).format(w=frame.width, h=frame.height, label=label)
    ]
    for value, y in ((high, frame.top), ((high + low) / 2, (frame.top + floor) / 2), (low, floor)):
        parts.append(
            Markup(
                '<line class="grid" x1="{x1}" x2="{x2}" y1="{y}" y2="{y}"/>'
                '<text x="{tx}" y="{ty}">{value}</text>'
            ).format(
                x1=frame.left, x2=frame.width - frame.right, y=y, tx=frame.width - frame.right + 8,
                ty=y + 4, value=f"{value:,.0f}" if high >= 1000 else f"{value:,.2f}",
            )
        )  # fmt: skip
    parts.append(
        Markup('<polygon points="{}"/><polyline points="{}"/>').format(area, _line(points))
    )
    for x, anchor, date in (
        (frame.left, "start", dates[0]),
        (frame.width - frame.right, "end", dates[-1]),
    ):
        parts.append(
            Markup('<text x="{x}" y="{y}" text-anchor="{anchor}">{date}</text>').format(
                x=x, y=frame.height - 6, anchor=anchor, date=date
            )
        )
    return Markup("").join([*parts, Markup("</svg>")])


def _thin(values: Sequence[float]) -> list[float]:
    """At most _MAX_POINTS of the values, the last one always among them."""
    step = -(-len(values) // _MAX_POINTS)
    return [*reversed(list(values)[::-1][::step])]


def _points(values: Sequence[float], frame: Frame) -> list[tuple[float, float]]:
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    width = frame.width - frame.left - frame.right
    height = frame.height - frame.top - frame.bottom
    return [
        (
            frame.left + width * index / (len(values) - 1),
            frame.top + height * (1 - (value - low) / span),
        )
        for index, value in enumerate(values)
    ]


def _line(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
