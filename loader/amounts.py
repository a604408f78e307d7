"""Exact amounts: whole hundredths of a rupee, a point or a per cent, never floats."""

from __future__ import annotations


def hundredths(text: str) -> int:
    """Return a printed amount in hundredths: `"1,234.5"` -> 123450.

    The text has at most two decimals and an optional minus sign.
    """
    text = text.replace(",", "")
    if text[-3:-2] == ".":
        return int(text.replace(".", ""))
    whole, point, decimals = text.partition(".")
    return int(whole + (decimals + "0")[:2]) if point else int(text) * 100
