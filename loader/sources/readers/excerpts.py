"""Make excerpts of untrusted text that are safe to store and print."""

from __future__ import annotations

MAX_EXCERPT_CHARS = 200


def excerpt(value: str | bytes, limit: int = MAX_EXCERPT_CHARS) -> str:
    """Return at most `limit` characters of `value` on one line, ending in `…` if truncated.

    Bytes are decoded as UTF-8 (invalid ones as `\ufffd`). White space is folded to single blanks.
    Control and format characters (terminal escapes, direction overrides), lone surrogates and
    the like are escaped.
    """
    # A character has at most 4 bytes; one more character shows that the text is truncated.
    if isinstance(value, bytes):
        text = value[: 4 * (limit + 1)].decode("utf-8", "replace")
        more = len(value) > 4 * (limit + 1)
    else:
        text, more = value[: 4 * (limit + 1)], len(value) > 4 * (limit + 1)
    folded = " ".join(text.split())
    safe = "".join(char if char.isprintable() else _escaped(char) for char in folded)
    if len(safe) > limit or more:
        return safe[: limit - 1] + "…"
    return safe


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
