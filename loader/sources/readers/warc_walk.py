"""Going through a WARC or WET file past whatever is damaged in it.

FastWARC reads as fast as the file can be decompressed, but ends in silence at a cut-off
record and gives up at a damaged one. Here the end is compared with the file's, and after a
fault the walk goes on at the next place where a record begins.
"""

from __future__ import annotations

import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

from fastwarc.warc import ArchiveIterator, WarcHeader, WarcRecord, WarcRecordType

from loader.sources.source import MAX_CAPTURE_BYTES, Progress
from loader.sources.transport.compressed import (
    BOMB_GRACE_BYTES,
    BOMB_RATIO,
    ZSTD_MAGIC,
)
from loader.zstd import ZstdDecompressor, ZstdError, foreign_decoder

Format = Literal["gzip", "zstd", "plain"]

READ_TYPES = int(
    WarcRecordType.response
    | WarcRecordType.resource
    | WarcRecordType.conversion
    | WarcRecordType.revisit
)
# A page in its HTTP response; chunk sizes and header fields come on top of the page.
MAX_PAYLOAD_BYTES = MAX_CAPTURE_BYTES + 1024 * 1024

_MAGICS: dict[Format, bytes] = {
    "gzip": b"\x1f\x8b\x08",
    "zstd": ZSTD_MAGIC,
    "plain": b"WARC/1.",
}
_ZSTD_DICTIONARY: Final = b"\x5d\x2a\x4d\x18"  # the skippable frame that opens a .warc.zst
_RECORD_START = b"WARC/"
_RECORD_END = b"\r\n\r\n"
_RECORD_ENDS = (_RECORD_END, b"\n\n")
# Zeros or line ends, as tapes and some writers leave them behind records.
_FILLER = b"\0\r\n"
_PADDING_BYTES = 8
_CUT_OFF = "ends in the middle of a record"
_TOO_LONG = "holds a record that does not end where its header says"
_BLOCK_BYTES = 1024 * 1024
_TELLING_BYTES = 4096  # compressed bytes that surely show how a record begins
_MAX_HEADER_BYTES = 64 * 1024
_TOLD_EVERY = 64  # records between two reports of progress


