"""Dates of feeds: RFC 822 in RSS, ISO 8601 in Atom and Dublin Core, now and then as printed."""

from __future__ import annotations

import re
from email.utils import parsedate_tz

from loader.page.dates import parse_printed
from loader.page.html.moments import parse_moment

# Pakistan's zone as some write it; others that are no zone are told as none.
_PKT = re.compile(r"\bPKT\b|\bPST\+5\b", re.IGNORECASE)
_MONTH = re.compile(r"[A-Za-z]{3}")


def parse_feed_date(text: str) -> str | None:
    """A feed's date in Asia/Karachi, `2026-05-12T19:31:00+05:00`; None when it is none.

    A clock time without a zone is the site's own, UTC+5.
    """
    text = " ".join(text.split())
    return parse_moment(text) or parse_printed(text) or _from_rfc822(text)


def _from_rfc822(text: str) -> str | None:
    if not _MONTH.search(text) or len(text) > 80:
        return None
    fields = parsedate_tz(_PKT.sub("+0500", text))
    if fields is None:
        return None
    year, month, day, hour, minute, second, *_, offset = fields
    zone = ""
    if offset is not None and not text.endswith("-0000"):
        sign, size = ("-" if offset < 0 else "+"), abs(offset) // 60
        zone = f"{sign}{size // 60:02}:{size % 60:02}"
    # A leap second is the last of its minute.
    clock = f"{hour:02}:{minute:02}:{min(second, 59):02}"
    return parse_moment(f"{year:04}-{month:02}-{day:02}T{clock}{zone}")
