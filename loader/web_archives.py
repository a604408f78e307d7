"""Addresses of web archives: extract the archived page's address and capture time."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple
from urllib.parse import unquote

# `web.archive.org/web/20170119050000id_/http://...`: a time, an optional flag, then the page.
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
# The inner address may have lost a slash or be percent-encoded.
_INNER = re.compile(r"(?P<scheme>https?):/+(?P<rest>.+)", re.IGNORECASE | re.DOTALL)
_INNER_HOST = re.compile(r"(?:[a-z0-9-]+\.)*brecorder\.com(?::\d+)?(?:[/?#].*)?", re.I | re.DOTALL)
_MAX_NESTING = 4
_FIRST_ARCHIVED = 1996


class Archived(NamedTuple):
    """The address of an archived page, and its capture time in UTC.

    `captured_at` is None where the archive's address is less precise than a day.
    """

    url: str
    captured_at: str | None


def archived_page(url: str) -> Archived | None:
    """Return the page behind a web archive's address; None for any other address.

    >>> archived_page("web.archive.org/web/20170119050000id_/http://www.brecorder.com/x")
    Archived(url='http://www.brecorder.com/x', captured_at='2017-01-19T05:00:00Z')
    """
    found: Archived | None = None
    for _ in range(_MAX_NESTING):
        match = _ARCHIVED.fullmatch(url) or _TIMELESS.fullmatch(url)
        inner = _inner_address(match["inner"]) if match else None
        if match is None or inner is None:
            break
        # For an archive within an archive, the inner one saw the page.
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
    """Return `20170119050000` as an instant in UTC, 8 to 13 digits as a date."""
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
