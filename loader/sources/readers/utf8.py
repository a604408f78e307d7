"""Streams of any charset as UTF-8, for formats whose marks (quotes, commas, tags) are ASCII."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from loader.sources.source import UTF8_BOM
from loader.sources.transport.stream import ByteStream

# What pages and tables are written in; Python has more, among them some that unpack.
_KNOWN = ("utf-8", "ascii", "iso8859", "cp12", "mac-roman")
# As browsers read these labels; Python would give C1 control characters.
_AS_WINDOWS_1252 = frozenset({"ascii", "iso8859-1"})
_LOOKED_AT = 64


def stream_blocks(stream: ByteStream) -> Iterator[bytes]:
    """The bytes of a stream as they come."""
    while block := stream.read():
        yield block


def utf8_blocks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks with a BOM taken off; UTF-16 recoded to UTF-8, other charsets as they are."""
    rest = iter(blocks)
    head = next(rest, b"")
    while 0 < len(head) < _LOOKED_AT and (block := next(rest, b"")):
        head += block
    encoding = _utf16_of(head)
    if encoding is None:
        yield head.removeprefix(UTF8_BOM)
        yield from rest
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(head).removeprefix("\ufeff").encode("utf-8", "replace")
    for block in rest:
        yield decoder.decode(block).encode("utf-8", "replace")
    yield decoder.decode(b"", True).encode("utf-8", "replace")


def _utf16_of(head: bytes) -> str | None:
    """By its BOM, else by the zero byte of each ASCII letter; None for any other charset."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    first = head[:_LOOKED_AT]
    low, high = first[0::2], first[1::2]
    if high and not high.strip(b"\0") and b"\0" not in low:
        return "utf-16-le"
    if low and not low.strip(b"\0") and b"\0" not in high:
        return "utf-16-be"
    return None


def to_text(data: bytes, claim: str | None = None) -> str:
    """Bytes as text: in the charset claimed if they keep it, else UTF-8, else Windows-1252."""
    for name in (_codec(claim), "utf-8"):
        if name is not None:
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                continue
    return data.decode("cp1252", "replace")


def _codec(claim: str | None) -> str | None:
    if claim is None:
        return None
    try:
        name = codecs.lookup(claim.strip()).name
    except (LookupError, ValueError):
        return None
    if name in _AS_WINDOWS_1252:
        return "cp1252"
    return name if name.startswith(_KNOWN) else None