@dataclass(frozen=True, slots=True)
class Found:
    """A wanted record at the byte `offset` of the file; `payload` is None when it is too long."""

    offset: int
    record: WarcRecord
    payload: bytes | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes from `start` to `end` that give no record, and why (a phrase).

    A record given out before that begins at or after `start` was read from damaged data.
    """

    start: int
    end: int
    reason: str
    is_tail: bool


@dataclass(frozen=True, slots=True)
class _Extent:
    """Where a record ends, whether all that its header promises is there, and whether more is."""

    end: int
    is_whole: bool
    has_more: bool = False


def format_of(head: bytes) -> Format | None:
    """How a file that begins so is compressed; None when it cannot be a WARC file."""
    if head.startswith(_ZSTD_DICTIONARY):
        return "zstd"
    return next((name for name, magic in _MAGICS.items() if head.startswith(magic[:4])), None)


class WarcWalk:
    """One walk through a file: `events` gives wanted records and gaps in their order."""

    def __init__(
        self,
        file: BinaryIO,
        form: Format,
        wants: Callable[[WarcRecord], bool],
        progress: Progress | None = None,
        path: str | None = None,
    ) -> None:
        """`path` lets FastWARC read the file by itself, which is faster.

        It trusts the name: a path only for a file whose suffix tells its compression.
        """
        self._file = file
        self._form = form
        self._wants = wants
        self._progress = progress
        self._path = path
        self._size = file.seek(0, os.SEEK_END)
        self._told = 0
        self._last: int | None = None
        self._refuses = False  # whether the last record is one that was not read on purpose
        self.records = 0
        # Records that are wanted by their address and hold no capture, such as requests.
        self.unread: Counter[str] = Counter()

    def events(self) -> Iterator[Found | Gap]:
        """Wanted records, and gaps between them; nothing is raised but by the file itself."""
        start = 0
        gap: tuple[int, str] | None = None
        while True:
            self._last, self._refuses = None, False
            reason = None
            try:
                for event in self._sound(start):
                    if gap and self._last is not None:
                        yield Gap(gap[0], start, gap[1], is_tail=False)
                        gap = None
                    if event:
                        yield event
            except (OSError, ValueError, EOFError) as error:
                reason = _reason(error)
            if gap and self._last is not None:
                yield Gap(gap[0], start, gap[1], is_tail=False)
                gap = None
            lost, search = self._unread(start, is_faulty=reason is not None)
            if lost is None:
                break
            begun = self._next_start(search)
            if begun is None:
                yield Gap(gap[0] if gap else lost, self._size, _CUT_OFF, is_tail=True)
                break
            if not self._is_padding(lost, begun):
                gap = gap or (lost, reason or _TOO_LONG)
            start = begun
        self._tell(self._size)

    def _sound(self, start: int) -> Iterator[Found | None]:
        """Wanted records from `start` on; None after the first of any kind."""
        # Header lines that end in LF alone are no WARC by the book, but some tools write them.
        # What FastWARC passes over in silence then, `_unread` finds.
        is_lenient = _line_end(self._head_at(start)) == b"\n"
        for record in ArchiveIterator(
            self._stream(start), parse_http=False, fsspec_args=False, quirks_mode=is_lenient
        ):
            if record.record_type == WarcRecordType.no_type and _is_run_together(record):
                raise ValueError("header lines that end in LF alone after others that do not")
            is_first = self._last is None
            self._last = offset = record.stream_pos
            self.records += 1
            if not self.records % _TOLD_EVERY:
                self._tell(offset)
            length = record.content_length
            if length > BOMB_GRACE_BYTES and length > BOMB_RATIO * (self._size - offset):
                self._refuses = True
                raise ValueError(f"a record claims {length:,} bytes")
            if record.record_type & READ_TYPES and self._wants(record):
                if length > MAX_PAYLOAD_BYTES:
                    yield Found(offset, record, None)
                else:
                    yield Found(offset, record, record.reader.read())
            else:
                if not record.record_type & READ_TYPES and self._wants(record):
                    kind = record.headers.get("WARC-Type") or "nameless"
                    self.unread[f"{kind} record"] += 1
                if is_first:
                    yield None

    def _stream(self, start: int) -> BinaryIO | str | _Kept:
        if start == 0 and self._path is not None:
            return self._path
        self._file.seek(start)
        # FastWARC closes what it reads; the file is needed for what comes after.
        return _Kept(self._file)

    def _unread(self, start: int, *, is_faulty: bool) -> tuple[int | None, int]:
        """Where unread bytes begin, None when there are none, and where to look for a record.

        After a fault the last record must end where its header says, else it is the fault.
        """
        if self._last is None:
            if start >= self._size:
                return None, start
            return start, start + 1
        extent = self._extent(self._last, start)
        if self._refuses:
            return self._last, max(extent.end, self._last + 1)
        if not extent.is_whole or (is_faulty and extent.has_more):
            return self._last, self._last + 1
        if self._holds_only(extent.end, self._size):
            return None, extent.end
        return extent.end, extent.end

    def _extent(self, offset: int, start: int) -> _Extent:
        if self._form == "plain":
            return self._plain_extent(offset)
        self._file.seek(offset)
        if not self._file.read(4).startswith(_MAGICS[self._form]):
            # Many records in one member: no position within it can be decoded by itself.
            return self._member_extent(start)
        return self._member_extent(offset)

    def _plain_extent(self, offset: int) -> _Extent:
        self._file.seek(offset)
        wanted = _record_length(self._file.read(_MAX_HEADER_BYTES))
        if wanted is None or wanted > self._size - offset:
            return _Extent(offset, is_whole=False)
        end = offset + wanted
        self._file.seek(end)
        following = self._file.read(len(_RECORD_END))
        has_more = bool(following) and not following.startswith(_RECORD_ENDS)
        return _Extent(end, is_whole=True, has_more=has_more)

    def _member_extent(self, offset: int) -> _Extent:
        """Of a record in a gzip member or zstd frame of its own, or in one with others."""
        decoder = _decoder(self._form)
        self._file.seek(offset)
        head = b""
        length = 0
        taken = offset
        wanted: int | None = None
        has_more = False
        while block := self._file.read(64 * 1024):
            try:
                plain = decoder.decompress(block)
            except (zlib.error, ZstdError):
                return _Extent(offset, is_whole=False)
            if len(head) < _MAX_HEADER_BYTES:
                head += plain[:_MAX_HEADER_BYTES]
                wanted = _record_length(head) if wanted is None else wanted
            if wanted is not None and not has_more:
                has_more = bool(plain[max(0, wanted - length) :].strip(_FILLER))
            length += len(plain)
            taken += len(block)
            if decoder.eof:
                return _Extent(
                    taken - len(decoder.unused_data),
                    is_whole=wanted is not None and length >= wanted,
                    has_more=has_more,
                )
        return _Extent(offset, is_whole=False)

    def _is_padding(self, start: int, end: int) -> bool:
        """Whether what stands between two records is no loss: line ends, or a zero or two."""
        return self._holds_only(start, end, _FILLER if end - start <= _PADDING_BYTES else b"\r\n")

    def _holds_only(self, start: int, end: int, filler: bytes = _FILLER) -> bool:
        """Whether there is nothing but filler from `start` to before `end`."""
        self._file.seek(start)
        while block := self._file.read(min(_BLOCK_BYTES, end - self._file.tell())):
            if block.strip(filler):
                return False
        return True

    def _next_start(self, position: int) -> int | None:
        """The next byte from `position` on at which a record begins."""
        magic = _MAGICS[self._form]
        while True:
            self._file.seek(position)
            block = self._file.read(_BLOCK_BYTES)
            if len(block) < len(magic):
                return None
            at = block.find(magic)
            while at >= 0:
                if self._begins_record(position + at):
                    return position + at
                at = block.find(magic, at + 1)
            position += len(block) - len(magic) + 1

    def _begins_record(self, position: int) -> bool:
        head = self._head_at(position)
        if self._form == "plain":
            return b"\nWARC-Type:" in head
        return head.startswith(_RECORD_START)

    def _head_at(self, position: int) -> bytes:
        """What stands from a position on, decoded; nothing where it cannot be."""
        self._file.seek(position)
        data = self._file.read(_TELLING_BYTES)
        if self._form == "plain":
            return data
        try:
            return _decoder(self._form).decompress(data)
        except (zlib.error, ZstdError):
            return b""

    def _tell(self, position: int) -> None:
        if self._progress and position > self._told:
            self._progress(position - self._told)
            self._told = position


class _Kept:
    """A file that its reader cannot close."""

    def __init__(self, file: BinaryIO) -> None:
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell

    def close(self) -> None:
        """Leave it to its owner."""


def _decoder(form: Format) -> zlib._Decompress | ZstdDecompressor:
    if form == "gzip":
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    return foreign_decoder()


def _record_length(head: bytes) -> int | None:
    """Bytes of header and body that a record's header promises; None when it is no header."""
    line_end = _line_end(head)
    end = head.find(2 * line_end)
    if end < 0:
        return None
    for line in head[:end].split(line_end)[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return end + 2 * len(line_end) + int(value)
    return None


def _is_run_together(record: WarcRecord) -> bool:
    """Whether lines that end in LF alone were taken for one field."""
    return any("\n" in value for _, value in record.headers)


def _line_end(head: bytes) -> bytes:
    """How the first line of a header ends, as the others should."""
    first, found, _ = head.partition(b"\n")
    return b"\n" if found and not first.endswith(b"\r") else b"\r\n"


def _reason(error: Exception) -> str:
    return f"is damaged: {str(error).strip() or type(error).__name__}"


def header_text(record: WarcRecord, name: WarcHeader | str) -> str | None:
    """A header field as text, white space and angle brackets around it cut off."""
    value = record.headers.get_bytes(name if isinstance(name, WarcHeader) else name.encode())
    if value is None:
        return None
    return value.decode("utf-8", "replace").strip().strip("<>") or None
