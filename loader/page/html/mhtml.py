"""Web archives of one page (MHTML), as browsers save them: RFC 2557.

The parts are cut apart by their boundary, so that megabytes of images beside the page cost
nothing; the headers and the page's own part go through the standard library's parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timezone
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from loader.model import Capture, Problem, Snapshot
from loader.page.address import with_archive_time
from loader.page.html.charset import to_utf8
from loader.page.html.clean import clean_url
from loader.page.html.page import parse_markup

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_HEADER_END = re.compile(rb"\r?\n\r?\n")
# Chrome and Edge write under 1 KB of headers.
_MAX_HEADER = 64 * 1024


def parse_mhtml(capture: Capture) -> Snapshot:
    """The snapshot of the page in a web archive; `not-a-page` when there is none in it.

    The archive's own address and time of saving hold where the capture has none.
    """
    archive = _headers(capture.data)
    part = _page_part(capture.data, archive)
    if part is None:
        detail = "is a web archive without an HTML page in it"
        problem = Problem("not-a-page", detail, capture.source, capture.offset)
        return Snapshot(capture, problems=(problem,))
    data = part.get_payload(decode=True)
    markup = to_utf8(data if isinstance(data, bytes) else b"", part.get_content_charset())
    return parse_markup(_with_claims(capture, archive, part), markup)


def _page_part(data: bytes, archive: Message) -> Message | None:
    """The part that `start` names, else the first that is HTML; the whole when not multipart."""
    if archive.get_content_type() in _HTML_TYPES:
        return BytesParser().parsebytes(data)
    start = archive.get_param("start")
    first: Message | None = None
    for raw in _raw_parts(data, archive):
        headers = _headers(raw)
        if headers.get_content_type() not in _HTML_TYPES:
            continue
        if start and str(headers.get("Content-ID", "")).strip() == start:
            return BytesParser().parsebytes(raw)
        if first is None:
            first = BytesParser().parsebytes(raw)
            if not start:
                return first
    return first


def _raw_parts(data: bytes, archive: Message) -> Iterator[bytes]:
    boundary = archive.get_boundary()
    if not boundary:
        return
    mark = b"\n--" + boundary.encode("utf-8", "surrogateescape")
    position = data.find(mark)
    while position >= 0:
        begin = position + len(mark)
        position = data.find(mark, begin)
        end = position if position >= 0 else len(data)
        yield data[begin:end].removeprefix(b"\r").removeprefix(b"\n")


def _headers(data: bytes) -> Message:
    match = _HEADER_END.search(data, 0, _MAX_HEADER)
    return BytesParser().parsebytes(data[: match.end() if match else _MAX_HEADER], headersonly=True)


def _with_claims(capture: Capture, archive: Message, part: Message) -> Capture:
    url = capture.url or clean_url(_text(archive, "Snapshot-Content-Location"))
    url = url or clean_url(_text(part, "Content-Location"))
    # The page that a web archive served is as old as its address says, whenever it was saved.
    capture = with_archive_time(replace(capture, url=url))
    if capture.captured_at is None and (moment := _saved_at(archive)):
        return replace(capture, captured_at=moment, captured_basis="MHTML Date")
    return capture


def _saved_at(archive: Message) -> str | None:
    """When the browser saved the page, in UTC; None when it does not say or not readably."""
    try:
        moment = parsedate_to_datetime(_text(archive, "Date"))
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(message: Message, name: str) -> str:
    value = message.get(name)
    return "" if value is None else str(value)
