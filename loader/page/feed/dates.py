"""Dates of feeds: RFC 822 in RSS, ISO 8601 in Atom and Dublin Core, now and then as printed."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

from loader.page.dates import parse_printed
from loader.page.html.moments import parse_moment

_MAX_LENGTH = 80
# `Tue, 12 May 2026 19:31:00`: a year of three digits or with zeros before it is a placeholder.
_SHAPE = re.compile(
    r"(?:[A-Za-z]{3,9},? )?[0-9]{1,2} [A-Za-z]{3,9} (?:[1-9][0-9]{3}|[0-9]{2}) [0-9]{1,2}:"
)
_ZONE_NAME = re.compile(r"[A-Za-z]+\Z")
_PKT = re.compile(r"\bPKT\Z", re.IGNORECASE)
# Those of RFC 822, and Pakistan's.
_ZONES = frozenset("UT UTC GMT Z EST EDT CST CDT MST MDT PST PDT PKT".split())


def parse_feed_date(text: str) -> str | None:
    """A feed's date in Asia/Karachi, `2026-05-12T19:31:00+05:00`; None when it is none.

    A clock time without a zone is the site's own, UTC+5.
    """
    text = " ".join(text.split())
    return parse_moment(text) or parse_printed(text) or _from_rfc822(text)


def _from_rfc822(text: str) -> str | None:
    if len(text) > _MAX_LENGTH or not _SHAPE.match(text):
        return None
    zone = _ZONE_NAME.search(text)
    if zone and zone[0].upper() not in _ZONES:
        return None  # a clock time in a zone that is not known is no time
    try:
        moment = parsedate_to_datetime(_PKT.sub("+0500", text))
    except (ValueError, TypeError, OverflowError):
        return None
    return parse_moment(moment.isoformat(timespec="seconds"))
