"""Parse web archives of one page (MHTML, RFC 2557) and mail messages that contain one (`.eml`).

Parts are split at their boundary, so that megabytes of images beside the page cost nothing. Only
the headers and the page's own part go through the standard library's parser. Parts may be nested:
a saved page within `multipart/alternative`, a forwarded message.
"""

from __future__ import annotations

import binascii
import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timezone
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from loader.model import Capture, Problem, Snapshot
from loader.page.address import with_archive_time
from loader.page.html.charset import to_utf8
from loader.page.html.clean import clean, clean_url
from loader.page.html.findings import Findings
from loader.page.html.page import parse_markup
from loader.page.known_boards import KnownBoards

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_MESSAGE_TYPE = "message/rfc822"
_ENCODED = frozenset({"base64", "quoted-printable"})
# Mail programs attach saved pages as `application/octet-stream`, so the bytes decide.
_HTML_START = re.compile(
    rb"\s*(?:<!--(?:(?!-->).){0,4096}-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_FIELDS = re.compile(rb"\s*(?:[A-Za-z][\w-]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){2}")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
# Chrome and Edge write under 1 KB of headers.
_MAX_HEADER = 64 * 1024
_MAX_DEPTH = 8
_MAX_PARTS = 5000
# Header fields of sent messages, which saved pages do not have.
_OF_MAIL = ("To", "Received", "Message-ID")


@dataclass(frozen=True, slots=True)
class _Part:
    """An HTML part: its bytes, and its chain of headers, from the outermost to its own."""

    raw: bytes
    headers: tuple[Message, ...]

    @property
    def is_saved_page(self) -> bool:
        """Whether the part has an address, as a saved page does and a mail's text does not."""
        return self.location is not None

    @property
    def location(self) -> str | None:
        """The address of the page, in the innermost headers that have one."""
        return next((url for h in reversed(self.headers) if (url := _location(h))), None)

    @property
    def page_name(self) -> str | None:
        """The address of a saved page or the file name of an attached one; None for mail text."""
        return self.location or next(
            (name for h in self.headers if (name := h.get_filename())), None
        )


def parse_mhtml(capture: Capture, known: KnownBoards | None = None) -> Snapshot:
    """Return the snapshot of the page in a web archive or message; `not-a-page` if there is none.

    The archive's own address and time of saving are used where the capture has none.
    """
    parts = list(_html_parts(capture.data.removeprefix(codecs.BOM_UTF8).lstrip(), (), 0))
    part = _page_part(parts)
    if part is None:
        detail = "is a web archive or a message without an HTML page in it"
        problem = Problem("not-a-page", detail, capture.source, capture.offset)
        return Snapshot(capture, problems=(problem,))
    message = BytesParser().parsebytes(part.raw)
    data = message.get_payload(decode=True)
    markup = to_utf8(data if isinstance(data, bytes) else b"", message.get_content_charset())
    snapshot = parse_markup(_with_claims(capture, part), markup, known)
    pages = dict.fromkeys(name for part in parts if (name := part.page_name))
    if len(pages) < 2:
        return snapshot
    detail = f"is a message with {len(pages)} pages, of which one is read: save each as a file"
    others = ", ".join(name for name in pages if name != part.page_name)
    findings = Findings(capture)
    findings.add("unsupported", detail, clean(others))
    return replace(snapshot, problems=(*snapshot.problems, *findings.problems))


def _page_part(parts: list[_Part]) -> _Part | None:
    """Return the first saved page, else the longest attached page, else the longest HTML part."""
    saved = next((part for part in parts if part.is_saved_page), None)
    return saved or max(
        parts, key=lambda part: (part.page_name is not None, len(part.raw)), default=None
    )


def _html_parts(data: bytes, outer: tuple[Message, ...], depth: int) -> Iterator[_Part]:
    """Yield the HTML parts of an entity, at any depth; of related parts only the page itself."""
    headers = _headers(data)
    chain = (*outer, headers)
    kind = headers.get_content_type()
    if kind in _HTML_TYPES:
        yield _Part(data, chain)
    elif depth >= _MAX_DEPTH:
        return
    elif kind == _MESSAGE_TYPE or _may_be_page(headers):
        end = _HEADER_END.search(data, 0, _MAX_HEADER)
        body = _decoded_body(data[end.end() :], headers) if end else b""
        if kind == _MESSAGE_TYPE or _FIELDS.match(body):
            yield from _html_parts(body.lstrip(), chain, depth + 1)
        elif _HTML_START.match(body):
            yield _Part(data, chain)
    elif kind == "multipart/related":
        yield from _related_page(data, headers, chain, depth)
    elif headers.get_content_maintype() == "multipart":
        for raw in _raw_parts(data, headers):
            yield from _html_parts(raw, chain, depth + 1)


def _may_be_page(headers: Message) -> bool:
    """Whether an attachment may be a page in spite of its type.

    A multipart entity is never encoded (RFC 2045, 6.4): it is a saved page, attached as a file.
    """
    if headers.get_content_maintype() == "application":
        return True
    return headers.get_content_maintype() == "multipart" and _encoding(headers) in _ENCODED


def _encoding(headers: Message) -> str:
    return _text(headers, "Content-Transfer-Encoding").strip().lower()


def _decoded_body(body: bytes, headers: Message) -> bytes:
    """Return an embedded message, decoded, which the standard library does not do."""
    encoding = _encoding(headers)
    try:
        if encoding == "base64":
            return binascii.a2b_base64(body)
        return quopri.decodestring(body) if encoding == "quoted-printable" else body
    except binascii.Error:
        return body


def _related_page(
    data: bytes, headers: Message, chain: tuple[Message, ...], depth: int
) -> Iterator[_Part]:
    """Yield the part named by `start`, or with the page's address, else the first with HTML.

    A frame may precede the page.
    """
    start = headers.get_param("start")
    url = clean_url(_text(headers, "Snapshot-Content-Location"))
    first: _Part | None = None
    for raw in _raw_parts(data, headers):
        part = next(_html_parts(raw, chain, depth + 1), None)
        if part is None:
            continue
        own = part.headers[-1]
        if start:
            is_page = str(own.get("Content-ID", "")).strip() == start
        else:
            is_page = url is None or clean_url(_text(own, "Content-Location")) == url
        if is_page:
            yield part
            return
        first = first or part
    if first is not None:
        yield first


def _raw_parts(data: bytes, headers: Message) -> Iterator[bytes]:
    boundary = headers.get_boundary()
    if not boundary:
        return
    # Match to the end of the line: the boundary of nested parts may begin with the same letters.
    line = re.escape(b"--" + boundary.encode("utf-8", "surrogateescape"))
    mark = re.compile(rb"\n%b(--)?[ \t]*(?=\r?\n|\Z)" % line)
    found = mark.search(data)
    for _ in range(_MAX_PARTS):
        if found is None or found[1]:
            return
        begin = found.end()
        found = mark.search(data, begin)
        end = found.start() if found else len(data)
        yield data[begin:end].removeprefix(b"\r").removeprefix(b"\n")


def _headers(data: bytes) -> Message:
    match = _HEADER_END.search(data, 0, _MAX_HEADER)
    return BytesParser().parsebytes(data[: match.end() if match else _MAX_HEADER], headersonly=True)


def _location(headers: Message) -> str | None:
    """Return the page's address from a header, if it has one."""
    names = ("Snapshot-Content-Location", "Content-Location", "Content-Base")
    return next((url for name in names if (url := clean_url(_text(headers, name)))), None)


def _with_claims(capture: Capture, part: _Part) -> Capture:
    # The headers nearest to the page are the most reliable.
    inner_first = part.headers[::-1]
    snapshots = (clean_url(_text(h, "Snapshot-Content-Location")) for h in inner_first)
    url = capture.url or next((found for found in snapshots if found), None)
    url = url or next((found for h in inner_first if (found := _location(h))), None)
    # A page from a web archive has the age in its address, whenever it was saved.
    capture = with_archive_time(replace(capture, url=url))
    moment = next((found for h in inner_first if (found := _saved_at(h))), None)
    if capture.captured_at is None and moment:
        is_mail = any(name in headers for headers in part.headers for name in _OF_MAIL)
        basis = "message Date" if is_mail else "MHTML Date"
        return replace(capture, captured_at=moment, captured_basis=basis)
    return capture


def _saved_at(headers: Message) -> str | None:
    """Return the time of saving in UTC; None if it is absent or unreadable."""
    try:
        moment = parsedate_to_datetime(_text(headers, "Date"))
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(message: Message, name: str) -> str:
    value = message.get(name)
    return "" if value is None else str(value)
