"""Read the article of an HTML page from its element and from the page's metadata.

Each field has an order of trusted sources (docs/html.md). If they disagree, the first wins and a
`conflict` problem names the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from loader.model import Article, TextLink
from loader.page.body import read_body
from loader.page.dates import PRINTED, parse_printed
from loader.page.html.blocks import Content, read_blocks
from loader.page.html.clean import clean_value, text_of
from loader.page.html.findings import Findings
from loader.page.html.metadata import Metadata
from loader.page.html.moments import parse_moment, same_moment
from loader.page.prose import announced_headline, fold, without_site
from loader.page.reading import Reading
from loader.page.text import article_of

# All parts of an article's element, in one query; the first node of each class counts.
_PARTS = (
    ".story__title, .badge, .story__byline, .story__excerpt, .story__tags, .story__content,"
    " .timestamp--published, .timestamp--updated, .story__time"
)
_NAMES = tuple(part.strip(" .") for part in _PARTS.split(","))
_PRINTED = re.compile(PRINTED)
_BY = re.compile(r"(?:By|BY|by) +")
_MAX_LINE = 500
_QUOTES = str.maketrans("‘’“”–—", "''\"\"--")


@dataclass(slots=True)
class Parts:
    """The nodes of an article's element by class, and the element's own `data-tags`."""

    nodes: dict[str, LexborNode] = field(default_factory=dict)
    data_tags: str = ""

    def text(self, name: str) -> str | None:
        """Return the text of a part, None if it is absent or blank."""
        node = self.nodes.get(name)
        return (text_of(node) or None) if node is not None else None

    def line(self, name: str) -> str | None:
        """Return the text of a one-line part; None if it is absent or too long to be intact."""
        text = self.text(name)
        return text if text and len(text) <= _MAX_LINE else None


def find_parts(story: LexborNode) -> Parts:
    """Return the parts of an article's element."""
    parts = Parts(data_tags=story.attributes.get("data-tags") or "")
    for node in story.css(_PARTS):
        classes = (node.attributes.get("class") or "").split()
        for name in _NAMES:
            if name in classes:
                parts.nodes.setdefault(name, node)
    return parts


def read_article(
    parts: Parts,
    content: LexborNode | None,
    metadata: Metadata,
    news_id: int | None,
    findings: Findings,
) -> Article | None:
    """Return the article, None if neither headline nor text was found."""
    blocks = read_blocks(content) if content is not None else Content()
    reading = read_content(blocks, news_id, parts.text("story__tags"))
    for problem in reading.problems:
        findings.add(problem.kind, problem.detail, problem.excerpt)
    reading.headline = findings.settle("headline", list(_headlines(parts, metadata)), _same_text)
    reading.section = findings.settle("section", list(_sections(parts, metadata)), _same_text)
    reading.byline = findings.settle("authors", list(_authors(parts, metadata)), _same_text)
    reading.published_at = _settle_date("published", parts, metadata, findings)
    reading.updated_at = _settle_date("updated", parts, metadata, findings)
    summary = _summary(parts, metadata, reading.headline)
    reading.summary = [summary] if summary else []
    reading.caption = "\n".join(blocks.captions) or None
    return article_of(reading, tags=_tags(parts, metadata))


def read_content(blocks: Content, news_id: int | None, tags_line: str | None) -> Reading:
    """Read body, links and tail by the rules of page texts, and tags if `tags_line` is None."""
    lines = blocks.lines
    own = f"/{news_id}"
    teasers = dict(blocks.teasers)
    for number, links in blocks.links.items():
        # `Read more: ` before the link.
        if len(links) == 1 and announced_headline(lines[number]) == links[0].words:
            teasers[number] = links[0].url
    reading = Reading(
        lines=lines,
        roles=[""] * len(lines),
        after_board=False,
        tags_line=tags_line,
        links={n: url for n, url in teasers.items() if not url.endswith(own)},
        kept=frozenset(blocks.kept),
        grids=blocks.tables,
    )
    quotes = any("creased By" in line or "No Change" in line for line in lines)
    read_body(reading, 0, may_hold_quotes=quotes)
    reading.text_links = _text_links(blocks, reading, news_id)
    return reading


