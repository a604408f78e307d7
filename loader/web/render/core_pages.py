"""Fix accessibility of Datasette's own pages: labels of fields, heading levels, rows first.

Datasette's templates are not copied: their output is changed here, outside of the cells, and
anything not found is left as it is (docs/serving.md).
"""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

_CELLS: Final = re.compile(
    r'<div class="table-wrapper">.*?</table>\s*</div>|<p class="zero-results">[^<]*</p>', re.DOTALL
)
_HEADING: Final = re.compile(r"<(/?)h([1-6])(?=[\s>])")
_FILTER: Final = re.compile(
    r'<(?:select|input type="text") name="_filter_(column|op|value)(_\d+)?"'
)
_FILTER_NAMES: Final = {"column": "Column", "op": "Comparison", "value": "Value"}
_SCROLLED: Final = '<div class="table-wrapper"'
_REACHED: Final = 'tabindex="0" role="region" aria-label="Rows"'
_SORT: Final = '<select name="_sort"'
_EDITOR: Final = '<textarea id="sql-editor"'
_OFFERED: Final = re.compile(r'(<textarea id="sql-editor"[^>]*>)[^<]*(?=</textarea>)')
_CROSS: Final = '" class="cross"'
_EXPORTS: Final = re.compile(r"<p[^>]*>This data as .*?</p>", re.DOTALL)
_PLAIN_WORDS: Final = {
    "json": "JSON for programs",
    "CSV": "CSV for spreadsheets",
    "xlsx": "Excel",
    "copyable": "text to copy",
    "advanced": "more choices",
}
_COLUMNS: Final = re.compile(r'<dl class="column-descriptions">.*?</dl>', re.DOTALL)
_TO_COLUMNS: Final = '<p class="to-columns"><a href="#columns">What the columns mean</a></p>'


def accessible(page: str, first_query: str | None = None) -> Markup:
    """Return the main part of one of Datasette's pages with accessibility fixes.

    `first_query` replaces Datasette's initial query in the SQL editor.
    """
    page = str(page)  # templates pass Markup, which would escape inserted text
    cells = _CELLS.search(page)
    before, after = (page[: cells.start()], page[cells.end() :]) if cells else (page, "")
    columns = _COLUMNS.search(before) if cells else None
    if columns:
        before = before[: columns.start()] + _TO_COLUMNS + before[columns.end() :]
        after = f'\n<h2 id="columns">Columns</h2>\n{columns[0]}{after}'
    if first_query:
        query = str(escape(first_query))
        before = _OFFERED.sub(lambda found: found[1] + query, before)
    rows = cells[0].replace(_SCROLLED, f"{_SCROLLED} {_REACHED}", 1) if cells else ""
    open_levels: list[int] = []
    parts = (_around(before, open_levels), rows, _around(after, open_levels))
    return Markup("".join(parts))


def _around(html: str, open_levels: list[int]) -> str:
    """Fix the HTML before or after the rows."""
    html = _FILTER.sub(_with_name, html)
    html = html.replace(_SORT, f'{_SORT} aria-label="Sort by"')
    html = html.replace(_EDITOR, f'{_EDITOR} aria-label="SQL query"')
    html = html.replace(_CROSS, f'{_CROSS} aria-label="Remove"')
    html = _EXPORTS.sub(_with_plain_words, html)
    return _with_ordered_headings(html, open_levels)


def _with_plain_words(found: re.Match[str]) -> str:
    return re.sub(
        r">([^<]+)</a>",
        lambda link: f">{_PLAIN_WORDS.get(link[1], link[1])}</a>",
        found[0],
    )


def _with_name(found: re.Match[str]) -> str:
    part, number = found.groups()
    which = f"filter {number[1:]}" if number else "a new filter"
    return f'{found[0]} aria-label="{_FILTER_NAMES[part]} of {which}"'


def _with_ordered_headings(html: str, open_levels: list[int]) -> str:
    """Return HTML without gaps in heading levels: h1, h3, h3 becomes h1, h2, h2.

    `open_levels` has the original levels of the enclosing headings, and is updated to those at the
    end of the HTML.
    """

    def ordered(found: re.Match[str]) -> str:
        end, level = found[1], int(found[2])
        if not end:
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
            open_levels.append(level)
        return f"<{end}h{len(open_levels)}"

    return _HEADING.sub(ordered, html)
