"""Print quotes as the ticker lines of a page."""

from __future__ import annotations

from .market import Market, Quote, ratio

WORDS = {1: "Increased By", -1: "Decreased By", 0: "No Change"}
ARROWS = {1: "▲", -1: "▼", 0: "▼"}


def decimal(hundredths: int) -> str:
    """Return hundredths with two decimals and no commas: `1234.50`."""
    whole, part = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{part:02d}"


def grouped(hundredths: int) -> str:
    """Return hundredths with commas and two decimals: `62,345.67`."""
    whole, part = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole:,}.{part:02d}"


def short(hundredths: int) -> str:
    """Return hundredths without trailing zeros: `345.6`, `67`, `0.9`."""
    return decimal(hundredths).rstrip("0").rstrip(".")


def ticker_line(quote: Quote, arrow_indices: bool = False) -> str:
    """Return one line of a board, with the percentage computed from the printed numbers."""
    sign = (quote.change > 0) - (quote.change < 0)
    if quote.kind == "share":
        price, change = quote.price, quote.change
        price_text, change_text = grouped(price), decimal(change)
        arrow = f"{ARROWS[sign]} "
    else:
        price = ratio(quote.price, 100) * 100
        change = quote.change if arrow_indices else ratio(quote.change, 10) * 10
        price_text, change_text = f"{price // 100:,}", short(change)
        arrow = f"{ARROWS[sign]} " if arrow_indices else ""
    percent = short(ratio(change * 10_000, price - change))
    return f"{quote.symbol} {price_text} {WORDS[sign]} {arrow}{change_text} ({percent}%)"


def board_lines(market: Market, quotes: list[Quote], twice: bool = False) -> list[str]:
    """Return a full board; `twice` repeats the shares before the indices, as on one real page."""
    lines = [ticker_line(quote, market.arrow_indices) for quote in quotes]
    shares = [line for line, quote in zip(lines, quotes, strict=True) if quote.kind == "share"]
    return [*shares, *lines] if twice else lines
