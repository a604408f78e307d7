"""Parse dates of feeds: RFC 822 in RSS, ISO 8601 in Atom and Dublin Core, rarely as printed."""

from __future__ import annotations

import re
from datetime import datetime

from loader.page.dates import parse_printed
from loader.page.html.moments import FIRST_YEAR, LAST_YEAR, parse_moment

# `Tue, 12 May 2026 19:31:00 +0500`; a year with leading zeros is a placeholder.
_RFC822 = re.compile(
    r"(?:[A-Za-z]{3,9}(?:,|,? ))?(?P<day>[0-9]{1,2}) (?P<month>[A-Za-z]{3})[a-z]{0,6}"
    r" (?P<year>[1-9][0-9]{3}|[0-9]{2}) (?P<hour>[0-9]{1,2}):(?P<rest>[0-9]{2}(?::[0-9]{2})?)"
    r"(?: ?(?P<zone>[+-][0-9]{2}:?[0-9]{2}|(?![AaPp][Mm])[A-Za-z]{1,5}))?"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# The zones of RFC 822, and Pakistan's; a date in any other zone is rejected.
_ZONES = {
    "UT": "Z", "UTC": "Z", "GMT": "Z", "Z": "Z", "EST": "-0500", "EDT": "-0400", "CST": "-0600",
    "CDT": "-0500", "MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700", "PKT": "+0500",
}  # fmt: skip
# Two-digit years belong to this century, since feeds do.
_CENTURY = 2000


def parse_feed_date(text: str) -> str | None:
    """Return a feed's date in Asia/Karachi, `2026-05-12T19:31:00+05:00`; None if it is invalid.

    A clock time without a zone is the site's local time, UTC+5.
    """
    text = " ".join(text.split())
    if match := _RFC822.fullmatch(text):
        return _from_rfc822(match)
    return parse_moment(text) or parse_printed(text)


def _from_rfc822(match: re.Match[str]) -> str | None:
    name, zone = match["month"].lower(), match["zone"] or ""
    if name not in _MONTHS or (zone[:1].isalpha() and zone.upper() not in _ZONES):
        return None
    year = int(match["year"])
    year += _CENTURY if len(match["year"]) == 2 else 0
    day = f"{year}-{_MONTHS.index(name) + 1:02}-{int(match['day']):02}"
    clock = f"{int(match['hour']):02}:{match['rest']}"
    if zone == "+0500" and len(clock) == 8:
        return _in_karachi(f"{day}T{clock}")
    return parse_moment(f"{day}T{clock}{_ZONES.get(zone.upper(), zone)}")


def _in_karachi(clock: str) -> str | None:
    """Return a local time with its offset; None if it is invalid. The usual case of feeds."""
    try:
        year = datetime.fromisoformat(clock).year
    except ValueError:
        return None
    return f"{clock}+05:00" if FIRST_YEAR <= year <= LAST_YEAR else None
