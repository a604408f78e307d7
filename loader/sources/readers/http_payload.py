"""Extract the page from an HTTP response: parse the header, undo chunks and content encodings.

A page may have MAX_CAPTURE_BYTES after decoding, whatever the response claims, and at most a few
times as many bytes are ever decoded.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from fastwarc.stream_io import BrotliReader

from loader.charsets import CONTROL_BYTE
from loader.model import ProblemKind
from loader.sources.source import MAX_CAPTURE_BYTES, UTF8_BOM
from loader.sources.transport.compressed import GZIP_MAGIC, ZSTD_MAGIC
from loader.zstd import ZstdError, foreign_decoder

# Some crawlers leave the line end of the previous response, or write the protocol in lower case.
_STATUS = re.compile(rb"\s{0,16}HTTPS?/\d(?:[.,]\d)?[ \t]+(\d{3})", re.IGNORECASE)
# Where a response must begin, the protocol may have any form: `HTTP 200 OK`, `ICY 200 OK`, `200`.
_ANY_STATUS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,16}(?:[a-z][a-z0-9]{0,7}(?:/\d{1,2}(?:[.,]\d{1,2})?)?)?[ \t:]{0,8}"
    rb"([1-5]\d\d)(?![\d.])",
    re.IGNORECASE,
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
# Ends at a blank, comma or semicolon: `text/html,charset=utf-8`, `text/html charset=utf-8`.
_TYPE = re.compile(r"[\s\"']*([^\s;,\"']+)")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
# Tried after all declared encodings: those known by their magic number, once more.
_BY_MAGIC = ("", "")
_RAW_DEFLATE = -zlib.MAX_WBITS
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS  # 32: detect the format from the header
# Input per call of a decoder, which zstd can expand to 32 MiB.
_FED_BYTES = 1024
_BROTLI_PART_BYTES = 64 * 1024
# Compressed data of this length always contains a control character.
_COMPRESSED_BYTES = 256


class PayloadError(ValueError):
    """A response without a readable page; `kind` is the kind of problem."""

    def __init__(self, kind: ProblemKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes of a page; `cut_off` says where a truncated body ended, else None."""

    data: bytes
    cut_off: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response: status, media type in lower case, claimed charset, and encoded body."""

    status: int
    media_type: str
    charset: str | None
    fields: Mapping[str, str]
    body: bytes

    def page(self) -> Page:
        """Return the decoded body. Raises PayloadError if it is damaged or too large.

        Many crawlers store a decoded body with the header fields of the encoded one, or lose those
        fields, so the bytes decide: an encoding that they contradict is ignored, and one that only
        they show is undone.
        """
        page = Page(self.body)
        if self._codings("transfer-encoding")[-1] == "chunked" or _is_chunked(self.body):
            page = _without_chunks(page.data)
        codings = self._codings("content-encoding") + self._codings("transfer-encoding")
        for coding in [*reversed(codings), *_BY_MAGIC]:
            decoded = _decoded(page.data, coding)
            page = Page(decoded.data, page.cut_off or decoded.cut_off)
        return page

    def _codings(self, field: str) -> list[str]:
        return [coding.strip() for coding in self.fields.get(field, "").lower().split(",")]


def parse_response(data: bytes) -> Response:
    """Parse an HTTP response. Raises PayloadError `bad-http` if it has no status line.

    Responses without a body before the final one are skipped (`100 Continue`, a proxy's
    `200 Connection established`, a redirect that was followed), and so are header lines without a
    colon, as in browsers.
    """
    start = 0
    while True:
        status = _STATUS.match(data, start) or _ANY_STATUS.match(data, start)
        end = _HEADER_END.search(data, status.end()) if status else None
        if status is None or end is None:
            raise PayloadError(
                "bad-http", "is no HTTP response: no status line or no end of header"
            )
        if not begins_response(data, end.end()):
            break
        start = end.end()
    fields: dict[str, str] = {}
    for line in data[status.end() : end.start()].decode("latin-1").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon and value.strip():
            fields.setdefault(name.strip().lower(), value.strip())
    media_type, charset = split_content_type(fields.get("content-type", ""))
    return Response(int(status[1]), media_type, charset, fields, data[end.end() :])


def begins_response(data: bytes, start: int = 0) -> bool:
    """Whether an HTTP response begins here: a status line, optionally after line ends."""
    return _STATUS.match(data, start) is not None


def split_content_type(value: str) -> tuple[str, str | None]:
    """Split a content type: `"Text/HTML; charset=UTF-8"` -> `("text/html", "UTF-8")`."""
    charset = _CHARSET.search(value)
    media_type = _TYPE.match(value.partition(";")[0])
    return media_type[1].lower() if media_type else "", charset[1] if charset else None


def _without_chunks(body: bytes) -> Page:
    """Return the data of the chunks, or the body itself if it does not begin with a chunk size.

    A body truncated within a chunk is returned as far as it goes, since crawlers truncate long
    bodies.
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
        # The line end after the data belongs to the chunk.
        position += 2 if body[position : position + 2] == b"\r\n" else 1
    if not parts and not size_line:
        return Page(body)
    is_cut = position > len(body) + 1
    return Page(b"".join(parts), "within a chunk" if is_cut else None)


