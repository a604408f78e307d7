"""Read pages saved by SingleFile: its comment, and pages without optional end tags.

The comment at the top of the page gives the address and the time of saving. The extension also
omits end tags that HTML does not require, `</html>` among them.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from loader.page.html.clean import clean_url
from loader.page.html.moments import parse_moment

_HEAD_BYTES = 64 * 1024
_NAME = b"SingleFile"
# The second wording is that of versions before 1.0.
_COMMENT = re.compile(
    rb"<!--\s{0,20}(?:Page saved with|Archive processed by) SingleFile\b(?P<says>.{0,8000}?)-->",
    re.DOTALL,
)
_URL = re.compile(r"^\s*url:\s*(\S+)", re.MULTILINE)
_SAVED = re.compile(r"^\s*saved date:[ \t]*(\S[^\n]*)", re.MULTILINE)
# A date as JavaScript prints it: `Thu Mar 03 2022 10:20:30 GMT+0500 (Pakistan Standard Time)`.
_JS_DATE = re.compile(
    r"(?:[A-Z][a-z]{2} )?(?P<day>[A-Z][a-z]{2} [0-9]{1,2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2})"
    r" GMT(?P<sign>[+-])(?P<hours>[0-9]{2})(?P<minutes>[0-9]{2})\b"
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100

_END = re.compile(rb"</html", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:html|body)[\s>]", re.IGNORECASE)
_ITEM = re.compile(rb"<(?:p|li)[\s>]", re.IGNORECASE)
_OPTIONAL_END = re.compile(rb"</(?:p|li)\s*>", re.IGNORECASE)
_SCRIPT = re.compile(rb"<(script|style)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
# Common elements that require an end tag.
_CLOSED = re.compile(
    rb"<(/?)(a|article|aside|div|figure|footer|form|h1|h2|h3|header|main|nav|ol|script|section|"
    rb"span|strong|style|table|ul)(?=[\s>/])",
    re.IGNORECASE,
)


class Claims(NamedTuple):
    """Claims of the comment: the address, and the time of saving.

    `saved_at` is in UTC, None if it is unreadable; `saved_text` is as written.
    """

    url: str | None
    saved_at: str | None
    saved_text: str | None


def read_claims(page: bytes) -> Claims | None:
    """Return SingleFile's claims about a page; None if another tool saved it."""
    # Its name is found five times faster than the comment.
    comment = page.find(_NAME, 0, _HEAD_BYTES) >= 0 and _COMMENT.search(page, 0, _HEAD_BYTES)
    if not comment:
        return None
    says = comment["says"].decode("utf-8", "replace")
    url, saved = _URL.search(says), _SAVED.search(says)
    text = saved[1].strip() if saved else None
    return Claims(clean_url(url[1]) if url else None, _instant(text) if text else None, text)


def _instant(text: str) -> str | None:
    try:
        if match := _JS_DATE.search(text):
            east = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
            zone = timezone(east if match["sign"] == "+" else -east)
            moment = datetime.strptime(match["day"], "%b %d %Y %H:%M:%S").replace(tzinfo=zone)
        elif "T" in (iso := parse_moment(text) or ""):
            moment = datetime.fromisoformat(iso)
        else:
            return None
    except ValueError:
        return None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_cut_off(markup: bytes, *, omits_end_tags: bool) -> bool:
    """Whether a page is truncated.

    If optional tags are omitted, by SingleFile (`omits_end_tags`) or another tool, a missing
    `</html>` proves nothing; then it counts whether a required end tag is missing.
    """
    # Nearly all pages have it at their end, in lower case.
    if markup.rfind(b"</html") >= 0 or _END.search(markup):
        return False
    omits_end_tags = omits_end_tags or _ROOT.search(markup) is None
    if not omits_end_tags and (_OPTIONAL_END.search(markup) or not _ITEM.search(markup)):
        return True
    if markup.rfind(b"<") > markup.rfind(b">"):
        return True
    is_open = Counter[bytes]()
    for slash, name in _CLOSED.findall(_SCRIPT.sub(b"", markup)):
        is_open[name.lower()] += -1 if slash else 1
    return any(count > 0 for count in is_open.values())
