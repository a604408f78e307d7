"""Parse one item of a feed into a snapshot: an article without a board."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urljoin

from loader.model import Article, AuthorPage, Capture, Image, Problem, Snapshot
from loader.page.address import Address
from loader.page.byline import agency_of
from loader.page.feed.body import Body, read_feed_body
from loader.page.feed.dates import parse_feed_date
from loader.page.feed.elements import Element, ItemElements, XmlError, read_elements
from loader.page.html.around import absolute
from loader.page.html.clean import clean, clean_value
from loader.page.html.findings import Findings
from loader.page.html.identity import Identity, Named, identify, is_site_url, page_address
from loader.page.html.moments import same_moment, without_future_dates
from loader.page.text import article_of

LAYOUT = "feed"

# `none@none.com (AFP)`; the address is often a placeholder and never a name.
_MAIL = re.compile(r"\S+@\S+")
_IN_BRACKETS = re.compile(r"[^()\s]+@[^()\s]+ ?\((?P<name>[^()]*)\)")
_BY = re.compile(r"(?:By|BY|by) +")
_NO_NAMES = frozenset({"", "none", "null", "n/a", "admin", "noreply", "no author"})
_HTTP = ("http://", "https://")
_PUBLISHED = ("pubDate", "atom:published", "atom:issued", "dcterms:created", "dc:date")
_UPDATED = ("atom:updated", "atom:modified", "dcterms:modified")
_PICTURES = ("media:content", "media:group", "media:thumbnail", "enclosure")
_MAX_LINE = 500
_MAX_VALUES = 200


class Link(NamedTuple):
    """An address of an item's page: the element it comes from, as written, and canonical.

    `is_own` is true on Business Recorder's site.
    """

    source: str
    url: str
    address: Address | None
    is_own: bool


def _link(source: str, url: str) -> Link:
    address = page_address(url)
    is_own = address is not None and (address.news_id is not None or is_site_url(address.url))
    return Link(source, url, address, is_own)


def parse_feed_item(capture: Capture) -> Snapshot:
    """Return the snapshot of an item. Never raises: invalid XML gives only a problem.

    The item's own address takes precedence over the capture's, which is that of the feed.
    """
    try:
        item = read_elements(capture.data)
    except XmlError as error:
        shown = clean(capture.data[:400].decode("utf-8", "replace"))[:200]
        problem = Problem("bad-xml", f"an item {error}", capture.source, capture.offset, shown)
        return Snapshot(capture, problems=(problem,))
    findings = Findings(capture)
    links = [_link(source, url) for source, url in _links(item)]
    identity = _identity(capture, links, findings)
    if identity.is_foreign:
        findings.add("not-a-page", "is an item about a page of another site", links[0].url)
        return Snapshot(capture, problems=tuple(findings.problems))
    url = _told_url(links) or capture.url
    article = _article(item, url, identity.news_id, findings)
    if article is None:
        findings.add("no-content", "holds neither a headline nor a text")
    elif capture.captured_at is not None:
        article = without_future_dates(article, capture.captured_at, findings)
    return Snapshot(
        capture=replace(capture, url=url),
        page_url=identity.address.url if identity.address else None,
        news_id=identity.news_id,
        article=article,
        layout=LAYOUT,
        problems=tuple(findings.problems),
    )


def _links(item: ItemElements) -> Iterator[tuple[str, str]]:
    """Yield the addresses that an item gives for its page, the most trusted first."""
    for element in item.named("feedburner:origLink"):
        yield "feedburner:origLink", _whole(element.text, item.base)
    for element in item.named("link")[:1]:
        if text := element.text.strip():
            yield "link", _whole(text, item.base)
    for element in item.named("atom:link"):
        if element.attributes.get("rel", "alternate") == "alternate":
            yield "link", _whole(element.attributes.get("href", ""), item.base)
            break
    for element in item.named("guid", "atom:id")[:1]:
        text = element.text.strip()
        if text.startswith(_HTTP) and element.attributes.get("isPermaLink") != "false":
            yield "guid", text


def _whole(link: str, base: str | None) -> str:
    """Return a link resolved against `base`, if the feed declares one."""
    link = "".join(link.split())
    if not base or link.startswith(_HTTP):
        return link
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _identity(capture: Capture, links: list[Link], findings: Findings) -> Identity:
    known = [link for link in links if link.address]
    asked = None
    if not known:
        asked = page_address(capture.url)
        shown = clean(links[0].url) if links else None
        findings.add("bad-url", "an item gives no address of its page", shown)
    named = Named(
        asked=asked,
        own=tuple((each.source, each.address) for each in known if each.is_own and each.address),
        others=tuple(
            (each.source, each.address) for each in known if not each.is_own and each.address
        ),
    )
    return identify(named, None, findings)


def _told_url(links: list[Link]) -> str | None:
    """Return the address as written in the feed: the first on the site, else the first at all."""
    own = (link.url for link in links if link.is_own)
    return next(own, None) or next((link.url for link in links if link.address), None)


def _article(
    item: ItemElements, url: str | None, news_id: int | None, findings: Findings
) -> Article | None:
    body = read_feed_body(item, url or item.base, news_id, findings)
    reading = body.reading
    titles = item.named("title", "atom:title", "dc:title", "media:title")
    headline = _line(titles[0]) if titles else ""
    reading.headline = headline or None
    categories = list(_categories(item))
    reading.section = categories[0] if categories else None
    names = list(_authors(item))
    reading.byline = " | ".join(names) or None
    reading.published_at = _date("published", item, _PUBLISHED, findings)
    reading.updated_at = _date("updated", item, _UPDATED, findings)
    summary = _summary(body, reading.headline)
    reading.summary = [summary] if summary else []
    reading.caption = "\n".join(body.captions) or None
    article = article_of(
        reading,
        tags=tuple(categories[1:]),
        images=_images(item, body, url),
        author_pages=tuple(dict.fromkeys(_author_pages(item, url))),
    )
    if article is None or article.agency is not None:
        return article
    agencies = (agency for name in (*names, *_origins(item)) if (agency := agency_of(name)))
    return replace(article, agency=next(agencies, None))


def _line(element: Element) -> str:
    """Return the text of a one-line element without markup; too long a line is damage."""
    line = clean_value(element.text)
    return line if len(line) <= _MAX_LINE else ""


def _categories(item: ItemElements) -> Iterator[str]:
    """Yield section and tags in order, without duplicates."""
    seen = set()
    found = item.named("category") + item.named("atom:category") + item.named("dc:subject")
    for element in found[:_MAX_VALUES]:
        attributes = element.attributes
        text = element.text.strip() or attributes.get("label") or attributes.get("term") or ""
        name = clean_value(text)
        if name and len(name) <= _MAX_LINE and name not in seen:
            seen.add(name)
            yield name


def _authors(item: ItemElements) -> Iterator[str]:
    """Yield the names of authors, without mail addresses."""
    seen = set()
    found = item.named("author") or item.named("dc:creator") or item.named("atom:author")
    names = [name for element in found[:_MAX_VALUES] for name in _names_of(element)]
    for written in names or item.authors:
        name = clean_value(written)
        if match := _IN_BRACKETS.fullmatch(name):
            name = match["name"]
        name = _BY.sub("", _MAIL.sub("", name), count=1).strip(" ()<>,;")
        if name.casefold() not in _NO_NAMES and len(name) <= _MAX_LINE and name not in seen:
            seen.add(name)
            yield name


def _author_pages(item: ItemElements, base: str | None) -> Iterator[AuthorPage]:
    """Yield the names of an Atom feed's authors with the addresses of their pages."""
    for element in item.named("atom:author", "author")[:_MAX_VALUES]:
        names, urls = element.children.get("name", []), element.children.get("uri", [])
        for name, address in zip(names, urls, strict=False):
            url = absolute(address, base)
            if url and (shown := clean_value(name)) and len(shown) <= _MAX_LINE:
                yield AuthorPage(shown, url)


