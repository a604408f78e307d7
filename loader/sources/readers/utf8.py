"""Convert streams to UTF-8 for formats with ASCII delimiters (quotes, commas, tags)."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from loader.charsets import codec_name
from loader.sources.source import UTF8_BOM
from loader.sources.transport.stream import ByteStream

_LOOKED_AT = 64


def stream_blocks(stream: ByteStream) -> Iterator[bytes]:
    """Yield the bytes of a stream in blocks."""
    while block := stream.read():
        yield block


def utf8_blocks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield blocks without a BOM, UTF-16 converted to UTF-8 and other charsets unchanged."""
    rest = iter(blocks)
    head = next(rest, b"")
    while 0 < len(head) < _LOOKED_AT and (block := next(rest, b"")):
        head += block
    encoding = utf16_of(head)
    if encoding is None:
        yield head.removeprefix(UTF8_BOM)
        yield from rest
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(head).removeprefix("\ufeff").encode("utf-8", "replace")
    for block in rest:
        yield decoder.decode(block).encode("utf-8", "replace")
    yield decoder.decode(b"", True).encode("utf-8", "replace")


def utf16_of(head: bytes) -> str | None:
    """Detect UTF-16 by its BOM, else by the zero byte of each ASCII letter; else return None."""
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
    """Decode bytes in the claimed charset if it fits, else UTF-8, else Windows-1252."""
    for name in (codec_name(claim) if claim else None, "utf-8"):
        if name is not None:
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                continue
    return data.decode("cp1252", "replace")
