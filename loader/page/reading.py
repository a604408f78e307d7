"""The working state of reading one page text: its lines, and the role each one has.

Every line of a capture ends with a `Role`; tests hold that none is left over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from loader.model import CovidCounter, ProblemKind, Table, Teaser
from loader.page.board import BlockRole

Role = (
    BlockRole
    | Literal[
        "", "logo", "masthead", "section", "covid", "headline", "summary", "byline", "follow-us",
        "caption", "teaser", "body", "tags", "copyright", "comments", "image", "listing",
        "read-more",
    ]
)  # fmt: skip
"""What a line can be; empty until it is read. `problem` lines are kept in a problem row."""


class Grid(NamedTuple):
    """Rows of cells, the first `header_count` of which name the columns."""

    header_count: int
    rows: tuple[tuple[str, ...], ...]


class MarkupTable(NamedTuple):
    """A table of the markup, and how many lines it takes in the text."""

    line_count: int
    grid: Grid


class LineProblem(NamedTuple):
    """A problem with one line of a page; `excerpt` is the line."""

    kind: ProblemKind
    detail: str
    excerpt: str


@dataclass(slots=True)
class Reading:
    """Lines without the board (`lines[n]` has `roles[n]`), and what they said so far."""

    lines: list[str]
    roles: list[Role]
    after_board: bool
    layout: str | None = None
    masthead_date: str | None = None
    section: str | None = None
    print_date: str | None = None
    covid: CovidCounter | None = None
    headline: str | None = None
    summary: list[str] = field(default_factory=list)
    byline: str | None = None
    has_byline: bool = False
    published_at: str | None = None
    updated_at: str | None = None
    caption: str | None = None
    copyright_line: str | None = None
    tags_line: str | None = None
    dateline: str | None = None
    kind: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    teasers: list[Teaser] = field(default_factory=list)
    # Headlines of other stories under the text.
    others: list[str] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)
    # Lines that had the name of an image glued before their first word.
    glued: frozenset[int] = frozenset()
    # What markup knows and a text does not: addresses of the lines that link to another
    # article, and the lines that are body whatever they look like (docs/html.md).
    links: Mapping[int, str] = field(default_factory=dict)
    kept: frozenset[int] = frozenset()
    # Tables of the markup by their first line, and then by their paragraphs.
    grids: Mapping[int, MarkupTable] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)

    def problem(self, kind: ProblemKind, detail: str, excerpt: str) -> None:
        self.problems.append(LineProblem(kind, detail, excerpt))

    def text(self, number: int) -> str:
        """A line with its white space folded."""
        line = self.lines[number].strip()
        return " ".join(line.split()) if "  " in line or "\t" in line else line

    def skip_blanks(self, number: int) -> int:
        """Give blank lines from `number` on their role; the number of the first other line."""
        end = self.next_text(number)
        self.roles[number:end] = ["blank"] * (end - number)
        return end

    def next_text(self, number: int) -> int:
        """Number of the first line from `number` on that is not blank; len(lines) if none."""
        lines = self.lines
        while number < len(lines) and not lines[number].strip():
            number += 1
        return number
