"""Encode a chart's values for the script, which shows the value under the pointer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from loader.web.charts.layout import Layout


def script_data(layout: Layout) -> str:
    """Return JSON with days, and values in hundredths as differences from the previous value.

    Differences make a compressed page of ten years a quarter smaller. A missing value is null, and
    the next difference is from the last known value.
    """
    days = sorted({point.day for line in layout.series for point in line.points})
    values = [{point.day: point.value for point in line.points} for line in layout.series]
    moves = {bar.day: bar.value for bar in layout.bars}
    low, high = layout.value_axis[0].at, layout.value_axis[-1].at
    suspects = {point.day for line in layout.series for point in line.points if point.is_suspect}
    data: dict[str, Any] = {
        "start": date.fromordinal(days[0]).isoformat(),
        "days": list(_steps(day - days[0] for day in days)),
        "from": layout.first_day - days[0],
        "span": layout.last_day - layout.first_day,
        "low": low, "high": high, "top": layout.top, "floor": layout.floor,
        "bottom": layout.bottom, "height": layout.height,
        "series": [
            {"name": line.name, "values": list(_steps(map(_hundredths, map(known.get, days))))}
            for line, known in zip(layout.series, values, strict=True)
        ],
    }  # fmt: skip
    if moves:
        data["moves"] = list(_steps(_hundredths(moves.get(day)) for day in days))
    if suspects:
        data["suspect"] = [number for number, day in enumerate(days) if day in suspects]
    if layout.marks:
        places = {day: number for number, day in enumerate(days)}
        data["articles"] = [
            [places[mark.day], mark.article_count, mark.headline]
            for mark in layout.marks
            if mark.day in places
        ]
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _hundredths(value: float | None) -> int | None:
    return None if value is None else round(100 * value)


def _steps(values: Iterable[int | None]) -> Iterable[int | None]:
    before = 0
    for value in values:
        yield None if value is None else value - before
        before = before if value is None else value
