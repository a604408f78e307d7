"""Extract the page from a crawl record, whatever its header fields claim.

Servers and crawlers omit Content-Type, misspell it (`text/html,charset=utf-8`, `unk`) or set it
wrongly. That must not lose a page, nor have markup read as plain text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from fastwarc.warc import WarcHeader, WarcRecordType

from loader.model import MediaType
from loader.sources.readers.http_payload import (
    Page,
    PayloadError,
    begins_response,
    parse_response,
    split_content_type,
)
from loader.sources.readers.markup import begins_with_tag, feed_root, may_be_html, starts_with_html
from loader.sources.readers.warc_walk import WantedRecord, header_text
from loader.sources.source import MAX_CAPTURE_BYTES

_PAGE_TYPES: dict[str, MediaType] = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
}
# 203: a proxy sent the page in the server's place.
_WITH_PAGE = frozenset({200, 203})
_HTTP = "application/http"
_IDENTIFIED = "WARC-Identified-Payload-Type"
# A meaningful media type, unlike `unk`, `*/*` and `application/octet-stream`.
_MEANINGFUL = re.compile(
    r"(?:image|audio|video|font|text|multipart|message|model|application)/"
    r"(?!octet-stream|unknown|x-unknown|binary|force-download|\*)[\w.+-]+"
)


class NoPageError(Exception):
    """A record that is not a page; the message is its media type (`image/png`)."""


class Payload(NamedTuple):
    """A page with its media type (None for a feed) and the charset claimed by the server."""

    page: Page
    media_type: MediaType | None
    charset: str | None


def payload_of(found: WantedRecord) -> Payload:
    """Return the page in a record of a wanted host.

    Raises NoPageError for images and the like, PayloadError for an unreadable page and for
    content of unknown kind.
    """
    record, data = found.record, found.payload
    if data is None:
        raise PayloadError(
            "too-large",
            f"has {record.content_length:,} bytes; a page may have {MAX_CAPTURE_BYTES:,}",
        )
    declared, charset = split_content_type(header_text(record, WarcHeader.CONTENT_TYPE) or "")
    is_response = record.record_type == WarcRecordType.response
    if declared == _HTTP or (is_response and begins_response(data)):
        declared, charset, page = _from_response(data)
    else:
        page = Page(data)
    identified, _ = split_content_type(header_text(record, _IDENTIFIED) or "")
    is_extracted = record.record_type == WarcRecordType.conversion
    media_type = _type_of(declared, identified, page.data, is_extracted=is_extracted)
    if len(page.data) > MAX_CAPTURE_BYTES:
        raise PayloadError(
            "too-large", f"has {len(page.data):,} bytes; a page may have {MAX_CAPTURE_BYTES:,}"
        )
    if not page.data.strip():
        raise PayloadError("empty", "holds no text")
    # A text extracted by a crawler is in UTF-8, whatever the charset of the page.
    return Payload(page, media_type, None if media_type == "text/plain" else charset)


def _from_response(data: bytes) -> tuple[str, str | None, Page]:
    """Return media type, charset and page of an HTTP response. Raises as `payload_of`."""
    if not begins_response(data) and starts_with_html(data):
        # The crawler stored only the body.
        return "", None, Page(data)
    response = parse_response(data)
    if response.status not in _WITH_PAGE:
        raise PayloadError("http-status", f"holds no page: the server answered {response.status}")
    try:
        return response.media_type, response.charset, response.page()
    except PayloadError as error:
        if _is_other(response.media_type):
            raise NoPageError(response.media_type) from error
        raise


def _is_other(declared: str) -> bool:
    """Whether a media type is certainly not that of a page."""
    return declared not in _PAGE_TYPES and _MEANINGFUL.fullmatch(declared) is not None


def _type_of(
    declared: str, identified: str, data: bytes, *, is_extracted: bool
) -> MediaType | None:
    """Return the media type of a page, None for a feed.

    Raises NoPageError or PayloadError for anything else.
    """
    if is_extracted and declared in _PAGE_TYPES:
        # An extracted text that quotes markup is still plain text.
        return _PAGE_TYPES[declared]
    if starts_with_html(data):
        return "text/html"
    if feed_root(data) is not None:
        return None
    is_identified = _PAGE_TYPES.get(identified) == "text/html"
    if declared in _PAGE_TYPES:
        is_html = is_identified and begins_with_tag(data)
        return "text/html" if is_html else _PAGE_TYPES[declared]
    if _is_other(declared):
        raise NoPageError(declared)
    if is_identified or may_be_html(data):
        return "text/html"
    if identified in _PAGE_TYPES or is_extracted:
        return "text/plain"
    if _is_other(identified):
        raise NoPageError(identified)
    claim = f"its type is {declared}" if declared else "it has no type"
    raise PayloadError("unsupported", f"holds no page: {claim}, and its body is no HTML")
