"""Make excerpts of untrusted text that are safe to store and print."""

from __future__ import annotations

from loader.errors import printable

MAX_EXCERPT_CHARS = 200


def excerpt(value: str | bytes, limit: int = MAX_EXCERPT_CHARS) -> str:
    """Return at most `limit` characters of `value` on one line, ending in `…` if truncated.

    Bytes are decoded as UTF-8 (invalid ones as `\ufffd`). White space is folded to single blanks.
    Control and format characters (terminal escapes, direction overrides), lone surrogates and
    the like are escaped.
    """
    # A character has at most 4 bytes, and one more character shows that the text is truncated.
    head = value[: 4 * (limit + 1)]
    is_cut = len(value) > len(head)
    text = head.decode("utf-8", "replace") if isinstance(head, bytes) else head
    folded = " ".join(text.split())
    safe = printable(folded)
    if len(safe) > limit or is_cut:
        return safe[: limit - 1] + "…"
    return safe
