"""Read listing pages: latest news, sections, trends (docs/page-format.md, HTML)."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from loader.model import Listing
from loader.page.dates import is_later, parse_printed
from loader.page.html.clean import clean, clean_url, text_of
from loader.page.html.findings import Findings
from loader.page.html.identity import page_address
from loader.page.html.moments import parse_moment

_PARTS = ".story__title, .story__excerpt, .timeago"
# A page lists about 100 stories; an endless list is an accident or an attack.
_MAX_STORIES = 2000
_MAX_HEADLINE = 500


def read_listings(
    stories: list[LexborNode], captured_at: str | None, findings: Findings
) -> tuple[Listing, ...]:
    """Return the listed stories with a headline, numbered in order from 1, without duplicates.

    An invalid time, or one later than `captured_at`, becomes a problem instead of a value.
    """
    found: dict[tuple[str, str | None], Listing] = {}
    for story in stories[:_MAX_STORIES]:
        listing = _read_story(story, len(found) + 1, captured_at, findings)
        if listing is not None:
            found.setdefault((listing.headline, listing.url), listing)
    return tuple(found.values())


def _read_story(
    story: LexborNode, position: int, captured_at: str | None, findings: Findings
) -> Listing | None:
    parts: dict[str, LexborNode] = {}
    for node in story.css(_PARTS):
        for name in (node.attributes.get("class") or "").split():
            parts.setdefault(name, node)
    title = parts.get("story__title")
    headline = text_of(title) if title is not None else ""
    if title is None or not 0 < len(headline) <= _MAX_HEADLINE:
        return None
    excerpt = parts.get("story__excerpt")
    return Listing(
        position=position,
        headline=headline,
        url=_address(story, title),
        summary=(text_of(excerpt) or None) if excerpt is not None else None,
        listed_at=_time(parts.get("timeago"), headline, captured_at, findings),
    )


def _address(story: LexborNode, title: LexborNode) -> str | None:
    """Return the link of the headline, else the address built from the story's number."""
    link = title.css_first("a[href]")
    if link is None:
        link = story.css_first("a.story__link[href]")
    if link is not None and (url := clean_url(link.attributes.get("href"))):
        return url
    number = story.attributes.get("data-id") or ""
    address = page_address(f"https://www.brecorder.com/news/{number}")
    return address.url if address and address.news_id is not None else None


def _time(
    node: LexborNode | None, headline: str, captured_at: str | None, findings: Findings
) -> str | None:
    printed = clean(node.attributes.get("title") or "") if node is not None else ""
    if not printed:
        return None
    moment = parse_moment(printed) or parse_printed(printed)
    if moment is None:
        findings.add("bad-date", "a listed story has a time that is none", printed)
    elif captured_at and is_later(moment, captured_at):
        detail = f"a listed story is dated {moment}, later than the capture ({captured_at})"
        findings.add("future-date", detail, headline)
        return None
    return moment
