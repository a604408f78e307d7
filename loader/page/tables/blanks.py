"""Split tables whose columns are aligned with blanks or tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from loader.page.prose import is_rule
from loader.page.reading import Grid
from loader.page.tables.figures import (
    FEW,
    MAX_COLUMNS,
    Row,
    is_column_name,
    is_figure_text,
    tokens_of,
)

_GAP: Final = re.compile(r" {2,}|\t+")
_NIL: Final = frozenset({"NIL", "NA", "N/A", "-", "--", "–"})
_CHUNK: Final = re.compile(r"\S+(?: \S+)*")


def grids_by_blanks(lines: Sequence[str]) -> list[Grid]:
    lines = [line.expandtabs(8) if line.count("\t") == 1 else line for line in lines]
    texts = [line for line in lines if line.strip() and not is_rule(line.strip())]
    if sum(_GAP.search(line.strip()) is not None for line in texts) < FEW:
        return []
    split = _by_tabs(texts) or _by_gutters(texts) or _by_gaps(texts)
    if split is None:
        return []
    rows = iter(split)
    groups: list[list[Row]] = [[]]
    for line in lines:
        if is_rule(line.strip()):
            groups.append([])
        elif line.strip():
            groups[-1].append(next(rows))
    return list(_grids([group for group in groups if group]))


def _grids(groups: list[list[Row]]) -> Iterator[Grid]:
    """Yield tables from groups of rows between rules; column names begin a new table."""
    header: list[Row] = []
    body: list[Row] = []
    for number, group in enumerate(groups):
        is_last = number == len(groups) - 1
        if not is_last and not any(map(_has_figures, group)) and len(group) <= 3:
            if body:
                yield _grid(header, body)
                header, body = [], []
            header += group
        else:
            body += group
    if body:
        yield _grid(header, body)


def _grid(header: list[Row], body: list[Row]) -> Grid:
    count = len(header)
    if not header:
        while count < len(body) - 1 and not _has_figures(body[count]) and len(body[count]) > 1:
            count += 1
        # In a table without figures no row names the others.
        count = 0 if count == len(body) - 1 and not _has_figures(body[-1]) else count
    rows = _refined(header + body, count)
    width = max((len(_stripped(row)) for row in rows), default=0)
    return Grid(count, tuple(row if len(row) == 1 else row[:width] for row in rows))


def _refined(rows: list[Row], count: int) -> list[Row]:
    """Split columns in which every cell below the names holds the same number of figures."""
    width = max((len(row) for row in rows), default=0)
    sizes = [_figures_in(rows[count:], column) for column in range(width)]
    if max(sizes, default=1) == 1 or any(len(row) not in (1, width) for row in rows):
        return rows
    return [
        row
        if len(row) == 1
        else tuple(
            cell
            for text, size in zip(row, sizes, strict=True)
            for cell in _parted(text, size, is_name=number < count)
        )
        for number, row in enumerate(rows)
    ]


def _figures_in(rows: Sequence[Row], column: int) -> int:
    """Return the number of figures in each cell of a column; 1 if it varies or there are words."""
    held = [tokens_of(row[column]) for row in rows if len(row) > 1 and row[column]]
    counts = {len(tokens) for tokens in held}
    if column == 0 or len(held) < FEW or len(counts) != 1:
        return 1
    return counts.pop() if all(is_figure for tokens in held for is_figure, _ in tokens) else 1


def _parted(text: str, size: int, *, is_name: bool) -> Row:
    """Split a cell into `size` cells; a cell of names only if each word is a column name."""
    words = [word for _, word in tokens_of(text)]
    if len(words) == size and (not is_name or all(map(is_column_name, words))):
        return tuple(words)
    return (text, *[""] * (size - 1))


def _stripped(row: Row) -> Row:
    """Return the row without empty cells at its end."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]


def _has_figures(row: Row) -> bool:
    return any(cell and is_figure_text(cell) for cell in row[1:])


def _by_tabs(texts: Sequence[str]) -> list[Row] | None:
    counts = {text.count("\t") for text in texts}
    if len(counts) != 1 or not 1 <= min(counts) < MAX_COLUMNS:
        return None
    return [tuple(" ".join(cell.split()) for cell in text.split("\t")) for text in texts]


