"""Read the elements of a feed item with expat, without document types, entities or fetching.

Names get the common prefixes, whatever prefixes the feed declares: `content:encoded`,
`dc:creator`, `atom:link`. Those of RSS itself have no prefix.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from html.entities import html5
from xml.parsers import expat

_ATOM = "http://www.w3.org/2005/atom"
_PREFIXES = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    _ATOM: "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://search.yahoo.com/mrss/": "media",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
}
_ITEMS = ("item", "entry")
_MAX_DEPTH = 200
_MAX_FIELDS = 2000
# Characters that XML does not allow, even as references.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7};|#x[0-9a-fA-F]{1,6};|([A-Za-z][A-Za-z0-9]{1,40});|)")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CDATA, _CDATA_END = "<![CDATA[", "]]>"


class XmlError(ValueError):
    """An item that is not valid XML, with the reason (a clause)."""


@dataclass(slots=True)
class Element:
    """A child of the item: its text, and its content as markup if it has child elements."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    markup: str = ""
    has_children: bool = False
    children: dict[str, list[str]] = field(default_factory=dict)
    # Attributes of descendants with an address, such as the images of a group.
    inner: list[dict[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class ItemElements:
    """The children of an item by name, in order; its links are relative to `base`."""

    base: str | None
    elements: Mapping[str, list[Element]]
    authors: list[str]

    def named(self, *names: str) -> list[Element]:
        """Return the elements of the first of these names that occurs, else an empty list."""
        for name in names:
            if found := self.elements.get(name):
                return found
        return []


def read_elements(data: bytes) -> ItemElements:
    """Return the elements of the only item in a feed. Raises XmlError if it cannot be read.

    Common and unambiguous mistakes are repaired: HTML entities (`&nbsp;`), bare ampersands and
    control characters.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise XmlError(f"is no UTF-8 at its byte {error.start}") from None
    try:
        return _parsed(text)
    except expat.ExpatError as error:
        first = error
    try:
        return _parsed(_mended(text))
    except expat.ExpatError:
        raise XmlError(f"is no XML: {first}") from None


def _parsed(text: str) -> ItemElements:
    reading = _Reading()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.ordered_attributes = False
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    parser.Parse(text.encode("utf-8", "replace"), True)
    if not reading.has_item:
        raise XmlError("holds no item")
    return ItemElements(reading.base, reading.elements, reading.authors)


def _refuse_doctype(*details: object) -> None:
    raise XmlError("declares a document type, which no item may")


def _mended(text: str) -> str:
    """Return the text with references and control characters repaired outside CDATA sections."""
    text = _NO_XML.sub("", text)
    parts = []
    position = 0
    while (start := text.find(_CDATA, position)) >= 0:
        end = text.find(_CDATA_END, start)
        if end < 0:
            break
        parts += [_REFERENCE.sub(_reference, text[position:start]), text[start:end]]
        position = end
    parts.append(_REFERENCE.sub(_reference, text[position:]))
    return "".join(parts)


def _reference(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return match[0] if len(match[0]) > 1 else "&amp;"
    if name in _OF_XML:
        return match[0]
    if (chars := html5.get(f"{name};")) is None:
        raise XmlError(f"uses the entity {name}, which is not expanded")
    return escape(chars)


class _Reading:
    """Handlers for expat's events, which collect the elements of the root and of the item."""

    def __init__(self) -> None:
        self.base: str | None = None
        self.elements: dict[str, list[Element]] = {}
        self.authors: list[str] = []
        self.has_item = False
        self._count = 0
        self._depth = 0
        self._item_depth: int | None = None
        self._scopes: list[dict[str, str]] = [{}]
        self._current: Element | None = None
        self._texts: list[str] = []
        self._markups: list[str] = []
        # Names of the open elements within the current one, and the text of the innermost.
        self._open: list[str] = []
        self._inner: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise XmlError(f"nests elements more than {_MAX_DEPTH} deep")
        if self._current is not None:
            self._start_inner(name, attributes)
            return
        scope = self._scopes[-1]
        if attributes:
            scope = _scope(scope, attributes)
            self.base = attributes.get("xml:base") or self.base
        local = name.rpartition(":")[2]
        if name == "feed" and "" not in scope:
            # Only Atom has this root; some feeds do not declare its namespace.
            scope = {**scope, "": _ATOM}
        self._scopes.append(scope)
        if self._item_depth is None and self._depth > 1 and local in _ITEMS:
            self._item_depth, self.has_item = self._depth, True
        elif self._depth > 1 and (self._item_depth is not None or local == "author"):
            self._count += 1
            if self._count > _MAX_FIELDS:
                raise XmlError(f"has more than {_MAX_FIELDS:,} elements")
            self._current = Element(_name(name, scope), attributes)
            self._texts, self._markups, self._open, self._inner = [], [], [], []

    def _start_inner(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if self._current is not None and "url" in attributes:
            self._current.inner.append(attributes)
        if not self._markups:
            # Escaping starts only here, since most elements have no children.
            self._markups.append(escape("".join(self._texts)))
        written = "".join(
            f' {key}="{escape(value)}"' for key, value in attributes.items() if ":" not in key
        )
        self._markups.append(f"<{local}{written}>")
        self._open.append(local)
        self._inner = []

    def text(self, data: str) -> None:
        if self._current is not None:
            self._texts.append(data)
            if self._markups:
                self._markups.append(escape(data))
                self._inner.append(data)

    def end(self, name: str) -> None:
        self._depth -= 1
        current = self._current
        if current is None:
            self._scopes.pop()
            if self._item_depth is not None and self._depth < self._item_depth:
                self._item_depth = None
            return
        if self._open:
            local = self._open.pop()
            self._markups.append(f"</{local}>")
            if not self._open:
                current.children.setdefault(local, []).append("".join(self._inner).strip())
            current.has_children = True
            return
        self._scopes.pop()
        current.text = "".join(self._texts)
        current.markup = "".join(self._markups)
        if self._item_depth is None:
            self.authors += current.children.get("name", [])
        else:
            self.elements.setdefault(current.name, []).append(current)
        self._current = None


def _scope(outer: dict[str, str], attributes: dict[str, str]) -> dict[str, str]:
    """Return the namespace prefixes in scope within an element, `""` for names without one."""
    declared = {
        key[6:]: value.strip()
        for key, value in attributes.items()
        if key == "xmlns" or key.startswith("xmlns:")
    }
    return {**outer, **declared} if declared else outer


def _name(name: str, scope: dict[str, str]) -> str:
    """Return a name with its common prefix; an undeclared prefix is taken literally."""
    prefix, _, local = name.rpartition(":")
    uri = scope.get(prefix)
    if uri is None:
        return name
    known = _PREFIXES.get(uri.lower())
    if known is not None:
        return f"{known}:{local}"
    # RSS 1.0 and some RSS 2.0 feeds declare a namespace for RSS itself.
    return local if not prefix or "rss" in uri.lower() else name
