"""Decompress gzip and zstd as a stream of chunks, in bounded memory.

Decoders map an iterator of chunks to another. Where data is truncated or damaged they raise
SourceError, after all chunks before that point.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Literal, NamedTuple

from loader.errors import SourceError
from loader.zstd import ZstdDecompressor, ZstdError, foreign_decoder

Compression = Literal["gzip", "zstd"]

CHUNK_BYTES = 256 * 1024
BOMB_RATIO = 1000
BOMB_GRACE_BYTES = 64 * 1024 * 1024

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_SUFFIXES: dict[str, Compression] = {".gz": "gzip", ".zst": "zstd"}
# For zlib, 16 + the largest window means "with a gzip header and checksum".
GZIP_WBITS = 16 + zlib.MAX_WBITS
# The decoder limits only input, not output. As 4 bytes of zstd can encode a block of 128 KiB, 256
# bytes expand to 8 MiB at most. (128 bytes would cost a quarter of the speed.)
_ZSTD_PIECE_BYTES = 256
_AGAIN = "download or copy it again"


class _Step(NamedTuple):
    """The result of one call of a decoder; `rest` is unused input."""

    output: bytes
    rest: bytes
    ended: bool


def compression_suffix(name: str) -> Compression | None:
    """Return the compression claimed by the last suffix of a file name, else None."""
    lowered = name.lower()
    return next((kind for suffix, kind in _SUFFIXES.items() if lowered.endswith(suffix)), None)


def strip_compression_suffix(name: str) -> str:
    """Return `name` without `.gz` or `.zst`."""
    lowered = name.lower()
    return next((name[: -len(suffix)] for suffix in _SUFFIXES if lowered.endswith(suffix)), name)


def compression_of(head: bytes, name: str, subject: str) -> Compression | None:
    """Return the compression of a file that begins with `head`.

    The bytes decide, since a page saved with `Content-Encoding: gzip` is often named `.html`.
    Raises SourceError if the suffix claims a compression that the bytes do not have.
    """
    found = compression_by_bytes(head)
    promised = compression_suffix(name)
    if promised in (None, found):
        return found
    if not head:
        raise SourceError(subject, f"an empty file, not {promised} data", _AGAIN)
    raise SourceError(
        subject, f"not {promised} data in spite of its name", "rename it if it is not compressed"
    )


def compression_by_bytes(head: bytes) -> Compression | None:
    """Return the compression of data that begins with `head`."""
    if head.startswith(GZIP_MAGIC):
        return "gzip"
    if head.startswith(ZSTD_MAGIC) or _is_skippable_frame(head):
        return "zstd"
    return None


def _is_skippable_frame(head: bytes) -> bool:
    """Whether zstd data begins with a skippable frame, as written by pzstd."""
    return len(head) >= 4 and 0x50 <= head[0] <= 0x5F and head[1:4] == b"\x2a\x4d\x18"


def decoded(
    chunks: Iterator[bytes], compression: Compression | None, subject: str
) -> Iterator[bytes]:
    """Return the decompressed data of `chunks`, joining gzip members or zstd frames.

    Iterating raises SourceError if the data is truncated, damaged, or a decompression bomb.
    """
    if compression is None:
        return chunks
    meter = _Meter()
    metered = meter.count_input(chunks)
    pieces = _gunzipped(metered, subject) if compression == "gzip" else _unzstd(metered, subject)
    return meter.guard_output(pieces, subject)


class _Meter:
    """The bytes that a decoder has read and written, to detect decompression bombs."""

    def __init__(self) -> None:
        self.read = 0
        self.written = 0

    def count_input(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.read += len(chunk)
            yield chunk

    def guard_output(self, chunks: Iterator[bytes], subject: str) -> Iterator[bytes]:
        for chunk in chunks:
            if not chunk:
                continue  # to readers, an empty chunk is the end
            self.written += len(chunk)
            if self.written > max(BOMB_GRACE_BYTES, BOMB_RATIO * self.read):
                raise SourceError(
                    subject,
                    f"expands to more than {BOMB_RATIO} times its size after the first "
                    f"{BOMB_GRACE_BYTES // 1024**2} MiB, as a decompression bomb does",
                    "decompress it yourself if you trust it, and load the result",
                )
            yield chunk


def _gunzipped(chunks: Iterator[bytes], subject: str) -> Iterator[bytes]:
    decoder = zlib.decompressobj(GZIP_WBITS)
    begun = False
    after_first = False
    for chunk in chunks:
        rest = chunk
        while rest:
            if after_first and not begun:
                # Tapes and some tools pad the last block with zeros.
                rest = rest.lstrip(b"\0")
                if not rest:
                    break
            begun = True
            step = _gunzip_step(decoder, rest, subject)
            rest = step.rest
            yield step.output
            if step.ended:
                decoder = zlib.decompressobj(GZIP_WBITS)
                begun, after_first = False, True
    if begun:
        # zlib may hold back output of input that it has consumed.
        yield decoder.flush()
        if not decoder.eof:
            raise _cut_off(subject, "gzip")


def _gunzip_step(decoder: zlib._Decompress, data: bytes, subject: str) -> _Step:
    try:
        output = decoder.decompress(data, CHUNK_BYTES)
    except zlib.error as error:
        raise _damaged(subject, "gzip", error) from error
    return _Step(output, decoder.unused_data or decoder.unconsumed_tail, decoder.eof)


def _unzstd(chunks: Iterator[bytes], subject: str) -> Iterator[bytes]:
    decoder = foreign_decoder()
    begun = False
    for chunk in chunks:
        for start in range(0, len(chunk), _ZSTD_PIECE_BYTES):
            rest = chunk[start : start + _ZSTD_PIECE_BYTES]
            while rest:
                begun = True
                step = _unzstd_step(decoder, rest, subject)
                rest = step.rest
                yield step.output
                if step.ended:
                    decoder = foreign_decoder()
                    begun = False
    if begun:
        raise _cut_off(subject, "zstd")


def _unzstd_step(decoder: ZstdDecompressor, data: bytes, subject: str) -> _Step:
    try:
        output = decoder.decompress(data)
    except ZstdError as error:
        raise _damaged(subject, "zstd", error) from error
    return _Step(output, decoder.unused_data, decoder.eof)


def _cut_off(subject: str, compression: Compression) -> SourceError:
    return SourceError(subject, f"ends in the middle of the {compression} data", _AGAIN)


def _damaged(subject: str, compression: Compression, error: Exception) -> SourceError:
    reason = str(error).rsplit(": ", 1)[-1]
    return SourceError(subject, f"holds damaged {compression} data: {reason}", _AGAIN)
