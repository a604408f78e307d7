"""Read the parts of a feed that its items depend on: root element, address and author."""

from __future__ import annotations

import html
import re
from contextlib import suppress
from dataclasses import dataclass, field
from xml.parsers import expat

# An item with an absolute link does not need the feed's address.
_ABSOLUTE_LINK = re.compile(
    r"<(?:[A-Za-z_][\w.-]*:)?link\b[^<>]*"
    r"(?:href\s*=\s*[\"']\s*https?://|>\s*(?:<!\[CDATA\[)?\s*https?://)",
    re.IGNORECASE,
)
_ENCODING = re.compile(rb"<\?xml[^>]{0,100}\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{2,40})[\"']")
_HTTP = ("http://", "https://")
_NAMES = {"rss": "item", "RDF": "item", "feed": "entry"}


@dataclass(slots=True)
class Channel:
    """The channel of a feed.

    `tag` is the root element as written, `namespaces` has its declarations by prefix (`""` for
    the default namespace).
    """

    root: str
    tag: str
    namespaces: dict[str, str] = field(default_factory=dict)
    base: str | None = None
    authors: list[str] = field(default_factory=list)

    @property
    def is_atom(self) -> bool:
        return self.root == "feed"

    def wrapped(self, item: str) -> str:
        """Return a feed of one item: the declarations that it uses, and the item unchanged."""
        # It imports the whole HTTP client, which no other reader of files needs.
        from xml.sax.saxutils import quoteattr

        own = self.tag.rpartition(":")[0]
        names = sorted(name for name in self.namespaces if name in ("", own) or _uses(item, name))
        attributes = "".join(
            f" {f'xmlns:{name}' if name else 'xmlns'}={quoteattr(self.namespaces[name])}"
            for name in names
        )
        if self.base and not _ABSOLUTE_LINK.search(item):
            attributes += f" xml:base={quoteattr(self.base)}"
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<{self.tag}{attributes}>\n'
            f"{self._author(item)}{item}\n</{self.tag}>\n"
        )

    def _author(self, item: str) -> str:
        """Return the feed's author, which applies to entries without one (RFC 4287, 4.2.1)."""
        prefix = self.tag.removesuffix("feed")
        if not self.is_atom or not self.authors or f"<{prefix}author" in item:
            return ""
        names = (
            f"<{prefix}name>{html.escape(name, quote=False)}</{prefix}name>"
            for name in self.authors
        )
        return "".join(f"<{prefix}author>{name}</{prefix}author>\n" for name in names)


def item_name(root: str) -> str:
    """Return the local name of item elements in a feed with this root."""
    return _NAMES[root]


def declared_charset(head: bytes) -> str | None:
    """Return the charset named in the XML declaration, else None."""
    match = _ENCODING.search(head[:200])
    return match[1].decode("ascii") if match else None


def read_channel(prologue: str, root: str, location: str) -> Channel:
    """Read the channel from the text before its first item, as far as that is valid XML.

    `prologue` begins with the root element. The channel's address is `xml:base`, else its link,
    else the location of the feed.
    """
    reading = _Prologue(root)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    # Elements before a fault were read already, and items do not depend on the rest.
    with suppress(expat.ExpatError):
        parser.Parse(prologue.encode("utf-8", "replace"), False)
    channel = reading.channel
    bases = (reading.base, reading.link, location)
    channel.base = next((base for base in bases if base and base.startswith(_HTTP)), None)
    return channel


class _Prologue:
    """Handlers for expat's events, which collect the elements before the first item."""

    def __init__(self, root: str) -> None:
        self.channel = Channel(root, root)
        self.base: str | None = None
        self.link: str | None = None
        self._path: list[str] = []
        self._parts: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if not self._path:
            self.channel.tag = name
            self.base = attributes.get("xml:base")
            for key, value in attributes.items():
                if key == "xmlns" or key.startswith("xmlns:"):
                    self.channel.namespaces[key[6:]] = value
        elif (local, len(self._path)) == ("link", 1) and _is_alternate(attributes):
            self.link = self.link or attributes["href"]
        self._path.append(local)
        self._parts = []

    def text(self, data: str) -> None:
        self._parts.append(data)

    def end(self, name: str) -> None:
        text = "".join(self._parts).strip()
        if self._path[1:] == ["channel", "link"] and text:
            self.link = self.link or text
        elif self._path[1:] == ["author", "name"] and text:
            self.channel.authors.append(text)
        self._path.pop()
        self._parts = []


def _is_alternate(attributes: dict[str, str]) -> bool:
    """Whether an Atom link leads to the pages of the feed rather than to the feed itself."""
    return "href" in attributes and attributes.get("rel", "alternate") == "alternate"


def _uses(item: str, prefix: str) -> bool:
    """Whether an element or attribute of an item has a prefix."""
    return f"<{prefix}:" in item or f" {prefix}:" in item or f"\n{prefix}:" in item
