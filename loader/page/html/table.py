"""Read tables of the markup as rows of cells."""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborNode

from loader.page.html.clean import text_of
from loader.page.reading import Grid

_MAX_SPAN: Final = 50


def read_table(table: LexborNode) -> Grid | None:
    """Return the non-empty rows of a data table; None for a layout table.

    Positions covered by a spanning cell are empty, so that columns stay aligned.
    """
    if table.css_first("table table") is not None:
        return None
    names: list[bool] = []
    rows: list[list[str]] = []
    hanging: dict[int, int] = {}
    for row in table.css("tr"):
        nodes = row.css("td, th")
        cells = _cells(nodes, hanging)
        if any(cells):
            rows.append(cells)
            is_head = row.parent is not None and row.parent.tag == "thead"
            names.append(is_head or all(node.tag == "th" for node in nodes))
    width = max((_width(row) for row in rows), default=0)
    if width < 2:
        return None
    count = next((number for number, is_name in enumerate(names) if not is_name), 0)
    padded = (tuple((row + [""] * width)[:width]) for row in rows)
    return Grid(count, tuple(row if any(row[1:]) or not row[0] else row[:1] for row in padded))


def _cells(nodes: list[LexborNode], hanging: dict[int, int]) -> list[str]:
    """Return the cells of a row; `hanging` has the remaining rows of each spanned column."""
    cells: list[str] = []
    for node in nodes:
        _skip(cells, hanging)
        down = _span(node, "rowspan") - 1
        for number in range(_span(node, "colspan")):
            if down > 0:
                hanging[len(cells)] = down
            cells.append("" if number else text_of(node))
    _skip(cells, hanging)
    return cells


def _skip(cells: list[str], hanging: dict[int, int]) -> None:
    while left := hanging.pop(len(cells), 0):
        if left > 1:
            hanging[len(cells)] = left - 1
        cells.append("")


def _span(node: LexborNode, name: str) -> int:
    text = (node.attributes.get(name) or "").strip()
    return min(max(int(text), 1), _MAX_SPAN) if text.isascii() and text.isdigit() else 1


def _width(row: list[str]) -> int:
    """Return the number of columns up to the last non-empty cell."""
    return max((number for number, cell in enumerate(row, start=1) if cell), default=0)
