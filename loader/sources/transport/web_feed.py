"""Fetch a feed from a web server with a single conditional request.

The request has If-None-Match and If-Modified-Since. There is no HEAD request before it, and no
range, since servers that generate feeds on request rarely support these.
"""

from __future__ import annotations

import time
import urllib.request
import zlib
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from loader.errors import SourceError
from loader.model import Fingerprint
from loader.sources.source import MAX_FEED_BYTES, Answer, storable
from loader.sources.transport.compressed import GZIP_WBITS
from loader.sources.transport.patience import with_retries
from loader.version import __version__

_TIMEOUT_SECONDS = 30
# Limits the whole response, since a server may send single bytes.
_RESPONSE_SECONDS = 300
_BLOCK_BYTES = 256 * 1024
_USER_AGENT = f"brecorder-archive/{__version__}"
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
# Path segments of feeds; `/feeds/news/40301234` is a page.
_SEGMENTS = frozenset({"feed", "feeds", "rss", "rss2", "atom"})

Digest = Callable[[bytes], str | None]


def is_feed_address(location: str) -> bool:
    """Whether the path of an HTTP address is a feed's, such as `/feeds/latest-news`."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return False
    segments = [segment for segment in parts.path.lower().split("/") if segment]
    if parts.scheme.lower() not in ("http", "https") or _SEGMENTS.isdisjoint(segments):
        return False
    return not segments[-1][:1].isdigit() and not any(part.isdigit() for part in segments)


def request_feed(location: str, known: Fingerprint | None, digest_of: Digest) -> Answer:
    """Request a feed, on condition that it is newer than `known`, and return the response.

    `digest_of` returns the digest of a body's items. Raises SourceError if there is no usable
    response.
    """
    headers = {
        "User-Agent": _USER_AGENT,
        "Accept": _ACCEPT,
        "Accept-Encoding": "gzip, identity",
    }
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.modified_at:
        headers["If-Modified-Since"] = known.modified_at
    answer = with_retries(location, lambda: _send(location, headers))
    if answer is None:
        if known is None:
            fault = "the server says that nothing has changed, and was not asked that"
            raise SourceError(storable(location), fault, "load it again later")
        return Answer(b"", None, known.modified_at, known.etag, known.digest)
    return answer._replace(digest=digest_of(answer.body))


def _send(location: str, headers: dict[str, str]) -> Answer | None:
    """Send a request and return its response; None if the feed has not changed."""
    request = urllib.request.Request(location, headers=headers)
    try:
        with cast(HTTPResponse, _opener().open(request, timeout=_TIMEOUT_SECONDS)) as response:
            body = _read_body(response, location)
            return Answer(
                body,
                response.headers.get_content_charset(),
                response.headers.get("Last-Modified"),
                response.headers.get("ETag"),
                None,
            )
    except HTTPError as error:
        error.close()
        if error.code == HTTPStatus.NOT_MODIFIED:
            return None
        raise
    except URLError as error:
        if isinstance(error.reason, OSError):
            raise error.reason from error
        raise
    except (HTTPException, zlib.error, ValueError) as error:
        raise ConnectionError(f"the server's answer cannot be read: {error}") from error


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener for HTTP and HTTPS only: no redirect leads to `file:` or FTP."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _read_body(response: HTTPResponse, location: str) -> bytes:
    """Return the decompressed body.

    Raises SourceError if it is too large, ConnectionError if it ends early.
    """
    is_compressed = (response.headers.get("Content-Encoding") or "").lower() in ("gzip", "x-gzip")
    decoder = zlib.decompressobj(GZIP_WBITS) if is_compressed else None
    started = time.monotonic()
    body = bytearray()
    taken = 0
    while block := response.read(_BLOCK_BYTES):
        taken += len(block)
        while block:
            plain = decoder.decompress(block, _BLOCK_BYTES) if decoder else block
            block = decoder.unconsumed_tail if decoder else b""
            body += plain
            if len(body) > MAX_FEED_BYTES:
                fault = f"is a feed of more than {MAX_FEED_BYTES:,} bytes"
                raise SourceError(storable(location), fault, "ask for a smaller one")
        if time.monotonic() - started > _RESPONSE_SECONDS:
            raise TimeoutError("the server does not send its answer in time")
    expected = response.headers.get("Content-Length") or ""
    if (expected.isdigit() and taken < int(expected)) or (decoder and not decoder.eof):
        raise ConnectionError("the answer ends early")
    return bytes(body)