def _is_chunked(body: bytes) -> bool:
    """Whether a body is framed in chunks throughout, up to its end or its last chunk."""
    size_line = _CHUNK_SIZE.match(body)
    if size_line is None or not int(size_line[1], 16):
        return False
    while size_line and (size := int(size_line[1], 16)):
        end = size_line.end() + size
        if end >= len(body):
            return end == len(body)
        line_end = _LINE_END.match(body, end)
        if line_end is None:
            return False
        size_line = _CHUNK_SIZE.match(body, line_end.end())
        if size_line is None:
            return line_end.end() == len(body)
    return True


def _decoded(body: bytes, coding: str) -> Page:
    """Undo one encoding; a magic number at the start of the bytes precedes the name `coding`."""
    if body.startswith(GZIP_MAGIC):
        return _collected(_parts(body, _gunzip, GZIP_MAGIC), "gzip")
    if body.startswith(ZSTD_MAGIC):
        return _collected(_parts(body, foreign_decoder, ZSTD_MAGIC), "zstd")
    # These two have no magic number: text can look like them, but they never look like text.
    if _may_be_deflated(body, coding) and not _is_text(body):
        return _inflated(body)
    if coding == "br" and not _is_text(body) and not _is_markup(body):
        return _collected(_brotli_parts(body), "brotli")
    return Page(body)


class _Decoder(Protocol):
    """The common interface of zlib and zstd decoders."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


_gunzip: Callable[[], _Decoder] = partial(zlib.decompressobj, _GZIP_OR_ZLIB)
_inflate: Callable[[], _Decoder] = partial(zlib.decompressobj, _RAW_DEFLATE)


def _may_be_deflated(body: bytes, coding: str) -> bool:
    return coding == "deflate" or (coding in ("gzip", "x-gzip") and _has_zlib_header(body))


def _has_zlib_header(body: bytes) -> bool:
    return body[:1] == b"\x78" and int.from_bytes(body[:2], "big") % 31 == 0


def _inflated(body: bytes) -> Page:
    # Half of the servers that claim deflate omit the zlib header.
    has_header = _has_zlib_header(body)
    try:
        return _collected(_parts(body, _gunzip if has_header else _inflate), "deflate")
    except PayloadError as error:
        # Tested last, since deflate data may begin with a `<`.
        if error.kind == "bad-http" and not has_header and _is_markup(body):
            return Page(body)
        raise


def _parts(
    body: bytes, make_decoder: Callable[[], _Decoder], magic: bytes | None = None
) -> Iterator[bytes]:
    """Yield the decoded members of a body in parts. Raises EOFError if the last is truncated.

    Each further member begins with `magic`; any other bytes after a member are padding.
    """
    position = 0
    while True:
        decoder = make_decoder()
        while not decoder.eof:
            fed = body[position : position + _FED_BYTES]
            if not fed:
                raise EOFError
            yield decoder.decompress(fed)
            position += len(fed) - len(decoder.unused_data)
        head = body[position : position + len(magic or b"")]
        # The beginning of a magic number is a truncated member.
        if not magic or not head or not magic.startswith(head):
            return


class _Watched(io.BytesIO):
    """A byte stream that records whether a read hit its end."""

    was_short = False

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.was_short = self.was_short or not data
        return data


def _brotli_parts(body: bytes) -> Iterator[bytes]:
    """Yield a decoded body in parts. Raises EOFError if truncated, OSError if not brotli data."""
    watched = _Watched(body)
    count = 0
    try:
        reader = BrotliReader(watched)
        while part := reader.read(_BROTLI_PART_BYTES):
            count += 1
            yield part
    except OSError as error:
        # The reader raises the same error for both, but only for a truncated body asks for more.
        if not watched.was_short:
            raise
        yield from _brotli_bytes(body, count)
        raise EOFError from error


def _brotli_bytes(body: bytes, skipped: int) -> Iterator[bytes]:
    """Yield the last bytes before a truncation one by one, since a longer read would lose them."""
    try:
        reader = BrotliReader(io.BytesIO(body))
        for _ in range(skipped):
            reader.read(_BROTLI_PART_BYTES)
        while byte := reader.read(1):
            yield byte
    except OSError:
        return


def _collected(parts: Iterator[bytes], coding: str) -> Page:
    """Return the parts as a page, up to an EOFError."""
    page = bytearray()
    cut_off = None
    try:
        for part in parts:
            page += part
            if len(page) > MAX_CAPTURE_BYTES:
                raise PayloadError(
                    "too-large",
                    f"has a body that {coding} expands to more than {MAX_CAPTURE_BYTES:,} bytes",
                )
    except EOFError as error:
        cut_off = f"within its {coding} data"
        if not page.strip():
            raise PayloadError(
                "bad-http", f"has a body that ends {cut_off}, before any text"
            ) from error
    except (zlib.error, ZstdError, OSError) as error:
        raise PayloadError("bad-http", f"has a body that is no {coding} data: {error}") from error
    return Page(bytes(page), cut_off)


def _is_text(body: bytes) -> bool:
    """Whether bytes are plain text; short ones only if they are UTF-8."""
    if CONTROL_BYTE.search(body):
        return False
    if len(body) >= _COMPRESSED_BYTES:
        return True
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_markup(body: bytes) -> bool:
    return body.removeprefix(UTF8_BOM).lstrip().startswith(b"<")