class Chunk(NamedTuple):
    """Words of a line with single blanks between them, and their character positions."""

    text: str
    start: int
    end: int


def _by_gutters(texts: Sequence[str]) -> list[Row] | None:
    """Split lines at the gutters of blanks that run through all lines with figures.

    Column names may span several columns; a single chunk that does is a title.
    """
    split = [[Chunk(x[0], x.start(), x.end()) for x in _CHUNK.finditer(text)] for text in texts]
    several = [chunks for chunks in split if len(chunks) > 1]
    data = [chunks for chunks in several if any(is_figure_text(chunk.text) for chunk in chunks[1:])]
    if len(data) < FEW:
        data = several
    names = [chunk for chunks in several if chunks not in data for chunk in chunks]
    borders = _joined(_columns(data), data, names)
    if not FEW <= len(borders) <= MAX_COLUMNS:
        return None
    rows = []
    for chunks in split:
        cells = _placed(chunks, borders)
        # Two chunks in one column: the lines are not aligned in columns.
        if chunks in data and sum(map(bool, cells)) != len(chunks):
            return None
        is_title = len(chunks) == 1 and _reaches(chunks[0], borders)
        rows.append((chunks[0].text,) if is_title else cells)
    return rows


def _columns(lines: Sequence[Sequence[Chunk]]) -> list[tuple[int, int]]:
    """Return the start and end of each column that is not blank in every line."""
    borders: list[tuple[int, int]] = []
    for start, end in sorted((chunk.start, chunk.end) for chunks in lines for chunk in chunks):
        if borders and start < borders[-1][1]:
            borders[-1] = (borders[-1][0], max(end, borders[-1][1]))
        else:
            borders.append((start, end))
    return borders


def _joined(
    borders: list[tuple[int, int]], data: Sequence[Sequence[Chunk]], names: Sequence[Chunk]
) -> list[tuple[int, int]]:
    """Merge neighbouring columns that belong together.

    No line fills both, and either one name spans both or one of them holds only NIL (aligned left,
    with figures aligned right).
    """
    joined = borders[:1]
    for start, end in borders[1:]:
        left, right = joined[-1]
        is_named = any(name.start < right and start < name.end for name in names)
        are_both = any(
            any(chunk.start < right and left < chunk.end for chunk in chunks)
            and any(chunk.start < end and start < chunk.end for chunk in chunks)
            for chunks in data
        )
        held = [
            {
                chunk.text.upper()
                for chunks in data
                for chunk in chunks
                if first <= chunk.start < last
            }
            for first, last in ((left, right), (start, end))
        ]
        if not are_both and (is_named or any(texts <= _NIL for texts in held)):
            joined[-1] = (left, end)
        else:
            joined.append((start, end))
    return joined


def _placed(chunks: Sequence[Chunk], borders: Sequence[tuple[int, int]]) -> Row:
    """Assign the chunks of a line to columns: the first that each overlaps, else the nearest."""
    cells = [""] * len(borders)
    for chunk in chunks:
        distances = [max(start - chunk.end + 1, chunk.start - end + 1, 0) for start, end in borders]
        column = distances.index(min(distances))
        cells[column] = f"{cells[column]} {chunk.text}".strip()
    return tuple(cells)


def _reaches(chunk: Chunk, borders: Sequence[tuple[int, int]]) -> bool:
    """Whether a chunk spans more than one column."""
    return sum(chunk.start < end and start < chunk.end for start, end in borders) > 1


def _by_gaps(texts: Sequence[str]) -> list[Row] | None:
    """Split lines at wide gaps if each has the same number; titles above stay whole."""
    rows = [tuple(_GAP.split(text.strip())) for text in texts]
    while rows and len(rows[0]) == 1 and len(rows) > FEW:
        rows = rows[1:]
    if len({len(row) for row in rows}) != 1 or not FEW <= len(rows[0]) <= MAX_COLUMNS:
        return None
    titles = [(" ".join(text.split()),) for text in texts[: len(texts) - len(rows)]]
    return [*titles, *rows]
