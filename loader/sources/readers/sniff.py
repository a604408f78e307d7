"""Detect formats by first bytes, since extensions and header fields may be missing or wrong."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePosixPath
from typing import Final, Literal, NamedTuple, cast

from loader.charsets import CONTROL_BYTE
from loader.sources.readers.columns import TEXT_COLUMNS, URL_COLUMNS, folded
from loader.sources.source import UTF8_BOM, SourceKind

# Room for comments and instructions before the root of a document.
_HEAD_BYTES = 64 * 1024
_BINARY_BYTES = 4096
BINARY: Final = "binary data"
JSON_LIST: Final = "a JSON list; JSON is read by the line, one object on each"
_SPACE = b" \t\r\n\f\v"
_UTF16_BOMS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head)\b", re.IGNORECASE)
# The tags by which browsers recognise HTML without a media type.
_HTML_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|"
    rb"meta|article|section|main)[\s/>]",
    re.IGNORECASE,
)
_FEED = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(rss|feed|RDF)[\s>]")
# The root of XML that is not HTML; a page's text never begins with a namespace.
_XML = re.compile(rb"<[A-Za-z_][\w:.-]{0,60}\s[^<>]{0,4000}\bxmlns\b")
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]{0,60})")
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){2}")
_MAIL_MARKS = re.compile(rb"^(?:mime-version|content-type|snapshot-content-location):", re.I | re.M)
_TEXT_NAMES = frozenset(map(folded, TEXT_COLUMNS))
_URL_NAMES = frozenset(map(folded, URL_COLUMNS))
_MBOX = re.compile(rb"From \S+ [^\n]*\d{4}\r?\n[A-Za-z][A-Za-z0-9-]{1,60}:")
_JSON_LIST = re.compile(rb"\[\s*[{\[\"]")

_SOURCE_MAGICS: dict[bytes, SourceKind] = {b"WARC/": "warc", b"PAR1": "parquet"}
_ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
_MAGICS = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"RIFF", "an image, sound or film (RIFF)"),
    (b"BM", "an image (BMP)"),
    (b"II*\x00", "an image (TIFF)"),
    (b"MM\x00*", "an image (TIFF)"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"BZh", "bzip2 data; unpack it"),
    (b"\xfd7zXZ\x00", "xz data; unpack it"),
)
_NO_LETTERS = (b"%", b"{")
# Documents and packages that are ZIP archives inside.
_PACKAGES = frozenset(
    ".docx .docm .xlsx .xlsm .pptx .pptm .odt .ods .odp .epub .jar .apk .whl .kmz .pages"
    " .numbers .key".split()
)
_PACKAGE_MEMBERS = (
    b"[Content_Types].xml", b"mimetype", b"docProps/", b"word/", b"xl/", b"ppt/", b"_rels/",
    b"META-INF/",
)  # fmt: skip
# Extensions of files that are not pages, whatever their content.
_OTHER_NAMES = frozenset(
    ".pdf .doc .xls .ppt .rtf .ps .png .jpg .jpeg .gif .webp .bmp .tif .tiff .ico .svg .heic .avif"
    " .mp3 .mp4 .avi .mov .webm .css .js .woff .woff2 .ttf .db .sqlite .exe .dll .so .7z .rar .tar"
    " .bz2 .xz .py .sh .sql .ini .toml .yaml .yml .log".split()
)


class NoKind(NamedTuple):
    """The name of an unsupported kind (`a PDF file`)."""

    name: str


def sniffed_kind(head: bytes, name: str = "") -> SourceKind | NoKind:
    """Return the kind of a source that begins with `head`; text if nothing else fits.

    `name`, that of the source, distinguishes office documents from other ZIP archives.
    """
    kind = next((kind for magic, kind in _SOURCE_MAGICS.items() if head.startswith(magic)), None)
    if kind is not None:
        return kind
    if head.startswith(_ZIP_MAGICS):
        return NoKind("an Office document or the like") if _is_package(head, name) else "zip"
    if other := _binary_name(head):
        return NoKind(other)
    text = _ascii_head(head)
    if text.startswith(b"{"):
        if text[1:].lstrip(b" \t\r").startswith(b"\n"):
            return NoKind("a JSON object over several lines; JSON is read by the line")
        return "jsonl"
    if starts_with_html(head):
        return "html"
    if feed_root(head) is not None:
        return "feed"
    if text.startswith((b"<?xml", b"<svg")) or _XML.match(_past_prolog(text)):
        return NoKind(f"XML that is no feed (its root is <{xml_root(head) or '?'}>)")
    if _JSON_LIST.match(text):
        return NoKind(JSON_LIST)
    if _MBOX.match(text):
        return NoKind("a mailbox; save its messages as files of their own (.eml)")
    if _is_csv(text):
        return "csv"
    if _is_message(text):
        return "mhtml"
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in _OTHER_NAMES or suffix in _PACKAGES:
        return NoKind(f"named {suffix} and holds text: rename it to .txt if it is a page's")
    return "text"


def starts_with_html(data: bytes) -> bool:
    """Whether bytes begin like an HTML page, after blanks, comments and an XML declaration."""
    return _HTML.match(_root(data)) is not None


def may_be_html(data: bytes) -> bool:
    """Whether bytes begin with a tag by which browsers recognise HTML without a media type."""
    return _HTML_TAG.match(_root(data)) is not None


def begins_with_tag(data: bytes) -> bool:
    """Whether bytes begin with a tag, a comment or a declaration."""
    return _ascii_head(data).startswith(b"<")


class Document(NamedTuple):
    """A document from its root element on; `root` is None unless it is a feed's."""

    root: Literal["rss", "feed", "RDF"] | None
    text: bytes


