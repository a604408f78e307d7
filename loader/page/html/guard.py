"""What Lexbor must not be given."""

from __future__ import annotations


def excess(text: str) -> str | None:
    return None
