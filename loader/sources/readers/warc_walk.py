"""Walk through a WARC or WET file, with recovery from damaged records.

FastWARC reads as fast as the file can be decompressed, but stops silently at a truncated record
and fails at a damaged one. This walk compares the end of the last record with the end of the file,
and after a fault resumes at the next position at which a record begins.
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
    GZIP_WBITS,
    ZSTD_MAGIC,
)
from loader.zstd import ZstdDecompressor, ZstdDict, ZstdError, foreign_decoder

Format = Literal["gzip", "zstd", "plain"]

READ_TYPES = int(
    WarcRecordType.response
    | WarcRecordType.resource
    | WarcRecordType.conversion
    | WarcRecordType.revisit
)
# A page in its HTTP response, with room for chunk sizes and header fields.
MAX_PAYLOAD_BYTES = MAX_CAPTURE_BYTES + 1024 * 1024

_MAGICS: dict[Format, bytes] = {
    "gzip": b"\x1f\x8b\x08",
    "zstd": ZSTD_MAGIC,
    "plain": b"WARC/1.",
}
_ZSTD_DICTIONARY: Final = b"\x5d\x2a\x4d\x18"  # the skippable frame that opens a .warc.zst
_MAX_DICTIONARY_BYTES: Final = 16 * 1024 * 1024
_RECORD_START = b"WARC/"
_RECORD_END = b"\r\n\r\n"
_RECORD_ENDS = (_RECORD_END, b"\n\n")
# Zeros and line ends, which tapes and some writers leave after records.
_FILLER = b"\0\r\n"
_PADDING_BYTES = 8
_CUT_OFF = "ends in the middle of a record"
_TOO_LONG = "holds a record that does not end where its header says"
_BLOCK_BYTES = 1024 * 1024
_HEAD_BYTES = 4096  # compressed bytes that suffice to decode the beginning of a record
_MAX_HEADER_BYTES = 64 * 1024
_RECORDS_PER_REPORT = 64  # of progress


@dataclass(frozen=True, slots=True)
class WantedRecord:
    """A wanted record at byte `offset` of the file; `payload` is None if it is too long."""

    offset: int
    record: WarcRecord
    payload: bytes | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes from `start` to `end` that are not a record, and the reason (a phrase).

    A record yielded earlier that begins at or after `start` was read from damaged data.
    """

    start: int
    end: int
    reason: str
    is_tail: bool


@dataclass(frozen=True, slots=True)
class _Extent:
    """The end of a record, whether it is complete, and whether its member contains more."""

    end: int
    is_whole: bool
    has_more: bool = False


def format_of(head: bytes) -> Format | None:
    """Return the compression of a WARC file by its first bytes; None if it cannot be one."""
    if head.startswith(_ZSTD_DICTIONARY):
        return "zstd"
    return next((name for name, magic in _MAGICS.items() if head.startswith(magic[:4])), None)


