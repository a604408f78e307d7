"""Resolve the charsets that pages, feeds and tables declare, and detect binary data."""

from __future__ import annotations

import codecs
import re
from typing import Final

_CONTROL: Final = r"[\x00-\x08\x0e-\x1a\x1c-\x1f]"
CONTROL_CHARACTER: Final = re.compile(_CONTROL)
"""A control character that no text has: data with one of them is binary."""
CONTROL_BYTE: Final = re.compile(_CONTROL.encode())
"""The same, in bytes of any charset that extends ASCII."""

# Only charsets of web pages, since some of Python's codecs decompress or take quadratic time.
_KNOWN: Final = ("utf-8", "ascii", "iso8859", "cp12", "mac-roman")
# The HTML standard reads these labels as Windows-1252; Python would give C1 control characters.
_AS_WINDOWS_1252: Final = frozenset({"ascii", "iso8859-1"})


def codec_name(label: str) -> str | None:
    """Return Python's name for a charset of web pages; None for any other.

    >>> codec_name("UTF8"), codec_name(" latin-1 "), codec_name("zlib")
    ('utf-8', 'cp1252', None)
    """
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    if name in _AS_WINDOWS_1252:
        return "cp1252"
    return name if name.startswith(_KNOWN) else None
