"""Read the board of an HTML page: `.js-ticker` and the index strip beside it."""

from __future__ import annotations

from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from loader.page.board import Block, are_ticker_lines, read_block
from loader.page.html.clean import clean
from loader.page.html.findings import Findings
from loader.page.known_boards import KnownBoards
from loader.page.ticker_form import with_usual_ticker

# The direction word has an element of its own, for screen readers, and the line is around it.
# Lines are found by its class, since scripts and browsers rewrite the rest.
_WORDS = ".sr-only"
_DIRECTIONS = ("increased by", "decreased by", "no change", "unchanged")
# Steps from the word up to the element with the whole line; at most two were seen.
_MAX_CLIMB = 3
_MAX_LINE = 120


def read_ticker(
    tickers: Iterable[LexborNode], findings: Findings, known: KnownBoards | None = None
) -> Block | None:
    """Return the ticker lines of a page's `.js-ticker` elements as a block, None without any.

    A page may contain the ticker twice (a strip for narrow screens, copies made by a scrolling
    script): equal lines count once, as in page texts.
    """
    lines = [line for strip in _strips(tickers) for line in _lines(strip)]
    if not lines:
        return None
    text = "\n".join(lines)
    block = read_block(text, known)
    is_usual = not block.faults and len(block.roles) == len(lines)
    if not is_usual and (usual := with_usual_ticker(text)) != text:
        lines, block = usual.split("\n"), read_block(usual, known)
    for number, fault in block.faults:
        findings.add("ticker-line", fault, lines[number])
    return block


def _strips(tickers: Iterable[LexborNode]) -> list[LexborNode]:
    """Return the parents of `.js-ticker` and the index strip, without duplicates."""
    parents = (ticker.parent or ticker for ticker in tickers)
    # Each call makes new node objects, so they are compared by their place in the tree.
    return list({parent.mem_id: parent for parent in parents}.values())


def _lines(strip: LexborNode) -> list[str]:
    words = strip.css(_WORDS)
    # One call gives the text of the whole strip, which usually holds nothing else.
    text = clean(strip.text(separator=" ")).replace("%) ", "%)\n")
    if text.count("\n") + 1 == len(words) and are_ticker_lines(text):
        return text.split("\n")
    found = (_line_around(word) for word in words if clean(word.text()).lower() in _DIRECTIONS)
    return [line for line in found if line]


def _line_around(word: LexborNode) -> str | None:
    """Return the ticker line around a direction word.

    An incomplete line is returned as far as it goes, for the excerpt of its problem.
    """
    node, line = word, None
    for _ in range(_MAX_CLIMB):
        if node.parent is None:
            break
        node = node.parent
        longer = clean(node.text(separator=" "))
        if len(longer) > _MAX_LINE or len(node.css(_WORDS)) > 1:
            break
        line = longer
        if line.endswith("%)") and not line.lower().startswith(_DIRECTIONS):
            break
    return line
