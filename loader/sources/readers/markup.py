"""Recognise HTML, feeds and other XML by their root, whatever precedes it."""

from __future__ import annotations

import codecs
import re
from typing import Literal, NamedTuple, cast

from loader.sources.source import UTF8_BOM

# Room for comments and instructions before the root of a document.
_HEAD_BYTES = 64 * 1024
_SPACE = b" \t\r\n\f\v"
UTF16_BOMS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head)\b", re.IGNORECASE)
# The tags by which browsers recognise HTML without a media type.
_HTML_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|"
    rb"meta|article|section|main)[\s/>]",
    re.IGNORECASE,
)
_FEED = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(rss|feed|RDF)[\s>]")
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]{0,60})")


def starts_with_html(data: bytes) -> bool:
    """Whether bytes begin like an HTML page, after blanks, comments and an XML declaration."""
    return _HTML.match(_root(data)) is not None


def may_be_html(data: bytes) -> bool:
    """Whether bytes begin with a tag by which browsers recognise HTML without a media type."""
    return _HTML_TAG.match(_root(data)) is not None


def begins_with_tag(data: bytes) -> bool:
    """Whether bytes begin with a tag, a comment or a declaration."""
    return ascii_head(data).startswith(b"<")


class Document(NamedTuple):
    """A document from its root element on; `root` is None unless it is a feed's."""

    root: Literal["rss", "feed", "RDF"] | None
    text: bytes


def from_root(data: bytes) -> Document:
    """Skip declarations, comments and document type, and return the document from its root on.

    The declarations are not parsed, so that no entity is ever expanded or fetched.
    """
    text = past_prolog(data.removeprefix(UTF8_BOM).lstrip(_SPACE))
    return Document(feed_root(data), text)


def feed_root(data: bytes) -> Literal["rss", "feed", "RDF"] | None:
    """Return the root of a feed, `rss`, `feed` or `RDF`; None for any other document."""
    match = _FEED.match(_root(data))
    return cast('Literal["rss", "feed", "RDF"]', match[1].decode()) if match else None


def xml_root(data: bytes) -> str | None:
    """Return the name of the first element; None if none begins in these bytes."""
    match = _ROOT.match(_root(data))
    return match[1].decode() if match else None


def _root(data: bytes) -> bytes:
    """Return the bytes from the root element (or the doctype of an HTML page) on."""
    return past_prolog(ascii_head(data))


def past_prolog(text: bytes) -> bytes:
    while True:
        if text.startswith(b"<!--"):
            text = text.partition(b"-->")[2].lstrip(_SPACE)
        elif text.startswith(b"<?"):
            text = text.partition(b"?>")[2].lstrip(_SPACE)
        elif text[:9].upper() == b"<!DOCTYPE" and not _HTML.match(text):
            text = _past_doctype(text)
        else:
            return text


def _past_doctype(text: bytes) -> bytes:
    """Skip a document type, including its declarations in brackets."""
    bracket, end = text.find(b"["), text.find(b">")
    if 0 <= bracket < end:
        end = text.find(b">", text.find(b"]", bracket))
    return text[end + 1 :].lstrip(_SPACE) if end >= 0 else b""


def ascii_head(data: bytes) -> bytes:
    """Return the first bytes in an ASCII-compatible charset, without BOM and blanks."""
    head = data[:_HEAD_BYTES]
    for bom, encoding in UTF16_BOMS:
        if head.startswith(bom):
            head = head[2:].decode(encoding, "replace").encode("utf-8", "replace")
        elif head.startswith("<".encode(encoding)):
            head = head.decode(encoding, "replace").encode("utf-8", "replace")
    text = _past_bom(head)
    if not text and len(data) > _HEAD_BYTES:
        text = _past_bom(data)[:_HEAD_BYTES]
    return text


def _past_bom(data: bytes) -> bytes:
    text = data.removeprefix(UTF8_BOM)
    # Some tools write another BOM before one that the page already has.
    return text.removeprefix(UTF8_BOM).lstrip(_SPACE)
