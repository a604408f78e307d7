"""What the head of a page says of it: meta tags, canonical link, title, JSON-LD.

Nothing is judged here; every value is kept beside the name of its source, and
`findings.settle` decides between sources.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from loader.page.html.clean import clean, clean_value
from loader.page.html.findings import Findings

_SELECTOR = (
    'meta[property], meta[name], link[rel="canonical"], title, script[type="application/ld+json"]'
)
_NEWS_TYPES = frozenset(
    {"NewsArticle", "Article", "ReportageNewsArticle", "OpinionNewsArticle", "AnalysisNewsArticle"}
)
# Not strict: line breaks inside strings are common and harmless.
_JSON = json.JSONDecoder(strict=False)
# A story of 10,000 words and its keywords fit ten times over.
_MAX_JSON = 1_000_000
_MAX_JSON_NODES = 1_000
_MAX_VALUES = 200


@dataclass(slots=True)
class Metadata:
    """`meta` by lower-cased property or name, in order; `news` is JSON-LD's NewsArticle."""

    title: str | None = None
    canonical: str | None = None
    meta: dict[str, list[str]] = field(default_factory=dict)
    news: dict[str, Any] = field(default_factory=dict)

    def first(self, name: str) -> str | None:
        """The first value of a meta tag that is not blank."""
        values = self.meta.get(name)
        return values[0] if values else None

    def value(self, name: str) -> str | None:
        """The same, clean and without tags."""
        return next(iter(self.values(name)), None)

    def values(self, name: str) -> list[str]:
        """All values of a meta tag, clean, each once; a tag may stand twice and disagree."""
        cleaned = (clean_value(value) for value in self.meta.get(name, ()))
        return list(dict.fromkeys(value for value in cleaned if value))

    def text(self, name: str) -> str | None:
        """A text of the NewsArticle, None when it is absent, blank or no text."""
        return _text(self.news.get(name))

    def names(self, key: str) -> list[str]:
        """The names under a key of the NewsArticle: texts, or objects that have a `name`."""
        found = self.news.get(key)
        things = found if isinstance(found, list) else [found]
        names = (
            _text(thing.get("name") if isinstance(thing, dict) else thing)
            for thing in things[:_MAX_VALUES]
        )
        return list(dict.fromkeys(name for name in names if name))

    def keywords(self) -> list[str]:
        """JSON-LD's keywords: a list, or a text with commas."""
        found = self.news.get("keywords")
        if isinstance(found, str):
            found = found.split(",")
        if not isinstance(found, list):
            return []
        return [word for word in map(_text, found[:_MAX_VALUES]) if word]

    def address(self) -> str | None:
        """The address that the NewsArticle gives itself."""
        page = self.news.get("mainEntityOfPage")
        if isinstance(page, dict):
            page = page.get("@id") or page.get("url")
        return _text(page) or self.text("url")


def read_metadata(page: LexborHTMLParser, findings: Findings) -> Metadata:
    """Everything the head says; JSON-LD that is no JSON is a `bad-json` problem."""
    found = Metadata()
    _read_nodes(found, page.head.css(_SELECTOR) if page.head is not None else [], findings)
    if not (found.news and found.canonical):
        # An element that does not belong into the head ends it early; what follows is body.
        _read_nodes(found, page.body.css(_SELECTOR) if page.body is not None else [], findings)
    return found


def _read_nodes(found: Metadata, nodes: list[LexborNode], findings: Findings) -> None:
    for node in nodes:
        tag = node.tag
        if tag == "meta":
            _read_meta(found, node.attributes)
        elif tag == "link":
            found.canonical = found.canonical or node.attributes.get("href")
        elif tag == "title":
            found.title = found.title or _title(node)
        elif not found.news:
            found.news = _read_json(node.text(), findings)


def _read_meta(found: Metadata, attributes: dict[str, str | None]) -> None:
    name = attributes.get("property") or attributes.get("name")
    content = attributes.get("content")
    if name and content and not content.isspace():
        values = found.meta.setdefault(name.lower(), [])
        if len(values) < _MAX_VALUES:
            values.append(content)


def _title(node: LexborNode) -> str | None:
    # Drawings have titles too.
    if node.parent is not None and node.parent.tag == "svg":
        return None
    return clean(node.text()) or None


def _read_json(text: str, findings: Findings) -> dict[str, Any]:
    """The NewsArticle of a JSON-LD block, empty where it holds none."""
    if not text.strip():
        return {}
    try:
        if len(text) > _MAX_JSON:
            raise ValueError(f"{len(text):,} characters, more than {_MAX_JSON:,}")
        data = _JSON.decode(text.strip())
    except (ValueError, RecursionError) as error:
        findings.add("bad-json", f"a JSON-LD block cannot be read: {error}", clean(text[:300]))
        return {}
    return next((thing for thing in _objects(data) if _is_news(thing)), {})


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """Objects at the top, in lists and under `@graph`; no recursion, a limited number."""
    pending = [data]
    for _ in range(_MAX_JSON_NODES):
        if not pending:
            return
        thing = pending.pop(0)
        if isinstance(thing, list):
            pending += thing[:_MAX_JSON_NODES]
        elif isinstance(thing, dict):
            yield thing
            pending.append(thing.get("@graph"))


def _is_news(thing: dict[str, Any]) -> bool:
    kinds = thing.get("@type")
    return any(
        isinstance(kind, str) and kind in _NEWS_TYPES
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _text(value: Any) -> str | None:
    return (clean_value(value) or None) if isinstance(value, str) else None
