"""The page inside an HTTP response: header fields, chunks and content encodings undone.

The limits hold for whatever a response claims: a page may have MAX_CAPTURE_BYTES after
decoding, and no more than that is ever decoded.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import zstandard
from fastwarc.stream_io import BrotliReader

from loader.sources.source import MAX_CAPTURE_BYTES

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_RAW_DEFLATE = -zlib.MAX_WBITS
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS  # 32: let zlib tell by the header
_ZSTD_WINDOW_BYTES = 128 * 1024 * 1024


class PayloadError(ValueError):
    """A response that holds no readable page; `kind` is the slug of the problem."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Response:
    """Status, media type in lower case, the charset claimed, and the body as it was sent."""

    status: int
    media_type: str
    charset: str | None
    fields: Mapping[str, str]
    body: bytes

    def page(self) -> bytes:
        """The decoded body; PayloadError when it is damaged or decodes to too much.

        Many crawlers store a body decoded under the header fields of the encoded one, so a
        claim that the bytes contradict is passed over.
        """
        body = self.body
        if "chunked" in self.fields.get("transfer-encoding", "").lower():
            body = _without_chunks(body)
        for coding in reversed(self.fields.get("content-encoding", "").lower().split(",")):
            body = _decoded(body, coding.strip())
        return body


def parse_response(data: bytes) -> Response:
    """Take an HTTP response apart; PayloadError `bad-http` when it has no status line.

    Header lines without a colon are passed over, as browsers do.
    """
    status = _STATUS.match(data)
    end = _HEADER_END.search(data)
    if status is None or end is None:
        raise PayloadError("bad-http", "is no HTTP response: no status line or no end of header")
    fields: dict[str, str] = {}
    for line in data[: end.start()].decode("latin-1").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    media_type, charset = split_content_type(fields.get("content-type", ""))
    return Response(int(status[1]), media_type, charset, fields, data[end.end() :])


def split_content_type(value: str) -> tuple[str, str | None]:
    """`"Text/HTML; charset=UTF-8"` -> `("text/html", "UTF-8")`."""
    charset = _CHARSET.search(value)
    return value.partition(";")[0].strip().lower(), charset[1] if charset else None


def _without_chunks(body: bytes) -> bytes:
    """The data of the chunks; the body itself when it does not begin with a chunk size.

    A body that ends within a chunk gives what there is: crawlers cut long bodies off.
    """
    parts = []
    position = 0
    while size_line := _CHUNK_SIZE.match(body, position):
        size = int(size_line[1], 16)
        if size == 0:
            break
        start = size_line.end()
        parts.append(body[start : start + size])
        position = start + size
        # The line end behind the data belongs to the chunk.
        position += 2 if body[position : position + 2] == b"\r\n" else 1
    return b"".join(parts) if parts or size_line else body


def _decoded(body: bytes, coding: str) -> bytes:
    if coding in ("gzip", "x-gzip") and body.startswith(b"\x1f\x8b"):
        return _inflated(body, _GZIP_OR_ZLIB, coding)
    if coding == "deflate":
        # Half of the servers that say so leave the zlib header out.
        has_header = body[:1] == b"\x78" and int.from_bytes(body[:2], "big") % 31 == 0
        return _inflated(body, _GZIP_OR_ZLIB if has_header else _RAW_DEFLATE, coding)
    if coding == "zstd" and body.startswith(b"\x28\xb5\x2f\xfd"):
        return _unzstd(body)
    if coding == "br" and not body.lstrip().startswith(b"<"):
        return _unbrotli(body)
    return body


def _inflated(body: bytes, wbits: int, coding: str) -> bytes:
    decoder = zlib.decompressobj(wbits)
    try:
        page = decoder.decompress(body, MAX_CAPTURE_BYTES + 1)
    except zlib.error as error:
        if wbits == _RAW_DEFLATE and _is_markup(body):
            return body
        raise PayloadError("bad-http", f"has a body that is no {coding} data: {error}") from error
    return _within_limit(page, coding)


def _unzstd(body: bytes) -> bytes:
    context = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
    try:
        with context.stream_reader(body) as reader:
            page = reader.read(MAX_CAPTURE_BYTES + 1)
    except zstandard.ZstdError as error:
        raise PayloadError("bad-http", f"has a body that is no zstd data: {error}") from error
    return _within_limit(page, "zstd")


def _unbrotli(body: bytes) -> bytes:
    parts = []
    length = 0
    try:
        reader = BrotliReader(io.BytesIO(body))
        while length <= MAX_CAPTURE_BYTES and (part := reader.read(256 * 1024)):
            parts.append(part)
            length += len(part)
    except OSError as error:
        raise PayloadError("bad-http", f"has a body that is no brotli data: {error}") from error
    return _within_limit(b"".join(parts), "br")


def _within_limit(page: bytes, coding: str) -> bytes:
    if len(page) > MAX_CAPTURE_BYTES:
        raise PayloadError(
            "too-large",
            f"has a body that {coding} expands to more than {MAX_CAPTURE_BYTES:,} bytes",
        )
    return page


def _is_markup(body: bytes) -> bool:
    return body.lstrip().startswith(b"<")
