"""From the bytes of an HTML page to its text: never fails, since damage must not hide a page."""

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
# What the HTML standard reads these labels as; Python would give C1 control characters.
_AS_WINDOWS_1252 = frozenset({"ascii", "iso8859-1"})


def decode_html(data: bytes, http_charset: str | None = None) -> str:
    """The text of a page: by its BOM, what HTTP claimed, its meta tag, else UTF-8, else
    Windows-1252.

    A claim that the bytes do not keep is passed over; bytes that no claim fits are read as
    Windows-1252 with U+FFFD for those that it lacks.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    for claim in (http_charset, _meta_charset(data)):
        text = _decoded_as(claim, data) if claim else None
        if text is not None:
            return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _ends_in_half_a_character(data, error):
            return data.decode("utf-8", "replace")
        return data.decode("cp1252", "replace")


def _meta_charset(data: bytes) -> str | None:
    match = _META_CHARSET.search(data, 0, _META_BYTES)
    return match[1].decode("ascii") if match else None


def _decoded_as(claim: str, data: bytes) -> str | None:
    """The text by a claimed charset; None when there is no such charset or it does not fit."""
    try:
        name = codecs.lookup(claim.strip()).name
        # A meta tag that could be read as ASCII is not UTF-16, whatever it says.
        if name.startswith(("utf-16", "utf-32")):
            return None
        text, _ = codecs.lookup("cp1252" if name in _AS_WINDOWS_1252 else name).decode(data)
    except (LookupError, UnicodeError, ValueError):
        return None
    except UnicodeDecodeError as error:
        return data.decode("utf-8", "replace") if _ends_in_half_a_character(data, error) else None
    return text if isinstance(text, str) else None


def _ends_in_half_a_character(data: bytes, error: UnicodeDecodeError) -> bool:
    """Whether UTF-8 breaks only at the very end, as in a page that is cut off."""
    return error.start >= len(data) - 3 and error.reason == "unexpected end of data"
