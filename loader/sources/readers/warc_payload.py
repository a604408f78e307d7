"""Which page a record of a crawl holds: by its body where header fields are missing or wrong.

Servers and crawlers leave Content-Type out, misspell it (`text/html,charset=utf-8`, `unk`) or
lie in it; a page must not be lost for that, and markup must not become a text.
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
from loader.sources.readers.sniff import begins_with_tag, feed_root, may_be_html, starts_with_html
from loader.sources.readers.warc_walk import Found, header_text
from loader.sources.source import MAX_CAPTURE_BYTES

_PAGE_TYPES: dict[str, MediaType] = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
}
_OK = 200
_HTTP = "application/http"
_IDENTIFIED = "WARC-Identified-Payload-Type"
# A type that names a kind of thing; `unk`, `*/*` and `application/octet-stream` do not.
_TELLING = re.compile(
    r"(?:image|audio|video|font|text|multipart|message|model|application)/"
    r"(?!octet-stream|unknown|x-unknown|binary|force-download|\*)[\w.+-]+"
)


class NoPageError(Exception):
    """A record that holds another thing than a page, by its type: `image/png`."""


class Payload(NamedTuple):
    """A page with its media type (None: a feed) and the charset that the server claimed."""

    page: Page
    media_type: MediaType | None
    charset: str | None


def payload_of(found: Found) -> Payload:
    """The page in a record of a wanted host.

    Raises NoPageError for images and the like, PayloadError for a page that cannot be had and
    for a thing that nothing tells the kind of.
    """
    record, data = found.record, found.payload
    if data is None:
        raise PayloadError(
            "too-large",
            f"has {record.content_length:,} bytes; a page may have {MAX_CAPTURE_BYTES:,}",
        )
    told, charset = split_content_type(header_text(record, WarcHeader.CONTENT_TYPE) or "")
    is_response = record.record_type == WarcRecordType.response
    if told == _HTTP or (is_response and begins_response(data)):
        told, charset, page = _answered(data)
    else:
        page = Page(data)
    identified, _ = split_content_type(header_text(record, _IDENTIFIED) or "")
    is_extracted = record.record_type == WarcRecordType.conversion
    media_type = _type_of(told, identified, page.data, is_extracted=is_extracted)
    if len(page.data) > MAX_CAPTURE_BYTES:
        raise PayloadError(
            "too-large", f"has {len(page.data):,} bytes; a page may have {MAX_CAPTURE_BYTES:,}"
        )
    if not page.data.strip():
        raise PayloadError("empty", "holds no text")
    # A text that a crawl extracted is UTF-8, whatever the page was.
    return Payload(page, media_type, None if media_type == "text/plain" else charset)


def _answered(data: bytes) -> tuple[str, str | None, Page]:
    """Media type, charset and page of an HTTP response."""
    if not begins_response(data) and starts_with_html(data):
        # The crawler kept the body alone.
        return "", None, Page(data)
    response = parse_response(data)
    if response.status != _OK:
        raise PayloadError("http-status", f"holds no page: the server answered {response.status}")
    try:
        return response.media_type, response.charset, response.page()
    except PayloadError as error:
        if _is_other(response.media_type):
            raise NoPageError(response.media_type) from error
        raise


def _is_other(told: str) -> bool:
    """Whether a media type surely names something else than a page."""
    return told not in _PAGE_TYPES and _TELLING.fullmatch(told) is not None


def _type_of(told: str, identified: str, data: bytes, *, is_extracted: bool) -> MediaType | None:
    """The media type of a page, None for a feed; NoPageError or PayloadError for all else."""
    if is_extracted and told in _PAGE_TYPES:
        # A text that quotes markup is a text.
        return _PAGE_TYPES[told]
    if starts_with_html(data):
        return "text/html"
    if feed_root(data) is not None:
        return None
    is_identified = _PAGE_TYPES.get(identified) == "text/html"
    if told in _PAGE_TYPES:
        is_html = is_identified and begins_with_tag(data)
        return "text/html" if is_html else _PAGE_TYPES[told]
    if _is_other(told):
        raise NoPageError(told)
    if is_identified or may_be_html(data):
        return "text/html"
    if identified in _PAGE_TYPES or is_extracted:
        return "text/plain"
    if _is_other(identified):
        raise NoPageError(identified)
    claim = f"its type is {told}" if told else "it has no type"
    raise PayloadError("unsupported", f"holds no page: {claim}, and its body is no HTML")
