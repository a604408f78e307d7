"""Print quotes as ticker lines, the converse of `parse_block`."""

from __future__ import annotations

from loader.model import Board, Quote

_WORDS = {"up": "Increased By", "down": "Decreased By", "flat": "No Change"}


def render_quote(quote: Quote) -> str:
    arrow = f"{quote.arrow} " if quote.arrow else ""
    return (
        f"{quote.symbol} {quote.price_text} {_WORDS[quote.direction]} "
        f"{arrow}{quote.change_text} ({quote.percent_text}%)"
    )


def render(board: Board) -> str:
    return "\n".join(map(render_quote, board.quotes))
