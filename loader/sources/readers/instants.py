"""Parse times written by crawlers, corpora and users."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

# A year outside this range comes from a number that is not a time.
FIRST_YEAR = 1990
LAST_YEAR = 2100
# As seconds this is the year 5138, as milliseconds March 1973: unambiguous within our years, and so
# are microseconds and nanoseconds.
_LARGEST_SECONDS = 10**11
_LARGEST_EPOCH = 10**19

# [0-9] rather than \d, which also matches digits of other scripts.
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_COMPACT_INSTANT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})")
_EPOCH = re.compile(r"[0-9]{9,13}|[0-9]{16}|[0-9]{19}")
# The hour is limited to 23, since Python 3.14 reads 24:00 as 0:00 of the next day.
_UTC = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z")
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt]| +)"
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?"
    r" ?(?:([Zz]|UTC|GMT)|([+-])([0-9]{2}):?([0-9]{2})?)?"
)


def parse_instant(value: object) -> str | None:
    """Parse an instant or a date; None if it cannot be read.

    An instant is returned in UTC as `YYYY-MM-DDTHH:MM:SSZ`, without fractions of a second.
    A value without a clock time is returned as a date, `YYYY-MM-DD`. Accepted are

    - ISO 8601 with `T` or a blank, with or without seconds, `Z`, `UTC`, `GMT` or an offset
      such as `+05:00`. A clock time without an offset is taken as UTC, as is usual in crawl
      corpora;
    - 14 digits as in WARC file names and the Wayback Machine, `20240503101500` (UTC), and
      8 digits, `20240503`;
    - Unix time: a number, or 9 to 13, 16 or 19 digits, in seconds, or above 1e11 in milli-, micro-
      or nanoseconds.

    A year before 1990 or after 2100 is rejected: such values are placeholders, or numbers of
    another kind.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return _from_epoch(value)
    if isinstance(value, int):
        # Checked before str(), which rejects numbers of more than 4,300 digits.
        return parse_instant(str(value)) if 0 < value < _LARGEST_EPOCH else None
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        return _from_digits(text) if text.isdecimal() else _from_iso(text)
    except (ValueError, OverflowError):
        return None


def _from_digits(text: str) -> str | None:
    if match := _COMPACT_INSTANT.fullmatch(text):
        year, month, day, hour, minute, second = map(int, match.groups())
        return _instant(datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc))
    if match := _COMPACT_DATE.fullmatch(text):
        return _date(match)
    return _from_epoch(int(text)) if _EPOCH.fullmatch(text) else None


def _from_iso(text: str) -> str | None:
    if _UTC.fullmatch(text):
        # Already in the wanted form; an impossible date raises a ValueError here too.
        moment = datetime.fromisoformat(text[:-1])
        return text if FIRST_YEAR <= moment.year <= LAST_YEAR else None
    if match := _DATE.fullmatch(text):
        return _date(match)
    if not (match := _INSTANT.fullmatch(text)):
        return None
    *clock, _utc, sign, hours, minutes = match.groups()
    year, month, day, hour, minute, second = (int(part or 0) for part in clock)
    zone = timezone.utc
    if sign:
        if int(minutes or 0) > 59:
            return None
        east = timedelta(hours=int(hours), minutes=int(minutes or 0))
        zone = timezone(east if sign == "+" else -east)
    moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    return _instant(moment.astimezone(timezone.utc))


def _from_epoch(number: float) -> str | None:
    if number >= _LARGEST_EPOCH:
        return None
    try:
        whole = int(number // 1)
        while whole > _LARGEST_SECONDS:
            whole //= 1000
        return _instant(datetime.fromtimestamp(whole, tz=timezone.utc))
    except (ValueError, OverflowError, OSError):
        # NaN, infinite, or beyond the range of the platform's clock.
        return None


def _instant(moment: datetime) -> str | None:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _date(match: re.Match[str]) -> str | None:
    year, month, day = map(int, match.groups())
    return date(year, month, day).isoformat() if FIRST_YEAR <= year <= LAST_YEAR else None
