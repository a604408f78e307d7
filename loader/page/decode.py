"""From the bytes of a text capture to its text."""

from __future__ import annotations

import codecs
import re

from loader.model import ProblemKind

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Control characters that no page text has; their presence means that the bytes are no text.
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

# The same in UTF-8 and Windows-1252; every second byte of UTF-16 looks like one.
_BINARY_BYTES = bytes({*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)})
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class NotTextError(ValueError):
    """The bytes are no text; `kind` is the problem slug (`binary`, `not-utf8`)."""

    def __init__(self, kind: ProblemKind, detail: str) -> None:
        self.kind = kind
        super().__init__(detail)


def decode_text(data: bytes) -> str:
    """Text of a capture: by its BOM, else UTF-8, else Windows-1252 when that is clean.

    Line ends become `\\n`. Raises NotTextError for bytes that are no text.
    """
    text = _decode(data)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _BINARY.search(text) if _may_hold_binary(data) else None
    if found:
        name = "a NUL byte" if found[0] == "\0" else f"control character {found[0]!r}"
        raise NotTextError("binary", f"holds {name} at character {found.start()}: no text")
    return text


def _may_hold_binary(data: bytes) -> bool:
    """Whether the bytes hold what `_BINARY` would find: a search of the text takes 20 times as
    long, and finds nothing in nearly all of them."""
    return data.startswith(_UTF16_BOMS) or len(data.translate(None, _BINARY_BYTES)) != len(data)


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise NotTextError("not-utf8", f"its BOM says {encoding}, but {error}") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        first_fault = error.start
    if b"\0" in data:
        raise NotTextError("binary", f"holds a NUL byte at byte {data.index(0)}: no text")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise NotTextError(
            "not-utf8",
            f"is no UTF-8 at byte {first_fault} and no Windows-1252 at byte {error.start}",
        ) from None
