"""Decode the bytes of a text capture."""

from __future__ import annotations

import codecs

from loader.charsets import CONTROL_CHARACTER
from loader.model import ProblemKind
from loader.page.unseen import may_hold_unseen, plain_text

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class NotTextError(ValueError):
    """Bytes that are not text; `kind` is the problem kind (`binary`, `not-utf8`)."""

    def __init__(self, kind: ProblemKind, detail: str) -> None:
        self.kind = kind
        super().__init__(detail)


def decode_text(data: bytes) -> str:
    """Decode a capture by its BOM, else as UTF-8, else as Windows-1252 if every byte is valid.

    Line ends become `\\n`, and invisible characters are removed. Raises NotTextError for bytes
    that are not text.
    """
    text, is_utf8 = _decode(data)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if is_utf8 and not may_hold_unseen(data):
        return text
    if found := CONTROL_CHARACTER.search(text):
        name = "a NUL byte" if found[0] == "\0" else f"control character {found[0]!r}"
        raise NotTextError("binary", f"holds {name} at character {found.start()}: no text")
    return plain_text(text)


def _decode(data: bytes) -> tuple[str, bool]:
    """Return the text, and whether it was encoded in UTF-8."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding == "utf-8-sig"
            except UnicodeDecodeError as error:
                raise NotTextError("not-utf8", f"its BOM says {encoding}, but {error}") from None
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError as error:
        first_fault = error.start
    if b"\0" in data:
        raise NotTextError("binary", f"holds a NUL byte at byte {data.index(0)}: no text")
    try:
        return data.decode("cp1252"), False
    except UnicodeDecodeError as error:
        raise NotTextError(
            "not-utf8",
            f"is no UTF-8 at byte {first_fault} and no Windows-1252 at byte {error.start}",
        ) from None
