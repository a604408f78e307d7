"""Convert an HTML page to UTF-8. Never fails, since damage must not hide a page.

Lexbor expects UTF-8 and reads invalid bytes as U+FFFD. Nearly every page declares and uses UTF-8
already; its bytes are passed through unchanged.
"""

from __future__ import annotations

import codecs
import re

from loader.charsets import codec_name

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The first two bytes of a page in UTF-16 without a BOM.
_UTF16_STARTS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
# Browsers search the first 1,024 bytes for the meta tag; saved pages have comments before it.
_META_BYTES = 4096
_META_CHARSET = re.compile(
    rb"<meta\s[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_:.\-]{2,40})", re.IGNORECASE
)


def to_utf8(data: bytes, http_charset: str | None = None) -> bytes:
    """Return the page in UTF-8, decoded by BOM, UTF-8, HTTP header, meta tag or Windows-1252.

    The first that fits is used. Bytes that are valid UTF-8 are read so whatever is declared, since
    text in a single-byte charset practically never is. A declared charset that cannot decode the
    bytes is skipped. If none fits, Windows-1252 is used, with U+FFFD for its undefined bytes.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            body = data[len(bom) :]
            return body if encoding == "utf-8" else _recoded(body, encoding)
    for start, encoding in _UTF16_STARTS:
        if data.startswith(start):
            return _recoded(data, encoding)
    if data.isascii() or _is_utf8(data):
        return data
    for claim in (http_charset, _meta_charset(data)):
        name = codec_name(claim) if claim else None
        if name == "utf-8" and _is_mostly_utf8(data):
            return data
        if name is not None:
            try:
                return data.decode(name).encode()
            except UnicodeDecodeError:
                continue
    return _recoded(data, "cp1252")


def _meta_charset(data: bytes) -> str | None:
    match = _META_CHARSET.search(data, 0, _META_BYTES)
    return match[1].decode("ascii") if match else None


def _recoded(data: bytes, encoding: str) -> bytes:
    return data.decode(encoding, "replace").encode("utf-8", "replace")


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether bytes are damaged UTF-8 rather than another charset: few of them are invalid."""
    text = data.decode("utf-8", "replace")
    valid = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
    return text.count("\ufffd") <= valid


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, apart from a truncated character at the end."""
    try:
        codecs.utf_8_decode(data, "strict", False)
    except UnicodeDecodeError:
        return False
    return True
