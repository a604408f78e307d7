"""Find tables with certain columns in the paragraphs of a body; all others stay plain text.

Columns are certain if blanks align them in every line, or if every line has the same shape: a
label and a fixed number of figures, dates or NIL. The body keeps the lines unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from loader.model import Table
from loader.page.prose import is_rule
from loader.page.reading import Grid
from loader.page.tables.blanks import grids_by_blanks
from loader.page.tables.figures import Row
from loader.page.tables.shape import (
    MANY,
    MAX_LABEL,
    figure_count,
    grid_by_shape,
    names_in,
    split_row,
)

_MAX_LINE: Final = 300
_MAX_ROWS: Final = 2000
_LAST: Final = frozenset("0123456789%)-–—LlAa")


class Lines(NamedTuple):
    """Lines that may be a table: first paragraph, number of paragraphs, and the lines."""

    position: int
    paragraph_count: int
    lines: tuple[str, ...]


def find_tables(paragraphs: Sequence[str], known: Sequence[Table] = ()) -> tuple[Table, ...]:
    """Return the tables of a body; `known`, those of its markup, are kept."""
    if not known and not any(map(_may_be_rows, paragraphs)):
        return ()
    taken = {number for table in known for number in _covered(table)}
    found = [*known]
    for run in _runs(paragraphs, taken):
        grids = read_grids(run.lines, alone=run.paragraph_count > 1)
        above = run.position - 1
        is_nameless = len(grids) == 1 and grids[0].header_count == 0 and above > 0
        if is_nameless and above not in taken:
            names = _names_above(paragraphs[above - 1], grids[0])
            if names:
                run = run._replace(position=above, paragraph_count=run.paragraph_count + 1)
                grids = [Grid(1, (names, *grids[0].rows))]
        for grid in grids:
            found.append(Table(run.position, run.paragraph_count, grid.header_count, grid.rows))
    return tuple(sorted(found, key=lambda table: table.position))


def _names_above(paragraph: str, grid: Grid) -> Row | None:
    """Return the column names if the paragraph above the figures holds them, else None."""
    if len(paragraph) > MAX_LABEL or "\n" in paragraph:
        return None
    return names_in(paragraph, max(map(len, grid.rows)) - 1)


def _covered(table: Table) -> range:
    return range(table.position, table.position + table.paragraph_count)


def _runs(paragraphs: Sequence[str], taken: set[int]) -> Iterator[Lines]:
    """Yield paragraphs of several lines, and runs of paragraphs that end like rows of figures."""
    numbered = enumerate(paragraphs, start=1)
    for kind, group in groupby(numbered, key=lambda item: _kind(item[0], item[1], taken)):
        if kind == "block":
            for number, paragraph in group:
                yield Lines(number, 1, tuple(paragraph.split("\n")))
        elif kind == "rows":
            items = list(group)
            yield from _alike(items)


def _kind(number: int, paragraph: str, taken: set[int]) -> str:
    if number in taken:
        return "taken"
    if "\n" in paragraph:
        return "block"
    return "rows" if _may_be_rows(paragraph) and figure_count(paragraph) else "prose"


def _may_be_rows(paragraph: str) -> bool:
    """Whether a paragraph has several lines or ends like a row of figures; a cheap test."""
    return "\n" in paragraph or (paragraph[-1:] in _LAST and len(paragraph) <= _MAX_LINE)


def _alike(items: Sequence[tuple[int, str]]) -> Iterator[Lines]:
    """Yield runs of paragraphs with the same number of figures."""
    for _, group in groupby(items, key=lambda item: len(split_row(item[1])[1])):
        same = list(group)
        if len(same) >= MANY:
            yield Lines(same[0][0], len(same), tuple(line for _, line in same))


def read_grids(lines: Sequence[str], *, alone: bool = False) -> list[Grid]:
    """Return the tables in consecutive lines, none if the columns are uncertain.

    A row of names between two rules begins another table. `alone` means that each line is a
    paragraph.
    """
    if len(lines) > _MAX_ROWS or any(len(line) > _MAX_LINE for line in lines):
        return []
    if grids := grids_by_blanks(lines):
        return grids
    grid = grid_by_shape(
        [line for line in lines if line.strip() and not is_rule(line.strip())], alone
    )
    return [grid] if grid else []