def _text_links(blocks: Content, reading: Reading, news_id: int | None) -> tuple[TextLink, ...]:
    """Return the links within the sentences of a body, one for each page that is not its own."""
    found: dict[str, TextLink] = {}
    for number, links in blocks.links.items():
        for link in links if reading.roles[number] == "body" else ():
            if not link.url.endswith(f"/{news_id}"):
                found[link.url] = min(link, found.get(link.url, link))
    return tuple(sorted(found.values()))


def _headlines(parts: Parts, metadata: Metadata) -> Iterator[tuple[str, str]]:
    if headline := parts.line("story__title"):
        yield "h1", headline
    if headline := metadata.text("headline"):
        yield "JSON-LD", headline
    for title in metadata.values("og:title"):
        yield "og:title", without_site(title)


def _sections(parts: Parts, metadata: Metadata) -> Iterator[tuple[str, str]]:
    for name in metadata.values("article:section"):
        yield "meta article:section", name
    if section := parts.line("badge"):
        yield "badge", section


def _authors(parts: Parts, metadata: Metadata) -> Iterator[tuple[str, str]]:
    if names := metadata.names("author"):
        yield "JSON-LD", " | ".join(names)
    if name := metadata.value("author"):
        yield "meta author", name
    if name := parts.line("story__byline"):
        yield "byline", _BY.sub("", name, count=1)


def _dates(which: str, parts: Parts, metadata: Metadata) -> Iterator[tuple[str, str]]:
    """Yield dates as printed, by source; `which` is `published` or `updated`."""
    json_key, meta_name = (
        ("datePublished", "article:published_time")
        if which == "published"
        else ("dateModified", "article:modified_time")
    )
    if text := metadata.text(json_key):
        yield "JSON-LD", text
    for value in metadata.values(meta_name):
        yield f"meta {meta_name}", value
    visible = parts.text(f"timestamp--{which}")
    if visible is None and which == "published":
        visible = parts.text("story__time")
    if visible and (match := _PRINTED.search(visible)):
        yield "the visible time", match[0]


def _settle_date(which: str, parts: Parts, metadata: Metadata, findings: Findings) -> str | None:
    """Return the most trusted valid date; invalid ones become `bad-date` problems."""
    readable = []
    for source, text in _dates(which, parts, metadata):
        moment = parse_moment(text) or parse_printed(text)
        if moment is None:
            findings.add("bad-date", f"{source} says it was {which} on no date", text)
        else:
            readable.append((source, moment))
    return findings.settle(f"{which} date", readable, same_moment)


def _summary(parts: Parts, metadata: Metadata, headline: str | None) -> str | None:
    """Return the summary above the text, one line per point; else the head's description."""
    node = parts.nodes.get("story__excerpt")
    if node is not None:
        points = [point for point in map(text_of, node.css("li")) if point]
        summary = "\n".join(points) or text_of(node)
    else:
        summary = (
            metadata.value("og:description")
            or metadata.value("description")
            or metadata.text("description")
            or ""
        )
    return summary if summary and summary != headline else None


def _tags(parts: Parts, metadata: Metadata) -> tuple[str, ...]:
    """Return topic tags from meta tags, else JSON-LD, links below the text, or `data-tags`."""
    found = [clean_value(tag) for tag in metadata.meta.get("article:tag", ())]
    found = found or metadata.keywords()
    if not found and (node := parts.nodes.get("story__tags")) is not None:
        found = [text_of(link) for link in node.css("a")]
    found = found or [clean_value(tag) for tag in parts.data_tags.split(",")]
    return tuple(dict.fromkeys(tag for tag in found if tag))


def _same_text(one: str, other: str) -> bool:
    """Whether two texts are equal but for case, quotation marks and white space."""
    return one == other or _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return fold(text).translate(_QUOTES).casefold()
