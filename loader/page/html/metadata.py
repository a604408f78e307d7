"""Read the metadata of a page: meta tags, canonical link, title, JSON-LD.

Nothing is decided here: every value is kept with the name of its source, and `findings.settle`
chooses between sources.
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
# Not strict, since line breaks inside strings are common and harmless.
_JSON = json.JSONDecoder(strict=False)
# Ten times the size of a story of 10,000 words with its keywords.
_MAX_JSON = 1_000_000
_MAX_JSON_NODES = 1_000
_MAX_VALUES = 200


@dataclass(slots=True)
class Metadata:
    """Metadata: `meta` by lower-cased property or name, in order; `news` is the NewsArticle."""

    title: str | None = None
    canonical: str | None = None
    meta: dict[str, list[str]] = field(default_factory=dict)
    news: dict[str, Any] = field(default_factory=dict)

    def first(self, name: str) -> str | None:
        """Return the first non-blank value of a meta tag."""
        values = self.meta.get(name)
        return values[0] if values else None

    def value(self, name: str) -> str | None:
        """Return the first value of a meta tag, cleaned and without markup."""
        return next(iter(self.values(name)), None)

    def values(self, name: str) -> list[str]:
        """Return the distinct cleaned values of a meta tag, which may occur twice and disagree."""
        cleaned = (clean_value(value) for value in self.meta.get(name, ()))
        return list(dict.fromkeys(value for value in cleaned if value))

    def text(self, name: str) -> str | None:
        """Return a string of the NewsArticle, None if it is absent, blank or not a string."""
        return _text(self.news.get(name))

    def names(self, key: str) -> list[str]:
        """Return the names under a key of the NewsArticle: strings, or objects with a `name`."""
        found = self.news.get(key)
        things = found if isinstance(found, list) else [found]
        names = (
            _text(thing.get("name") if isinstance(thing, dict) else thing)
            for thing in things[:_MAX_VALUES]
        )
        return list(dict.fromkeys(name for name in names if name))

    def keywords(self) -> list[str]:
        """Return the keywords of the NewsArticle, given as a list or separated by commas."""
        found = self.news.get("keywords")
        if isinstance(found, str):
            found = found.split(",")
        if not isinstance(found, list):
            return []
        return [word for word in map(_text, found[:_MAX_VALUES]) if word]

    def address(self) -> str | None:
        """Return the NewsArticle's own address."""
        page = self.news.get("mainEntityOfPage")
        if isinstance(page, dict):
            page = page.get("@id") or page.get("url")
        return _text(page) or self.text("url")


def read_metadata(page: LexborHTMLParser, findings: Findings) -> Metadata:
    """Return the metadata of a page; invalid JSON-LD becomes a `bad-json` problem."""
    found = Metadata()
    _read_nodes(found, page.head.css(_SELECTOR) if page.head is not None else [], findings)
    if not (found.news and found.canonical):
        # An element that is not allowed in the head ends it early, and the rest is in the body.
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
    # SVG images have titles too.
    if node.parent is not None and node.parent.tag == "svg":
        return None
    return clean(node.text()) or None


def _read_json(text: str, findings: Findings) -> dict[str, Any]:
    """Return the NewsArticle of a JSON-LD block, empty if there is none."""
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
    """Yield objects at the top level, in lists and under `@graph`, up to a limit."""
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
