"""The board of an HTML page: `.js-ticker` and the index strip beside it."""

from __future__ import annotations

from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from loader.page.board import Block, read_block
from loader.page.html.clean import clean
from loader.page.html.findings import Findings
from loader.page.known_boards import KnownBoards

# The direction word stands in an element of its own, for screen readers; what is around
# it is the line. Looked for by class first, since scripts and browsers rewrite the rest.
_WORDS = ".sr-only"
_DIRECTIONS = ("Increased By", "Decreased By", "No Change")
# From the word up to the element that holds the whole line: two steps at most were seen.
_MAX_CLIMB = 3
_MAX_LINE = 120


def read_ticker(
    tickers: Iterable[LexborNode], findings: Findings, known: KnownBoards | None = None
) -> Block | None:
    """The ticker lines of a page's `.js-ticker` elements as a block, None where there are none.

    A page may carry the ticker twice over (a strip for narrow screens, copies that a
    scrolling script made): equal lines count once, as in page texts.
    """
    lines = [line for strip in _strips(tickers) for line in _lines(strip, known)]
    if not lines:
        return None
    block = read_block("\n".join(lines), known)
    for number, fault in block.faults:
        findings.add("ticker-line", fault, lines[number])
    return block


def _strips(tickers: Iterable[LexborNode]) -> list[LexborNode]:
    """The elements that hold `.js-ticker` and its sibling, each once."""
    parents = (ticker.parent or ticker for ticker in tickers)
    # Nodes made by different calls are equal by their place in the tree.
    return list({parent.mem_id: parent for parent in parents}.values())


def _lines(strip: LexborNode, known: KnownBoards | None) -> list[str]:
    words = strip.css(_WORDS)
    # One call gives the text of the whole strip; as a rule nothing else stands in it.
    lines = clean(strip.text(separator=" ")).replace("%) ", "%)\n").split("\n")
    block = read_block("\n".join(lines), known)
    if len(block.roles) == len(lines) == len(words) and not block.faults:
        return lines
    found = (_line_around(word) for word in words if clean(word.text()) in _DIRECTIONS)
    return [line for line in found if line]


def _line_around(word: LexborNode) -> str | None:
    """The ticker line that a direction word belongs to.

    Cut off in the middle it is given as far as it goes, for the problem that it becomes.
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
        if line.endswith("%)") and not line.startswith(_DIRECTIONS):
            break
    return line
