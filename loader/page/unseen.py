"""Remove invisible characters before lines are parsed, in texts and HTML.

Raw captures keep them; only the parsed fields are without.
"""

from __future__ import annotations

import re

from loader.translate import translate

# Control characters except tab and line ends, soft hyphens, lone surrogates (SQLite rejects
# them), zero-width characters, and bidirectional controls, which would reorder any text that a
# terminal or page shows after them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180b-\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# The variation selector for coloured arrows; Python counts it as printable.
_SELECTOR = "\ufe0f"
# Zero-width joiners shape Arabic letters and emoji; between other characters they are noise.
_JOINERS = re.compile(
    "(?<![\u0600-\U0010ffff])[\u200c\u200d]+|[\u200c\u200d]+(?![\u0600-\U0010ffff])"
)
# All Unicode blanks within a line except the tab, which separates columns.
_BLANKS = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_LINE_ENDS = dict.fromkeys([0x85, 0x2028, 0x2029], "\n")
# Visible ASCII and its white space.
_SEEN_BYTES = bytes([*b"\t\n\x0b\x0c\r", *range(0x20, 0x7F)])
_SPACES = {chr(code): to for code, to in (_BLANKS | _LINE_ENDS).items()}


def without_unseen(text: str) -> str:
    """Return `text` without invisible characters; white space stays."""
    if text.isprintable() and _SELECTOR not in text:
        return text
    text = _UNSEEN.sub("", text)
    return _JOINERS.sub("", text) if "\u200c" in text or "\u200d" in text else text


def may_hold_unseen(data: bytes) -> bool:
    """Return whether UTF-8 bytes may contain control or other invisible characters.

    Only the non-ASCII remainder is searched; a search of the whole text takes 20 times as long.
    """
    others = data.translate(None, _SEEN_BYTES).decode("utf-8")
    return not others.isprintable() or _SELECTOR in others


def plain_text(text: str) -> str:
    """Return a text without invisible characters, with blanks and line ends normalised."""
    return without_unseen(translate(text, _SPACES))
