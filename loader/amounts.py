"""Exact amounts: whole hundredths of a rupee, a point, a per cent. No float decides."""

from __future__ import annotations


def hundredths(text: str) -> int:
    """Return the hundredths that a printed amount states: `"1,234.5"` -> 123450.

    The text has at most two decimals and perhaps a minus sign.
    """
    text = text.replace(",", "")
    if text[-3:-2] == ".":
        return int(text.replace(".", ""))
    whole, point, decimals = text.partition(".")
    return int(whole + (decimals + "0")[:2]) if point else int(text) * 100
