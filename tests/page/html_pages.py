"""Helpers of the tests of HTML pages: a small page, parsing, and texts that are never stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import astuple, replace

from loader.model import Capture, Snapshot
from loader.page import parse_capture
from tests.make_html.template import Page, article_page

PAGE = Page(headline="Rain fills ponds", content="<p>MITHI: Rain filled ponds on Sunday.</p>")
MARKUP = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?>|<!--", re.IGNORECASE)
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def parse(html: str | bytes) -> Snapshot:
    data = html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html
    return parse_capture(Capture(data, "text/html", "page.html"))


def with_content(content: str) -> Snapshot:
    return parse(article_page(replace(PAGE, content=content)))


def stored(snapshot: Snapshot) -> Iterator[str]:
    """Yield every text that the archive would store for a page, except problems."""
    pending: list[object] = [
        snapshot.page_url,
        snapshot.masthead_date,
        *(astuple(snapshot.article) if snapshot.article else ()),
        *(astuple(listing) for listing in snapshot.listings),
    ]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, (tuple, list)):
            pending += item