def _images(item: ItemElements, body: Body, base: str | None) -> tuple[Image, ...]:
    """Return the images of an item's own elements, then of its text; each address once."""
    found: dict[str, Image] = {}
    for name in _PICTURES:
        for element in item.named(name)[:_MAX_VALUES]:
            descriptions = element.children.get("description") or [""]
            caption = clean_value(descriptions[0])[:_MAX_LINE] or None
            for attributes in (element.attributes, *element.inner):
                kind = attributes.get("medium") or attributes.get("type") or "image"
                url = absolute(attributes.get("url"), base)
                if url and kind.startswith("image"):
                    found.setdefault(url, Image(url, caption))
    for image in body.images:
        found.setdefault(image.url, image)
    return tuple(found.values())


def _names_of(element: Element) -> list[str]:
    return element.children.get("name") or [element.text]


def _origins(item: ItemElements) -> Iterator[str]:
    """Yield names that may be an agency's: the item's source, credit and publisher."""
    for element in item.named("source") + item.named("media:credit") + item.named("dc:publisher"):
        yield clean_value(element.text)


def _date(which: str, item: ItemElements, names: tuple[str, ...], findings: Findings) -> str | None:
    """Return the first valid date; invalid ones become `bad-date` problems."""
    readable = []
    for name in names:
        for element in item.named(name)[:1]:
            text = element.text.strip()
            if not text:
                continue
            moment = parse_feed_date(text)
            if moment is None:
                findings.add("bad-date", f"{name} says it was {which} on no date", clean(text))
            else:
                readable.append((name, moment))
    return findings.settle(f"{which} date", readable, same_moment)


def _summary(body: Body, headline: str | None) -> str | None:
    """Return the shorter text of an item, unless the headline repeats it."""
    summary = body.summary
    return summary if summary and summary != headline else None
