"""Parse dates of JSON-LD, meta tags and `title` attributes, and compare dates.

Results have the archive's form of printed dates: `2025-01-29T22:34:17+05:00`, or `2025-01-29`
without a clock time (docs/html.md).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from loader.model import Article
from loader.page.dates import in_karachi, is_later
from loader.page.html.findings import Findings

# [0-9] rather than \d, which also matches digits of other scripts.
_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ](?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]{1,9})?"
    r" ?(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?)?"
)
# The paper was founded in 1965; a much earlier year is a placeholder.
FIRST_YEAR = 1960
LAST_YEAR = 2100


def parse_moment(text: str) -> str | None:
    """Parse an ISO 8601 date or time, with `T` or a blank, in Asia/Karachi; None if invalid.

    A clock time without an offset is the site's local time, UTC+5.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    clock = match["clock"]
    try:
        day = date.fromisoformat(match["day"])
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return None
        if clock is None:
            return day.isoformat()
        return in_karachi(f"{match['day']}T{clock}", match["zone"])
    except ValueError:
        return None


def same_moment(one: str, other: str) -> bool:
    """Whether two printed dates agree, to the precision of the coarser one."""
    return one == other or _agrees_with_coarser(one, other) or _agrees_with_coarser(other, one)


def _agrees_with_coarser(fine: str, coarse: str) -> bool:
    if coarse.endswith(":00+05:00"):
        # Visible times have no seconds, so zero seconds may mean none.
        coarse = coarse[:16]
    return fine.startswith(coarse)


def without_future_dates(article: Article, seen_at: str | None, findings: Findings) -> Article:
    """Return the article without dates later than `seen_at`, the capture time or masthead date."""
    if seen_at is None:
        return article
    if _is_future("published_at", article.published_at, seen_at, findings):
        article = replace(article, published_at=None)
    if _is_future("updated_at", article.updated_at, seen_at, findings):
        article = replace(article, updated_at=None)
    return article


def _is_future(name: str, date: str | None, seen_at: str, findings: Findings) -> bool:
    if date is None or not is_later(date, seen_at):
        return False
    findings.add(
        "future-date", f"its {name} is {date}, later than the page was captured ({seen_at})"
    )
    return True
