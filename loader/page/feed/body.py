"""Parse the text of a feed item with the HTML reader."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from loader.model import Image
from loader.page.feed.elements import Element, ItemElements
from loader.page.html.around import read_images
from loader.page.html.article import read_content
from loader.page.html.blocks import Content, read_blocks
from loader.page.html.clean import text_of
from loader.page.html.findings import Findings
from loader.page.html.guard import excess
from loader.page.prose import fold
from loader.page.reading import Reading

_TEXTS = ("content:encoded", "atom:content", "description", "atom:summary", "media:description")
_TAG = re.compile(r"<[A-Za-z/!][^<>]*>")
_ESCAPED_TAG = re.compile(r"&lt;/?[A-Za-z][^<>]*?&gt;")
_BLANK_LINES = re.compile(r"\n\s*\n")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|#")
_RELATIVE = re.compile(r"href\s*=\s*(?:[\"']\s*)?(?![\s\"']|https?:)", re.IGNORECASE)
# A longer summary is another form of the text.
_MAX_SUMMARY = 2000


@dataclass(slots=True)
class Body:
    """The parsed body, and the item's shorter text if the body does not contain it."""

    reading: Reading
    captions: list[str] = field(default_factory=list)
    summary: str | None = None
    images: tuple[Image, ...] = ()


def read_feed_body(
    item: ItemElements, base: str | None, news_id: int | None, findings: Findings
) -> Body:
    """Parse the longest text of an item as its body.

    Often `description` is the whole text and `content:encoded` its beginning, or the other way
    round. Links are resolved against `base`.
    """
    roots = []
    for name in _TEXTS:
        for element in item.named(name)[:1]:
            if root := _tree(markup_of(element), base, findings):
                roots.append(root)
    if not roots:
        return Body(read_content(Content(), news_id, None))
    texts = [(text_of(root), root) for root in roots] if len(roots) > 1 else []
    plain, root = max(texts, key=lambda text: len(text[0])) if texts else ("", roots[0])
    blocks = read_blocks(root)
    reading = read_content(blocks, news_id, None)
    for kind, detail, excerpt in reading.problems:
        findings.add(kind, detail, excerpt)
    body = fold(plain)
    others = (text for text, other in texts if other is not root)
    summary = next((text for text in others if not _is_in(text, body)), None)
    images = read_images(root, base) if root.css_first("img") is not None else ()
    return Body(reading, blocks.captions, summary, images)


def markup_of(element: Element) -> str:
    """Return the content of an element as HTML, however the feed encodes it."""
    kind = element.attributes.get("type", "").lower()
    if element.attributes.get("src"):
        return ""  # the content is at another address
    if element.name.startswith("atom:"):
        if kind == "xhtml" or (kind not in ("html", "text/html") and element.has_children):
            return element.markup
        return element.text if kind in ("html", "text/html") else _paragraphs(element.text)
    if element.has_children:
        return element.markup
    text = element.text
    if _TAG.search(text):
        return text
    if _ESCAPED_TAG.search(text):
        return unescape(text)  # escaped twice
    return _paragraphs(unescape(text))


def _paragraphs(text: str) -> str:
    """Return plain text as HTML paragraphs, split at blank lines."""
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in _BLANK_LINES.split(text))


def _tree(markup: str, base: str | None, findings: Findings) -> LexborNode | None:
    """Return the parsed body of a text; None if it is blank or too complex to parse."""
    if not markup.strip():
        return None
    # Lone surrogates cannot be encoded.
    data = f"<body>{markup}</body>".encode("utf-8", "replace")
    if reason := excess(data):
        findings.add("too-complex", f"a text of an item {reason}", markup[:200])
        return None
    root = LexborHTMLParser(data).body
    if root is not None and base and _RELATIVE.search(markup):
        _make_links_whole(root, base)
    return root


def _make_links_whole(root: LexborNode, base: str) -> None:
    for link in root.css("a[href]"):
        href = link.attributes.get("href") or ""
        if not _ABSOLUTE.match(href):
            try:
                link.attrs["href"] = urljoin(base, href)
            except ValueError:
                continue


def _is_in(text: str, body: str) -> bool:
    """Whether a text is no summary: empty, too long, or contained in the body (dots aside)."""
    folded = fold(text).rstrip(".… ")
    return not folded or len(folded) > _MAX_SUMMARY or folded in body
