"""Canonical addresses of pages (docs/page-format.md, Addresses).

The number identifies an article; scheme, `www`, slug, AMP form, query and fragment do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from loader.model import Capture
from loader.web_archives import archived_page

ARCHIVE_BASIS = "web archive address"
USER_BASIS = "option"

_SITE = re.compile(r"(?:[a-z0-9-]+\.)*brecorder\.com")
_MAIN_HOST = re.compile(r"(?:www\.|m\.|amp\.)?brecorder\.com")
_NEWS_PATH = re.compile(
    r"/(?:(?:(?:amp|print|feeds)/)?news|print(?=/\d{6}))/(?:(?:amp|print)/)?"
    r"(?:(?P<id>\d{4,9})(?:/.*)?|(?P<long>\d{6,9})[;.,:&%_-].*)",
    re.ASCII | re.IGNORECASE,
)
_SLASHES = re.compile("/{2,}")
# Until 2017: `/2017/04/27/345850/slug/`, `/editorials/0/109856/slug`.
_OLD_PATH = re.compile(
    r"/(?:amp/)?(?:(?:19|20)\d\d/\d{1,2}/\d{1,2}|[a-z][a-z0-9-]*(?:/[a-z][a-z0-9-]*)?/\d{1,3})"
    r"/(\d{4,9})(?:[:/-].*)?",
    re.ASCII | re.IGNORECASE,
)
# The form of nearly all article addresses; the others are parsed in full below.
_USUAL = re.compile(
    r"https?://(?:www\.)?brecorder\.com/news/(?:amp/)?(\d{4,9})(?:/[\w.~-]*)?", re.ASCII
)
# The host of another site's script, which a crawler took for part of a path on this site.
_HOST_AS_SLUG = re.compile(
    r"(?:/(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|pk|gov|edu|info|dev|me|tv|ai|app|cloud|uk|us|in))+/?\Z",
    re.IGNORECASE,
)
_MAX_PATH = 2000
_CONTROL = re.compile(r"[\x00-\x20\x7f\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Address:
    """A canonical address, and its article number (None for pages without one)."""

    url: str
    news_id: int | None


def canonical_address(url: str) -> Address | None:
    """Return the address that all spellings of `url` share; None if it is not an HTTP address.

    >>> canonical_address("http://brecorder.com/news/amp/40123456/a-slug?x=1")
    Address(url='https://www.brecorder.com/news/40123456', news_id=40123456)
    """
    if usual := usual_address(url):
        return usual
    url = _CONTROL.sub("", url)
    if archived := archived_page(url):
        url = archived.url
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
    path = parts.path
    if is_site_host(host):
        path = _SLASHES.sub("/", path)
        if len(path) <= _MAX_PATH:
            path = _HOST_AS_SLUG.sub("", path)
        if _MAIN_HOST.fullmatch(host):
            host = "www.brecorder.com"
            if match := _NEWS_PATH.fullmatch(path):
                return _article(int(match["id"] or match["long"]))
            if match := _OLD_PATH.fullmatch(path):
                return _article(int(match[1]))
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    return Address(f"https://{netloc}{path.rstrip('/') or '/'}", None)


def usual_address(url: str) -> Address | None:
    """Return the canonical address for the usual spelling of an article address, else None."""
    match = _USUAL.fullmatch(url)
    return _article(int(match[1])) if match else None


def _article(news_id: int) -> Address:
    return Address(f"https://www.brecorder.com/news/{news_id}", news_id)


def with_archive_time(capture: Capture, *others: str | None) -> Capture:
    """Return the capture with the time in its web archive's address, if that is earlier.

    A crawl of a web archive records its own visit as the time. A time given by the user wins.
    `others` are the page's own addresses, tried after the capture's.
    """
    if capture.captured_basis == USER_BASIS:
        return capture
    for url in (capture.url, *others):
        archived = archived_page(_CONTROL.sub("", url)) if url else None
        time = archived.captured_at if archived else None
        if time and (capture.captured_at is None or time[:10] < capture.captured_at[:10]):
            return replace(capture, captured_at=time, captured_basis=ARCHIVE_BASIS)
    return capture


def is_site_host(host: str) -> bool:
    """Return whether a host name is Business Recorder's or one of its subdomains."""
    return _SITE.fullmatch(host.lower().rstrip(".")) is not None
