"""Link names of instruments in a text to their pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from markupsafe import Markup, escape

Place = tuple[int, int, str]  # first character, the one after the last, symbol


def names_by_paragraph(
    body: str, places: Iterable[Mapping[str, int | str]]
) -> dict[str, list[Place]]:
    """Return the positions within each paragraph of a body, by the paragraph's text.

    `places` are rows of span_start, span_end and symbol, in order. Equal paragraphs have the same
    names, so that the first of them counts.
    """
    rows = [(int(row["span_start"]), int(row["span_end"]), str(row["symbol"])) for row in places]
    found: dict[str, list[Place]] = {}
    start = index = 0
    for part in body.split("\n\n"):
        end = start + len(part)
        inside = []
        while index < len(rows) and rows[index][0] < end:
            first, last, symbol = rows[index]
            if last <= end:
                inside.append((first - start, last - start, symbol))
            index += 1
        if inside:
            found.setdefault(part, inside)
        start = end + 2
    return found


def linked(text: str, places: Sequence[Place] | None, address: str) -> Markup:
    """Return a text with links at these positions; `address` plus a symbol is the URL."""
    pieces = []
    position = 0
    for start, end, symbol in places or ():
        target = escape(address + quote(symbol, safe=""))
        pieces.append(
            f'{escape(text[position:start])}<a class="named" href="{target}">'
            f"{escape(text[start:end])}</a>"
        )
        position = end
    return Markup("".join([*pieces, str(escape(text[position:]))]))
