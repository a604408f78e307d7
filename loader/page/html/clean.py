"""Clean extracted text: no markup, white space folded, no invisible characters."""

from __future__ import annotations

import re
from html import unescape

from selectolax.lexbor import LexborNode

from loader.page.unseen import without_unseen

# Elements whose content is neither text for readers nor parsed as markup.
RAW_TEXT = (
    "iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "template",
    "textarea", "title", "xmp",
)  # fmt: skip
_RAW = ", ".join(RAW_TEXT)
_PARTING = "br, p, div, li"
_NOT_PLAIN = f"{_PARTING}, {_RAW}"
_TAG = re.compile(r"<!--|-->|</?[A-Za-z!][^<>]*>")
_MAX_URL = 2000
_HTTP = re.compile(r"https?://", re.IGNORECASE)
# Characters that an address may contain only percent-encoded.
_NO_URL = frozenset('<>"`{}|\\^')


def clean(text: str) -> str:
    """Return `text` with white space folded and without invisible characters."""
    folded = " ".join(text.split())
    seen = without_unseen(folded)
    return folded if seen is folded else " ".join(seen.split())


def text_of(node: LexborNode) -> str:
    """Return the clean text of an element; blocks and line breaks separate words."""
    child = node.first_child
    if child is None or (child.is_text_node and child.next is None):
        return clean(node.text())
    if node.css_first(_NOT_PLAIN) is None:
        return clean(node.text())
    _drop_raw_text(node)
    parted = node.css_first(_PARTING) is not None
    return clean(node.text(separator=" " if parted else ""))


def lines_of(node: LexborNode) -> list[str]:
    """Return the lines of preformatted text (`<pre>`), with the blanks that form columns."""
    _drop_raw_text(node)
    return [
        without_unseen(line.replace("\t", "    ")).rstrip() for line in node.text().splitlines()
    ]


def _drop_raw_text(node: LexborNode) -> None:
    if node.css_first(_RAW) is not None:
        # The tree is used only once, so it may be changed.
        node.strip_tags(list(RAW_TEXT), recursive=True)


def clean_value(text: str) -> str:
    """Clean a string from JSON-LD or a meta tag, where sites leave tags and entities."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = unescape(text)
    return clean(text)


def clean_url(text: str | None) -> str | None:
    """Return an HTTP address fit to store, None for `javascript:`, `data:` and other schemes."""
    if not text or len(text) > _MAX_URL:
        return None
    url = without_unseen("".join(text.split()))
    return url if _HTTP.match(url) and _NO_URL.isdisjoint(url) else None
