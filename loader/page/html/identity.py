"""Which page this is, and whose: from the capture's address, else from the page itself."""

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
    """The addresses that a capture and its page give, by source, the most trusted first.

    `own` are those on Business Recorder's site, `others` all else; `asked` is what the
    capture itself says.
    """

    asked: Address | None
    own: tuple[tuple[str, Address], ...]
    others: tuple[tuple[str, Address], ...]

    @property
    def is_foreign(self) -> bool:
        """Whether the page names addresses of its own, and all are other sites'."""
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
    """`is_foreign` when the page names an address, and only those of other sites."""

    address: Address | None
    is_foreign: bool

    @property
    def news_id(self) -> int | None:
        return self.address.news_id if self.address else None


def addresses(capture: Capture, metadata: Metadata) -> Named:
    """All addresses named: the capture's, canonical link, og:url, JSON-LD."""
    asked = page_address(capture.url)
    named = (
        ("link canonical", metadata.canonical),
        ("og:url", metadata.first("og:url")),
        ("JSON-LD", metadata.address()),
    )
    # As a rule all three are one.
    known = {url: page_address(url) for _, url in named}
    found = [("the capture", asked)] if asked else []
    found += [(source, address) for source, url in named if (address := known[url])]
    return Named(
        asked=asked,
        own=tuple(pair for pair in found if is_site_url(pair[1].url)),
        others=tuple(pair for pair in found if not is_site_url(pair[1].url)),
    )


def identify(named: Named, data_id: str | None, findings: Findings) -> Identity:
    """The page's identity; addresses and `data-id` that give different numbers are a conflict.

    The capture's own address is kept whatever the page says, since it was asked for. Else
    an address with a number comes before one without.
    """
    if named.is_foreign:
        # Whatever number the other site gives its story is none of ours.
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
    """The canonical form of an address on a page."""
    if url and (usual := usual_address(url)):
        return usual
    if url and url.startswith("/web/"):
        # As links stand on a page that a web archive served.
        url = f"https://web.archive.org{url}"
    url = clean_url(url)
    return canonical_address(url) if url else None


def is_site_url(url: str) -> bool:
    """Whether a canonical address is on Business Recorder's site."""
    return is_site_host(urlsplit(url).hostname or "")
