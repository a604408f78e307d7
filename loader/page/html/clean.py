"""What leaves this package as text: no markup, no white space to spare, nothing unseen."""

from __future__ import annotations

import re
from html import unescape

from selectolax.lexbor import LexborNode

from loader.page.unseen import without_unseen

# Elements whose content is no text for readers, and is not parsed as markup either.
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
# What stands in no address unless it is escaped.
_NO_URL = frozenset('<>"`{}|\\^')


def clean(text: str) -> str:
    """`text` with white space folded and without control and direction characters."""
    folded = " ".join(text.split())
    seen = without_unseen(folded)
    return folded if seen is folded else " ".join(seen.split())


def text_of(node: LexborNode) -> str:
    """The clean text of an element; words parted by a block or a line break stay parted."""
    child = node.first_child
    if child is None or (child.is_text_node and child.next is None):
        return clean(node.text())
    if node.css_first(_NOT_PLAIN) is None:
        return clean(node.text())
    _drop_raw_text(node)
    parted = node.css_first(_PARTING) is not None
    return clean(node.text(separator=" " if parted else ""))


def lines_of(node: LexborNode) -> list[str]:
    """The lines of fixed text, as `<pre>` holds it: blanks are columns and stay."""
    _drop_raw_text(node)
    return [
        without_unseen(line.replace("\t", "    ")).rstrip() for line in node.text().splitlines()
    ]


def _drop_raw_text(node: LexborNode) -> None:
    if node.css_first(_RAW) is not None:
        # The tree serves this one reading, so it may be changed.
        node.strip_tags(list(RAW_TEXT), recursive=True)


def clean_value(text: str) -> str:
    """A string from JSON-LD or a meta tag, where sites leave tags and entities of their own."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = unescape(text)
    return clean(text)


def clean_url(text: str | None) -> str | None:
    """An http address fit to store, None for `javascript:`, `data:` and other kinds."""
    if not text or len(text) > _MAX_URL:
        return None
    url = without_unseen("".join(text.split()))
    return url if _HTTP.match(url) and _NO_URL.isdisjoint(url) else None