class WarcWalk:
    """One walk through a file: `events` yields wanted records and gaps in order."""

    def __init__(
        self,
        file: BinaryIO,
        form: Format,
        wants: Callable[[WarcRecord], bool],
        progress: Progress | None = None,
        path: str | None = None,
    ) -> None:
        """Prepare a walk; with `path`, FastWARC opens the file by itself, which is faster.

        FastWARC trusts the suffix, so `path` is only for a file with the right one.
        """
        self._file = file
        self._form = form
        self._wants = wants
        self._progress = progress
        self._path = path
        self._dictionary = _read_dictionary(file) if form == "zstd" else None
        self._size = file.seek(0, os.SEEK_END)
        self._reported = 0
        self._last: int | None = None
        self._is_refused = False  # the last record, for its size
        self.records = 0
        # Records of wanted hosts without a capture, such as requests, by reason.
        self.unread: Counter[str] = Counter()

    def events(self) -> Iterator[WantedRecord | Gap]:
        """Yield wanted records and the gaps between them; only the file itself can raise."""
        start = 0
        gap: tuple[int, str] | None = None
        while True:
            self._last, self._is_refused = None, False
            reason = None
            try:
                for event in self._intact(start):
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
        self._report(self._size)

    def _intact(self, start: int) -> Iterator[WantedRecord | None]:
        """Yield wanted records from `start` on, and None if the first record is not wanted."""
        # Header lines that end in a bare LF violate the standard, but some tools write them.
        # `_unread` finds anything that FastWARC then skips silently.
        is_lenient = _line_end(self._head_at(start)) == b"\n"
        for record in ArchiveIterator(
            self._stream(start), parse_http=False, fsspec_args=False, quirks_mode=is_lenient
        ):
            if record.record_type == WarcRecordType.no_type and _is_run_together(record):
                raise ValueError("header lines that end in LF alone after others that do not")
            is_first = self._last is None
            self._last = offset = record.stream_pos
            self.records += 1
            if not self.records % _RECORDS_PER_REPORT:
                self._report(offset)
            length = record.content_length
            if length > BOMB_GRACE_BYTES and length > BOMB_RATIO * (self._size - offset):
                self._is_refused = True
                raise ValueError(f"a record claims {length:,} bytes")
            if record.record_type & READ_TYPES and self._wants(record):
                if length > MAX_PAYLOAD_BYTES:
                    yield WantedRecord(offset, record, None)
                else:
                    yield WantedRecord(offset, record, record.reader.read())
            else:
                if not record.record_type & READ_TYPES and self._wants(record):
                    kind = record.headers.get("WARC-Type") or "nameless"
                    self.unread[f"{kind} record"] += 1
                if is_first:
                    yield None

    def _stream(self, start: int) -> BinaryIO | str | _Unclosed:
        if start == 0 and self._path is not None:
            return self._path
        self._file.seek(start)
        # FastWARC closes its stream, but the file is still needed afterwards.
        return _Unclosed(self._file)

    def _unread(self, start: int, *, is_faulty: bool) -> tuple[int | None, int]:
        """Return the start of unread bytes (None if there are none), and where to search on.

        After a fault, the last record is the faulty one unless it ends where its header says.
        """
        if self._last is None:
            if start >= self._size:
                return None, start
            return start, start + 1
        extent = self._extent(self._last, start)
        if self._is_refused:
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
            # With many records in one member, decoding must start at the member.
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
        """Return the extent of a record in a gzip member or zstd frame, its own or a shared one."""
        decoder = self._decoder()
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
        """Whether the bytes between two records are just padding: line ends or a few zeros."""
        return self._holds_only(start, end, _FILLER if end - start <= _PADDING_BYTES else b"\r\n")

    def _holds_only(self, start: int, end: int, filler: bytes = _FILLER) -> bool:
        """Whether the bytes from `start` to `end` are only filler."""
        self._file.seek(start)
        while block := self._file.read(min(_BLOCK_BYTES, end - self._file.tell())):
            if block.strip(filler):
                return False
        return True

    def _next_start(self, position: int) -> int | None:
        """Return the next position from `position` on at which a record begins, else None."""
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
        """Return decoded bytes from a position on; empty if they cannot be decoded."""
        self._file.seek(position)
        data = self._file.read(_HEAD_BYTES)
        if self._form == "plain":
            return data
        try:
            return self._decoder().decompress(data)
        except (zlib.error, ZstdError):
            return b""

    def _decoder(self) -> zlib._Decompress | ZstdDecompressor:
        if self._form == "gzip":
            return zlib.decompressobj(GZIP_WBITS)
        return foreign_decoder(self._dictionary)

    def _report(self, position: int) -> None:
        if self._progress and position > self._reported:
            self._progress(position - self._reported)
            self._reported = position


class _Unclosed:
    """A wrapper that leaves the file open when closed."""

    def __init__(self, file: BinaryIO) -> None:
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell

    def close(self) -> None:
        """Do nothing; the owner closes the file."""


def _read_dictionary(file: BinaryIO) -> ZstdDict | None:
    """Return the dictionary in the first frame of a file, which may itself be compressed."""
    file.seek(0)
    head = file.read(8)
    size = int.from_bytes(head[4:], "little")
    if not head.startswith(_ZSTD_DICTIONARY) or size > _MAX_DICTIONARY_BYTES:
        return None
    data = file.read(size)
    try:
        if data.startswith(ZSTD_MAGIC):
            data = foreign_decoder().decompress(data, _MAX_DICTIONARY_BYTES)
        return ZstdDict(data)
    except (ValueError, ZstdError):
        return None


def _record_length(head: bytes) -> int | None:
    """Return the length of header and body according to a record's header; None if invalid."""
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
    """Whether several lines that end in a bare LF were read as one field."""
    return any("\n" in value for _, value in record.headers)


def _line_end(head: bytes) -> bytes:
    """Return the line ending of a header, by its first line."""
    first, found, _ = head.partition(b"\n")
    return b"\n" if found and not first.endswith(b"\r") else b"\r\n"


def _reason(error: Exception) -> str:
    return f"is damaged: {str(error).strip() or type(error).__name__}"


def header_text(record: WarcRecord, name: WarcHeader | str) -> str | None:
    """Return a header field as text, without surrounding white space and angle brackets."""
    value = record.headers.get_bytes(name if isinstance(name, WarcHeader) else name.encode())
    if value is None:
        return None
    return value.decode("utf-8", "replace").strip().strip("<>") or None
