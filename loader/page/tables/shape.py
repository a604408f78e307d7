"""Split tables by the shape of their lines: a label and figures, or words and figures in turn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from loader.page.prose import ends_sentence
from loader.page.reading import Grid
from loader.page.tables.figures import (
    FEW,
    MAX_COLUMNS,
    Row,
    is_column_name,
    is_day,
    is_figure_word,
    tokens_of,
)

_NOTE: Final = re.compile(r"(?:Data )?[Ss]ource ?:.*|Note ?:.*|\(.*\)|\*.*")
MAX_LABEL: Final = 80
# The smallest number of similar paragraphs that make a table.
MANY: Final = 3


def split_row(line: str) -> tuple[str, Row]:
    """Split a line into its label and the figures at its end."""
    tokens = tokens_of(line)
    start = len(tokens)
    while start and tokens[start - 1][0]:
        start -= 1
    return " ".join(word for _, word in tokens[:start]), tuple(word for _, word in tokens[start:])


def figure_count(line: str) -> int:
    """Return the number of figures at the end of a line, 0 if it is not a table row."""
    if not is_figure_word(line.rsplit(None, 1)[-1]):
        return 0
    label, cells = split_row(line)
    is_row = len(label) <= MAX_LABEL and len(cells) >= FEW and not ends_sentence(label or "x")
    return len(cells) if is_row else 0


def grid_by_shape(texts: Sequence[str], alone: bool) -> Grid | None:
    """Return rows of a label and a fixed number of figures, with names above and notes below."""
    by_kinds = _by_kinds(texts)
    split = [split_row(text) for text in texts]
    data = [number for number, (_, cells) in enumerate(split) if cells]
    if len(data) < (MANY if alone else FEW):
        return by_kinds
    first, last = data[0], data[-1]
    count = len(split[last][1])
    header = _names(texts[:first], count)
    if count == 1 and (len(data) < MANY or len(texts[last]) > MAX_LABEL):
        return None
    rows: list[Row] = []
    for number in range(first, last + 1):
        label, cells = split[number]
        if not cells and number and _is_subheading(texts[number]):
            rows.append((label,))
            continue
        # The first row may have any label, since its dates may name the columns.
        is_label = len(label) <= MAX_LABEL and not ends_sentence(label or "x")
        if len(cells) != count or not (is_label or number == first):
            return by_kinds
        rows.append((label, *cells))
    below = [" ".join(text.split()) for text in texts[last + 1 :]]
    if header is None or not all(map(_NOTE.fullmatch, below)):
        return by_kinds
    if not any(row[0] for row in rows if len(row) > 1):
        rows = [row[1:] for row in rows]
        if count < FEW:
            return None
    if by_kinds and len(by_kinds.rows[0]) > count + 1:
        return by_kinds
    is_dated = len(rows) > 1 and _names_by_dates(rows[0], rows[1])
    top = [row for row in header if row]
    return Grid(len(top) + is_dated, (*top, *rows, *((note,) for note in below)))


def _names_by_dates(first: Row, second: Row) -> bool:
    """Whether the first row has days as column names and the second has figures."""
    return all(map(is_day, first[1:])) and not any(map(is_day, second[1:]))


def _names(lines: Sequence[str], count: int) -> list[Row] | None:
    """Return the lines above the figures as rows: column names, or a title of one cell.

    None if a line is prose.
    """
    found: list[Row] = []
    for line in lines:
        text = " ".join(line.split())
        if ends_sentence(text) and not text.endswith(":"):
            return None
        found.append(names_in(text, count) or (text,))
    return found


def _is_subheading(line: str) -> bool:
    text = line.strip()
    return (
        len(text) <= MAX_LABEL
        and not any(char.isdigit() for char in text)
        and (not ends_sentence(text) or text.endswith(":"))
    )


def _by_kinds(texts: Sequence[str]) -> Grid | None:
    """Return rows in which words and figures alternate alike, one cell per run of words."""
    rows = [_cells_by_kind(text) for text in texts]
    kinds = {tuple(is_figure for is_figure, _ in row) for row in rows}
    if len(rows) < MANY or len(kinds) != 1:
        return None
    (kind,) = kinds
    if sum(kind) < FEW or kind[0] or len(kind) > MAX_COLUMNS:
        return None
    if any(ends_sentence(text.strip()) or len(row[0][1]) > MAX_LABEL
           for text, row in zip(texts, rows, strict=True)):  # fmt: skip
        return None
    return Grid(0, tuple(tuple(cell for _, cell in row) for row in rows))


def _cells_by_kind(text: str) -> list[tuple[bool, str]]:
    cells: list[tuple[bool, str]] = []
    for is_figure, word in tokens_of(text):
        if cells and not (is_figure or cells[-1][0]):
            cells[-1] = (False, f"{cells[-1][1]} {word}")
        else:
            cells.append((is_figure, word))
    return cells


def names_in(line: str, count: int) -> Row | None:
    """Return the column names on a line, for a label and `count` figures or the figures alone."""
    words = line.split()
    if len(words) not in (count, count + 1) or not words:
        return None
    label, names = ("", words) if len(words) == count else (words[0], words[1:])
    return (label, *names) if all(map(is_column_name, names)) else None
