"""Canonical addresses of pages (FORMAT.md section 5).

The number is the identity of an article; scheme, `www`, slug, amp form, query and
fragment are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_SITE = re.compile(r"(?:[a-z0-9-]+\.)*brecorder\.com")
_NEWS_PATH = re.compile(r"/(?:news|feeds/news)/(?:amp/)?(\d{4,9})(?:/.*)?", re.ASCII)
# What nearly all addresses of articles look like; anything else is taken apart below.
_USUAL = re.compile(
    r"https?://(?:www\.)?brecorder\.com/news/(?:amp/)?(\d{4,9})(?:/[\w.~-]*)?", re.ASCII
)
_CONTROL = re.compile(r"[\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True)
class Address:
    """`url` is the canonical form; `news_id` its number, None for pages that have none."""

    url: str
    news_id: int | None


def canonical_address(url: str) -> Address | None:
    """The address that all spellings of `url` share; None when it is no http address.

    >>> canonical_address("http://brecorder.com/news/amp/40123456/a-slug?x=1")
    Address(url='https://www.brecorder.com/news/40123456', news_id=40123456)
    """
    if usual := _USUAL.fullmatch(url):
        return _article(int(usual[1]))
    url = _CONTROL.sub("", url)
    if "://" not in url:
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "." not in host:
        return None
    news = _NEWS_PATH.fullmatch(parts.path)
    if news and host in ("brecorder.com", "www.brecorder.com"):
        return _article(int(news[1]))
    if host == "brecorder.com":
        host = "www.brecorder.com"
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    return Address(f"https://{netloc}{parts.path.rstrip('/') or '/'}", None)


def _article(news_id: int) -> Address:
    return Address(f"https://www.brecorder.com/news/{news_id}", news_id)


def is_site_host(host: str) -> bool:
    """Whether a host name is Business Recorder's or one of its subdomains."""
    return _SITE.fullmatch(host.lower().rstrip(".")) is not None
