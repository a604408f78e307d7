"""Detect formats by first bytes, since extensions and header fields may be missing or wrong."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from loader.charsets import CONTROL_BYTE
from loader.sources.readers.columns import TEXT_COLUMNS, URL_COLUMNS, folded
from loader.sources.readers.markup import (
    UTF16_BOMS,
    ascii_head,
    feed_root,
    past_prolog,
    starts_with_html,
    xml_root,
)
from loader.sources.source import SourceKind

_BINARY_BYTES = 4096
BINARY: Final = "binary data"
JSON_LIST: Final = "a JSON list; JSON is read by the line, one object on each"


# The root of XML that is not HTML; a page's text never begins with a namespace.
_XML = re.compile(rb"<[A-Za-z_][\w:.-]{0,60}\s[^<>]{0,4000}\bxmlns\b")
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){2}")
_MAIL_MARKS = re.compile(rb"^(?:mime-version|content-type|snapshot-content-location):", re.I | re.M)
_TEXT_NAMES = frozenset(map(folded, TEXT_COLUMNS))
_URL_NAMES = frozenset(map(folded, URL_COLUMNS))
_MBOX = re.compile(rb"From \S+ [^\n]*\d{4}\r?\n[A-Za-z][A-Za-z0-9-]{1,60}:")
# The first lines of an ARC file, and of an index of captures: its legend, or an address turned
# round with a time.
_ARC = re.compile(rb"filedesc://\S+ \S+ \d{8,14} ")
_CDX = re.compile(rb" CDX [A-Za-z] [A-Za-z] |[\w.,:@-]{3,300}\)\S* \d{14} ")
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
    text = ascii_head(head)
    if text.startswith(b"{"):
        if text[1:].lstrip(b" \t\r").startswith(b"\n"):
            return NoKind("a JSON object over several lines; JSON is read by the line")
        return "jsonl"
    if starts_with_html(head):
        return "html"
    if feed_root(head) is not None:
        return "feed"
    if text.startswith((b"<?xml", b"<svg")) or _XML.match(past_prolog(text)):
        return NoKind(f"XML that is no feed (its root is <{xml_root(head) or '?'}>)")
    if _JSON_LIST.match(text):
        return NoKind(JSON_LIST)
    if _MBOX.match(text):
        return NoKind("a mailbox; save its messages as files of their own (.eml)")
    if _ARC.match(text):
        return NoKind("an ARC file; convert it to WARC")
    if _CDX.match(head):
        return NoKind("an index of captures (CDX), which has no pages; load the files it names")
    if _is_csv(text):
        return "csv"
    if _is_message(text):
        return "mhtml"
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in _OTHER_NAMES or suffix in _PACKAGES:
        return NoKind(f"named {suffix} and holds text: rename it to .txt if it is a page's")
    return "text"


def _binary_name(head: bytes) -> str | None:
    """Return the name of a binary format; None if the bytes may be text."""
    if head.startswith(tuple(bom for bom, _ in UTF16_BOMS)):
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
