"""Addresses of web archives and caches: extract the page's own address and the capture time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import unquote


def _form(pattern: str) -> re.Pattern[str]:
    """Compile a form of address, with the groups `time` and `inner`."""
    return re.compile(rf"(?:https?:)?(?://)?{pattern}", re.ASCII | re.IGNORECASE | re.DOTALL)


_FORMS: Final = (
    # `web.archive.org/web/20170119050000id_/http://...`: a time, an optional flag, then the page.
    _form(
        r"[a-z0-9.-]{3,253}(?::\d{1,5})?/(?:[\w.-]{1,60}/){0,3}?"
        r"(?P<time>\d{4,14}|\d{0,14}\*|\d{8}-\d{6}|\d{4}\.\d\d\.\d\d-\d{6}|\d{4}-\d{4}-\d{4}-\d\d)"
        r"(?:[a-z]{2}_){0,3}/"
        r"(?P<inner>(?:https?(?::/|%3A)|(?:[a-z0-9-]{1,60}\.){0,3}brecorder\.com).+)"
    ),
    # Without a time.
    _form(
        r"[a-z0-9.-]{0,99}(?:archive|wayback)[a-z0-9.-]{1,99}(?::\d{1,5})?/"
        r"(?:[\w.-]{1,60}/){0,2}(?P<time>)(?P<inner>https?(?::/|%3A).+)"
    ),
    # Search engines' caches, with the words searched for behind the address.
    _form(
        r"(?:webcache\.googleusercontent\.com/search\?(?:[^#]{1,300}&)?q=cache(?::|%3A)"
        r"(?:[\w-]{8,20}(?::|%3A))?|cc\.bingj\.com/cache\.aspx\?(?:[^#]{1,900}&)?u=)(?P<time>)"
        r"(?P<inner>(?:https?(?::|%3A))?[^&+\s#]{4,2000})(?:[&+\s#].*)?"
    ),
    # Caches of AMP pages, and services that show another site's page.
    _form(
        r"(?:[\w-]{1,99}\.cdn\.ampproject\.org/[a-z]/(?:s/)?"
        r"|(?:www\.google\.[a-z.]{2,6}/amp|amp\.google\.com/v)/(?:s/)?|r\.jina\.ai/|12ft\.io/)"
        r"(?P<time>)(?P<inner>.+)"
    ),
)
# The inner address may have lost a slash or be percent-encoded.
_INNER = re.compile(r"(?P<scheme>https?):/+(?P<rest>.+)", re.IGNORECASE | re.DOTALL)
_ENCODED = re.compile(r"https?%3A|[a-z0-9.-]{1,99}%2F", re.IGNORECASE)
_INNER_HOST = re.compile(r"(?:[a-z0-9-]+\.)*brecorder\.com(?::\d+)?(?:[/?#].*)?", re.I | re.DOTALL)
_MAX_NESTING = 4
_FIRST_ARCHIVED, _LAST_YEAR = 1996, 2100
# Megalodon prints the time in Japan: `2017-0119-1400-00`.
_IN_JAPAN = re.compile(r"\d{4}-\d{4}-\d{4}-\d\d", re.ASCII)
_JAPAN = timedelta(hours=9)


class Archived(NamedTuple):
    """The address of an archived page, and its capture time in UTC.

    `captured_at` is None where the archive's address is less precise than a day.
    """

    url: str
    captured_at: str | None


def archived_page(url: str) -> Archived | None:
    """Return the page behind the address of a web archive or cache; None for any other address.

    >>> archived_page("web.archive.org/web/20170119050000id_/http://www.brecorder.com/x")
    Archived(url='http://www.brecorder.com/x', captured_at='2017-01-19T05:00:00Z')
    """
    found: Archived | None = None
    for _ in range(_MAX_NESTING):
        forms = _FORMS if _names_another(url) else ()
        match = next(filter(None, (form.fullmatch(url) for form in forms)), None)
        inner = _inner_address(match["inner"]) if match else None
        if match is None or inner is None:
            break
        # For an archive within an archive, the inner one saw the page.
        earlier = found.captured_at if found else None
        found = Archived(inner, _instant(match["time"]) or earlier)
        url = inner
    return found


def _names_another(url: str) -> bool:
    """Whether an address may be behind the host of another, as in all forms; most fail this."""
    lower = url.lower()
    whole = lower.partition("://")[2] if lower.startswith("http") else lower.lstrip("/")
    behind = whole.partition("/")[2]
    return "http" in behind or "brecorder" in behind


def _inner_address(text: str) -> str | None:
    if _ENCODED.match(text):
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
    if _IN_JAPAN.fullmatch(time):
        moment -= _JAPAN
    if not _FIRST_ARCHIVED <= moment.year <= _LAST_YEAR:
        return None
    return f"{moment.isoformat()}Z" if len(digits) == 14 else moment.date().isoformat()
