"""From the bytes of an HTML page to UTF-8: never fails, since damage must not hide a page.

Lexbor takes UTF-8 and reads what is none as U+FFFD. Nearly every page is UTF-8 already
and says so; its bytes go through as they are.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Browsers look for the meta tag in the first 1,024 bytes; saved pages put comments before it.
_META_BYTES = 4096
_META_CHARSET = re.compile(
    rb"<meta\s[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_:.\-]{2,40})", re.IGNORECASE
)
# Python has codecs that no page is written in, among them some that unpack or are quadratic.
_KNOWN = ("utf-8", "ascii", "iso8859", "cp12", "mac-roman")
# What the HTML standard reads these labels as; Python would give C1 control characters.
_AS_WINDOWS_1252 = frozenset({"ascii", "iso8859-1"})


def to_utf8(data: bytes, http_charset: str | None = None) -> bytes:
    """The page in UTF-8: by its BOM, what HTTP claimed, its meta tag, else UTF-8, else
    Windows-1252.

    A claim of another charset that the bytes do not keep is passed over; bytes that no
    claim fits are read as Windows-1252, with U+FFFD for those that it lacks.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            body = data[len(bom) :]
            return body if encoding == "utf-8" else _recoded(body, encoding)
    if data.isascii():
        return data
    for claim in (http_charset, _meta_charset(data)):
        name = _codec_name(claim) if claim else None
        if name == "utf-8":
            return data
        if name is not None:
            try:
                return data.decode(name).encode()
            except UnicodeDecodeError:
                continue
    return data if _is_utf8(data) else _recoded(data, "cp1252")


def _meta_charset(data: bytes) -> str | None:
    match = _META_CHARSET.search(data, 0, _META_BYTES)
    return match[1].decode("ascii") if match else None


def _codec_name(claim: str) -> str | None:
    """Python's name of a charset that pages are written in; None for any other."""
    try:
        name = codecs.lookup(claim.strip()).name
    except (LookupError, ValueError):
        return None
    if name in _AS_WINDOWS_1252:
        return "cp1252"
    return name if name.startswith(_KNOWN) else None


def _recoded(data: bytes, encoding: str) -> bytes:
    return data.decode(encoding, "replace").encode("utf-8", "replace")


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, apart from a character that the end cuts in half."""
    try:
        codecs.utf_8_decode(data, "strict", False)
    except UnicodeDecodeError:
        return False
    return True
