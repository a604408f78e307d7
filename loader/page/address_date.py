"""The day named in an address of the site: when its text was published or printed."""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from loader.page.address import is_site_host
from loader.web_archives import archived_page

_DAY: Final = re.compile(
    # `/2017/04/27/345850/slug/`, `epaper.brecorder.com/2018/02/03/4-page/...`
    r"/(?P<y>(?:19|20)\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/|\Z)"
    # `fp.brecorder.com/2017/08/20170822211339/`
    r"|/(?P<y2>(?:19|20)\d\d)/(?P<m2>\d\d)/(?P=y2)(?P=m2)(?P<d2>\d\d)\d{0,9}(?:/|\Z)"
    # `/news/1221334/slug-201508261220593`: day, clock time, one more digit
    r"|-(?P<y3>(?:19|20)\d\d)(?P<m3>\d\d)(?P<d3>\d\d)(?:[01]\d|2[0-3])[0-5]\d[0-5]\d\d?/?\Z",
    re.ASCII,
)
_FIRST_YEAR: Final = 1990
_LAST_YEAR: Final = 2100
_MAX_PATH: Final = 2000


def address_date(url: str | None) -> str | None:
    """Return the day in the path of an address of the site; None if it has no full date.

    >>> address_date("http://www.brecorder.com/2017/04/27/345850/a-slug/")
    '2017-04-27'
    """
    if not url:
        return None
    if archived := archived_page(url):
        url = archived.url
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = parts.hostname or ""
    except ValueError:
        return None
    if len(parts.path) > _MAX_PATH or not is_site_host(host):
        return None
    match = _DAY.search(parts.path)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day).isoformat() if _FIRST_YEAR <= year <= _LAST_YEAR else None
    except ValueError:
        return None