def from_root(data: bytes) -> Document:
    """Skip declarations, comments and document type, and return the document from its root on.

    The declarations are not parsed, so that no entity is ever expanded or fetched.
    """
    text = _past_prolog(data.removeprefix(UTF8_BOM).lstrip(_SPACE))
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
    return _past_prolog(_ascii_head(data))


def _past_prolog(text: bytes) -> bytes:
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


def _ascii_head(data: bytes) -> bytes:
    """Return the first bytes in an ASCII-compatible charset, without BOM and blanks."""
    head = data[:_HEAD_BYTES]
    for bom, encoding in _UTF16_BOMS:
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


def _binary_name(head: bytes) -> str | None:
    """Return the name of a binary format; None if the bytes may be text."""
    if head.startswith(tuple(bom for bom, _ in _UTF16_BOMS)):
        return None
    has_control = CONTROL_BYTE.search(head, 0, _BINARY_BYTES) is not None
    name = next((name for magic, name in _MAGICS if head.startswith(magic)), None)
    if head[257:262] == b"ustar":
        return "a tar archive; unpack it and load the folder"
    # A text may begin with the letters of a magic number, but has no control characters.
    if name and (has_control or head[:1] in _NO_LETTERS):
        return name
    return BINARY if has_control else None


def _is_package(head: bytes, name: str) -> bool:
    if PurePosixPath(name.lower()).suffix in _PACKAGES:
        return True
    return head[30:60].startswith(_PACKAGE_MEMBERS)


def _is_message(text: bytes) -> bool:
    """Whether bytes begin with header fields like a mail message or MHTML file."""
    return _MAIL.match(text) is not None and _MAIL_MARKS.search(text[:_BINARY_BYTES]) is not None


def _is_csv(text: bytes) -> bool:
    """Whether the first line is a header that names both a text and an address."""
    line = text.partition(b"\n")[0][:1000].decode("latin-1")
    for delimiter in ",;\t|":
        names = {folded(name.strip(' "\r')) for name in line.split(delimiter)}
        if names.intersection(_TEXT_NAMES) and names.intersection(_URL_NAMES):
            return True
    return False
