"""Parse dates and clock times as Business Recorder prints them (docs/page-format.md).

Clock times are in Asia/Karachi, which has been UTC+5 without daylight saving since 2010.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

KARACHI_OFFSET = "+05:00"
KARACHI = timezone(timedelta(hours=5))
# A capture date without clock time and zone may end as late as noon of the next day in UTC.
_LATEST_END_OF_DAY = timedelta(days=1, hours=12)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    # The first letter is tested first, since the pattern is tried at every position of a line.
    r"(?=[JFMASOND])(?i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
WEEKDAY = r"(?=[MTWFS])(?i:Mon|Tue(?:s)?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?i:day)?,? "
_ORDINAL = r"(?:st|nd|rd|th|ST|ND|RD|TH)?"
# `05 Nov 2020`, `03 Mar, 2022`, `November 3, 2023`, `Thu, 19 Jan 2017`, `3rd-Mar-2018`, each
# optionally with ` 01:23pm`, `, 1:23 PM PKT`, ` at 13:23` or ` | 08:23:45 GMT`.
DATED = (
    rf"(?:\d{{1,2}}{_ORDINAL}[ -]{_MONTH}[,.]?[ -]\d{{4}}"
    rf"|{_MONTH}\.? \d{{1,2}}{_ORDINAL},? \d{{4}})"
)
BEFORE_TIME = r"(?:,| at| -| –| \|)? "
_HALF = r" ?[AaPp]\.?[Mm]\.?"
_ZONE = r" ?\(?(?:PKT|PST|(?:GMT|UTC)(?: ?\+ ?0?5(?::?00)?)?)\)?"
PRINTED_TIME = (
    rf"(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:{_HALF})?|\d{{1,2}}\.\d{{2}}{_HALF})(?:{_ZONE})?"
)
# `2020-11-05`, `2020-11-05 13:23:00`, `2020-11-05T08:23Z`; `25/11/2020` with the day first.
NUMERIC = (
    r"(?:\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?: ?(?:Z|UTC|GMT|PKT|[+-]\d{2}:?\d{2}))?)?"
    rf"|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}(?:{BEFORE_TIME}{PRINTED_TIME})?)"
)
PRINTED_DATE = rf"(?:{WEEKDAY})?{DATED}"
PRINTED = rf"(?:{PRINTED_DATE}(?:{BEFORE_TIME}{PRINTED_TIME})?|{NUMERIC})"

_TIME_PARTS = (
    rf"(?:{BEFORE_TIME}(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?::(?P<second>\d{{2}}))?"
    rf"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?P<zone>{_ZONE})?)?"
)
_PARTS = re.compile(
    rf"(?:{WEEKDAY})?(?:(?P<day1>\d{{1,2}}){_ORDINAL}[ -](?P<month1>{_MONTH})[,.]?[ -]"
    rf"|(?P<month2>{_MONTH})\.? (?P<day2>\d{{1,2}}){_ORDINAL},? )(?P<year>\d{{4}}){_TIME_PARTS}",
    re.ASCII,
)
_DAY_FIRST = re.compile(
    rf"(?P<day1>\d{{1,2}})[/.-](?P<month1>\d{{1,2}})[/.-](?P<year>\d{{4}}){_TIME_PARTS}", re.ASCII
)
_ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)"
    r"(?: ?(?P<zone>Z|UTC|GMT|PKT|[+-]\d{2}:?\d{2}))?)?",
    re.ASCII,
)


@lru_cache(maxsize=1024)
def parse_printed(text: str) -> str | None:
    """Parse `"03 Nov, 2023 01:23pm"` -> `"2023-11-03T13:23:00+05:00"`, or a date without a time.

    None if the text is not a date, or is an impossible one (31 February), or one in figures whose
    day and month cannot be told apart (`05/11/2020`).
    """
    try:
        if match := _PARTS.fullmatch(text):
            month = _MONTHS.index((match["month1"] or match["month2"])[:3].lower()) + 1
            day = date(int(match["year"]), month, int(match["day1"] or match["day2"]))
            return _at_time(day, match)
        if match := _DAY_FIRST.fullmatch(text):
            first, second = int(match["day1"]), int(match["month1"])
            if first <= 12 and first != second:
                return None
            return _at_time(date(int(match["year"]), second, first), match)
        if match := _ISO.fullmatch(text):
            return _from_iso(match)
    except ValueError:
        return None
    return None


def _at_time(day: date, match: re.Match[str]) -> str | None:
    if match["hour"] is None:
        return day.isoformat()
    hour = int(match["hour"])
    # Hours run from 1 to 12 with am or pm, from 0 to 23 without.
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    moment = datetime.combine(day, time(hour, int(match["minute"]), int(match["second"] or 0)))
    if (match["zone"] or "").strip(" ()") in ("GMT", "UTC"):
        moment += KARACHI.utcoffset(None)
    return f"{moment.isoformat()}{KARACHI_OFFSET}"


def _from_iso(match: re.Match[str]) -> str:
    if match["time"] is None:
        return date.fromisoformat(match["date"]).isoformat()
    return in_karachi(f"{match['date']}T{match['time']}", match["zone"])


def in_karachi(moment: str, zone: str | None) -> str:
    """Return an ISO moment at `+05:00`, `-0800`, `Z`, `UTC`, `GMT` or `PKT` in Karachi's time.

    Without a zone it is Karachi's already. Raises ValueError if moment or zone is impossible.
    """
    naive = datetime.fromisoformat(moment)
    return naive.replace(tzinfo=_zone(zone)).astimezone(KARACHI).isoformat(timespec="seconds")


def _zone(text: str | None) -> timezone:
    if text is None or text == "PKT":
        return KARACHI
    if text[0] not in "+-":
        return timezone.utc
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59:
        raise ValueError(f"no offset: {text}")
    east = timedelta(hours=hours, minutes=minutes)
    return timezone(east if text[0] == "+" else -east)


def parse_iso_date(text: str) -> str | None:
    """Return `"2025-03-03"` unchanged, or None for an impossible date."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def is_later(printed: str, captured_at: str) -> bool:
    """Whether a printed date is after a capture time: an instant in UTC, or a date.

    Without clock times, the page gets the benefit of the doubt.
    """
    day = captured_at[:10]
    if printed[:10] < day or printed == day:  # most captures; Karachi's date is never the smaller
        return False
    if "T" in captured_at:
        captured = datetime.fromisoformat(captured_at.replace("Z", "+00:00"))
    else:
        captured = datetime.combine(date.fromisoformat(day), time(), timezone.utc)
        captured += _LATEST_END_OF_DAY
    if "T" in printed:
        return datetime.fromisoformat(printed) > captured
    return date.fromisoformat(printed) > captured.astimezone(KARACHI).date()
