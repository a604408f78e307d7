"""The working state while one page text is parsed: its lines, and the role of each.

At the end every line of a capture has a `Role`; tests check this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from loader.model import CovidCounter, ProblemKind, Table, Teaser, TextLink
from loader.page.board import BlockRole

Role = (
    BlockRole
    | Literal[
        "", "logo", "masthead", "section", "covid", "headline", "summary", "byline", "follow-us",
        "caption", "teaser", "body", "tags", "copyright", "comments", "image", "listing",
        "read-more",
    ]
)  # fmt: skip
"""Roles of a line; empty until it is read. A `problem` line is kept in a problem row."""


class Grid(NamedTuple):
    """Rows of cells, the first `header_count` of which name the columns."""

    header_count: int
    rows: tuple[tuple[str, ...], ...]


class MarkupTable(NamedTuple):
    """A table of the markup, and the number of its lines in the text."""

    line_count: int
    grid: Grid


class LineProblem(NamedTuple):
    """A problem with one line of a page; `excerpt` is the line."""

    kind: ProblemKind
    detail: str
    excerpt: str


@dataclass(slots=True)
class Reading:
    """Lines without the board (`lines[n]` has `roles[n]`), and the fields parsed so far."""

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
    text_links: tuple[TextLink, ...] = ()
    # Headlines of other stories below the text.
    others: list[str] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)
    # Lines from whose start an image name was removed.
    glued: frozenset[int] = frozenset()
    # Only from HTML: addresses of the lines that link to another article, and the lines that
    # are body whatever their shape (docs/html.md).
    links: Mapping[int, str] = field(default_factory=dict)
    kept: frozenset[int] = frozenset()
    # Tables of the markup by their first line; `tables` has them by paragraph.
    grids: Mapping[int, MarkupTable] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)

    def problem(self, kind: ProblemKind, detail: str, excerpt: str) -> None:
        self.problems.append(LineProblem(kind, detail, excerpt))

    def text(self, number: int) -> str:
        """Return a line with its white space folded."""
        line = self.lines[number].strip()
        return " ".join(line.split()) if "  " in line or "\t" in line else line

    def skip_blanks(self, number: int) -> int:
        """Mark blank lines from `number` on; return the number of the first other line."""
        end = self.next_text(number)
        self.roles[number:end] = ["blank"] * (end - number)
        return end

    def next_text(self, number: int) -> int:
        """Return the number of the first non-blank line from `number` on; len(lines) if none."""
        lines = self.lines
        while number < len(lines) and not lines[number].strip():
            number += 1
        return number
