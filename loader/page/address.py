"""Canonical addresses of pages (FORMAT.md section 5), and what a web archive puts before them.

The number is the identity of an article; scheme, `www`, slug, amp form, query and
fragment are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from loader.model import Capture

ARCHIVE_BASIS = "web archive address"

_SITE = re.compile(r"(?:[a-z0-9-]+\.)*brecorder\.com")
_NEWS_PATH = re.compile(r"/(?:news|feeds/news)/(?:amp/)?(\d{4,9})(?:/.*)?", re.ASCII)
# Until 2017: `/2017/04/27/345850/slug/`, `/editorials/0/109856/slug`.
_OLD_PATH = re.compile(
    r"/(?:amp/)?(?:(?:19|20)\d\d/\d{1,2}/\d{1,2}|[a-z][a-z0-9-]*(?:/[a-z][a-z0-9-]*)?/\d{1,3})"
    r"/(\d{4,9})(?:[:/-].*)?",
    re.ASCII | re.IGNORECASE,
)
# What nearly all addresses of articles look like; anything else is taken apart below.
_USUAL = re.compile(
    r"https?://(?:www\.)?brecorder\.com/news/(?:amp/)?(\d{4,9})(?:/[\w.~-]*)?", re.ASCII
)
# The address of a script of another site, which a crawler took for one of this: no part of a path.
_HOST_AS_SLUG = re.compile(
    r"(?:/(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|pk|gov|edu|info|dev|me|tv|ai|app|cloud|uk|us|in))+/?\Z",
    re.IGNORECASE,
)
# `web.archive.org/web/20170119050000id_/http://...`: a time, perhaps with a flag, then the page.
_ARCHIVED = re.compile(
    r"(?:https?:)?(?://)?[a-z0-9.-]{3,253}(?::\d{1,5})?/(?:[\w.-]{1,60}/){0,3}?"
    r"(?P<time>\d{4,14}|\d{0,13}\*|\d{4}\.\d\d\.\d\d-\d{6})(?:[a-z]{2}_){0,3}/"
    r"(?P<inner>(?:https?(?::/|%3A)|(?:[a-z0-9-]{1,60}\.){0,3}brecorder\.com).+)",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
_TIMELESS = re.compile(
    r"(?:https?:)?(?://)?[a-z0-9.-]{0,99}(?:archive|wayback)[a-z0-9.-]{1,99}(?::\d{1,5})?/"
    r"(?:[\w.-]{1,60}/){0,2}(?P<time>)(?P<inner>https?(?::/|%3A).+)",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
# The inner address may have lost a slash, or have its marks escaped.
_INNER = re.compile(r"(?P<scheme>https?):/+(?P<rest>.+)", re.IGNORECASE | re.DOTALL)
_INNER_HOST = re.compile(r"(?:[a-z0-9-]+\.)*brecorder\.com(?::\d+)?(?:[/?#].*)?", re.I | re.DOTALL)
_MAX_NESTING = 4
_MAX_PATH = 2000
_FIRST_ARCHIVED = 1996
_CONTROL = re.compile(r"[\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True)
class Address:
    """`url` is the canonical form; `news_id` its number, None for pages that have none."""

    url: str
    news_id: int | None


class Archived(NamedTuple):
    """An address in a web archive: the page's own, and when the archive captured it, in UTC.

    `captured_at` is None where the address gives less than a day.
    """

    url: str
    captured_at: str | None


def canonical_address(url: str) -> Address | None:
    """Return the address that all spellings of `url` share; None when it is no http address.

    >>> canonical_address("http://brecorder.com/news/amp/40123456/a-slug?x=1")
    Address(url='https://www.brecorder.com/news/40123456', news_id=40123456)
    """
    if usual := _USUAL.fullmatch(url):
        return _article(int(usual[1]))
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
        if len(path) <= _MAX_PATH:
            path = _HOST_AS_SLUG.sub("", path)
        if host in ("brecorder.com", "www.brecorder.com"):
            host = "www.brecorder.com"
            if number := _NEWS_PATH.fullmatch(path) or _OLD_PATH.fullmatch(path):
                return _article(int(number[1]))
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    return Address(f"https://{netloc}{path.rstrip('/') or '/'}", None)


def _article(news_id: int) -> Address:
    return Address(f"https://www.brecorder.com/news/{news_id}", news_id)


def archived_page(url: str) -> Archived | None:
    """Return the page that an address of a web archive stands for; None for other addresses.

    >>> archived_page("web.archive.org/web/20170119050000id_/http://www.brecorder.com/x")
    Archived(url='http://www.brecorder.com/x', captured_at='2017-01-19T05:00:00Z')
    """
    found: Archived | None = None
    for _ in range(_MAX_NESTING):
        match = _ARCHIVED.fullmatch(url) or _TIMELESS.fullmatch(url)
        inner = _inner_address(match["inner"]) if match else None
        if match is None or inner is None:
            break
        # Of an archive in an archive the inner one saw the page.
        earlier = found.captured_at if found else None
        found = Archived(inner, _instant(match["time"]) or earlier)
        url = inner
    return found


def _inner_address(text: str) -> str | None:
    if re.match(r"https?%3A", text, re.IGNORECASE):
        text = unquote(text)
    if match := _INNER.fullmatch(text):
        return f"{match['scheme'].lower()}://{match['rest']}"
    return f"http://{text}" if _INNER_HOST.fullmatch(text) else None


def _instant(time: str) -> str | None:
    """`20170119050000` as an instant in UTC, eight digits and more as a date."""
    digits = time.replace(".", "").replace("-", "")
    if "*" in time or len(digits) < 8:
        return None
    try:
        if len(digits) == 14:
            moment = datetime.strptime(digits, "%Y%m%d%H%M%S")
        else:
            moment = datetime.strptime(digits[:8], "%Y%m%d")
    except ValueError:
        return None
    if moment.year < _FIRST_ARCHIVED:
        return None
    return f"{moment.isoformat()}Z" if len(digits) == 14 else moment.date().isoformat()


def with_archive_time(capture: Capture, *others: str | None) -> Capture:
    """Return the capture with the time in its web archive's address, where it has no other.

    `others` are addresses that the page gives of itself, looked at after the capture's.
    """
    if capture.captured_at is not None:
        return capture
    for url in (capture.url, *others):
        archived = archived_page(_CONTROL.sub("", url)) if url else None
        if archived and archived.captured_at:
            return replace(capture, captured_at=archived.captured_at, captured_basis=ARCHIVE_BASIS)
    return capture


def is_site_host(host: str) -> bool:
    """Return whether a host name is Business Recorder's or one of its subdomains."""
    return _SITE.fullmatch(host.lower().rstrip(".")) is not None
