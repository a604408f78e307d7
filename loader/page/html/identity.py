"""Identify a page and its site by the capture's address, else by the page itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from loader.model import Capture
from loader.page.address import Address, canonical_address, is_site_host, usual_address
from loader.page.html.clean import clean_url
from loader.page.html.findings import Findings
from loader.page.html.metadata import Metadata

_NEWS_ADDRESS = "https://www.brecorder.com/news/"
_NUMBER = re.compile(r"[0-9]{4,9}")


@dataclass(frozen=True, slots=True)
class Named:
    """Addresses from a capture and its page, by source, the most trusted first.

    `own` are those on Business Recorder's site, `others` the rest; `asked` is the capture's own.
    """

    asked: Address | None
    own: tuple[tuple[str, Address], ...]
    others: tuple[tuple[str, Address], ...]

    @property
    def is_foreign(self) -> bool:
        """Whether the page states its address, and only on other sites."""
        return any(pair[1] is not self.asked for pair in self.others) and all(
            pair[1] is self.asked for pair in self.own
        )

    @property
    def news_id(self) -> int | None:
        """The news number of the most trusted address that has one."""
        numbers = (address.news_id for _, address in self.own)
        return next((number for number in numbers if number is not None), None)


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity of a page; `is_foreign` if the page states its address on another site."""

    address: Address | None
    is_foreign: bool

    @property
    def news_id(self) -> int | None:
        return self.address.news_id if self.address else None


def addresses(capture: Capture, metadata: Metadata) -> Named:
    """Return all addresses given: the capture's, canonical link, og:url, JSON-LD."""
    asked = page_address(capture.url)
    named = (
        ("link canonical", metadata.canonical),
        ("og:url", metadata.first("og:url")),
        ("JSON-LD", metadata.address()),
    )
    # Usually all three are equal.
    known = {url: page_address(url) for _, url in named}
    found = [("the capture", asked)] if asked else []
    found += [(source, address) for source, url in named if (address := known[url])]
    return Named(
        asked=asked,
        own=tuple(pair for pair in found if is_site_url(pair[1].url)),
        others=tuple(pair for pair in found if not is_site_url(pair[1].url)),
    )


def identify(named: Named, data_id: str | None, findings: Findings) -> Identity:
    """Return the page's identity; record a conflict if addresses and `data-id` differ in number.

    The capture's own address always wins, since it is the one requested. Otherwise an address
    with a number takes precedence over one without.
    """
    if named.is_foreign:
        # The other site's story number has no meaning here.
        return Identity(named.asked or named.others[0][1], is_foreign=True)
    numbers = [(source, str(address.news_id)) for source, address in named.own if address.news_id]
    if data_id and _NUMBER.fullmatch(data_id):
        numbers.append(("data-id", str(int(data_id))))
    number = findings.settle("news number", numbers, str.__eq__)
    address = named.asked
    if address is None or not is_site_url(address.url):
        address = canonical_address(_NEWS_ADDRESS + number) if number else None
        address = address or next((address for _, address in named.own + named.others), None)
    return Identity(address, is_foreign=False)


def page_address(url: str | None) -> Address | None:
    """Return the canonical form of an address on a page, None if it is not an HTTP address."""
    if url and (usual := usual_address(url)):
        return usual
    if url and url.startswith("/web/"):
        # The form of links on a page served by a web archive.
        url = f"https://web.archive.org{url}"
    url = clean_url(url)
    return canonical_address(url) if url else None


def is_site_url(url: str) -> bool:
    """Whether a canonical address is on Business Recorder's site."""
    return is_site_host(urlsplit(url).hostname or "")
