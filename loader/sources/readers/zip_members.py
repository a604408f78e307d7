"""List the members of a ZIP archive by its central directory or, if that is lost, one by one."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from loader.errors import SourceError
from loader.sources.transport.compressed import BOMB_GRACE_BYTES, BOMB_RATIO
from loader.sources.transport.positioned import PositionedFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_LOCAL_MAGIC = b"PK\x03\x04"
_LOCAL = struct.Struct("<4s5H3I2H")
_ENCRYPTED, _HAS_DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_BLOCK_BYTES = 64 * 1024
_MAX_MEMBERS = 1_000_000
# Exceptions of zlib and zipfile for damaged data and unsupported features.
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Member:
    """A ZIP member, with sizes in bytes; `overlaps` is true if it shares bytes with another."""

    name: str
    size: int
    packed_size: int
    is_encrypted: bool
    is_stored: bool
    overlaps: bool
    open: Callable[[], BinaryIO]

    def opened(self) -> BinaryIO:
        """Open the member as a file. Raises SourceError if it cannot be opened."""
        try:
            return self.open()
        except (*_FAULTS, OSError) as error:
            raise SourceError(self.name, f"cannot be opened: {error}") from error


@dataclass(slots=True)
class Members:
    """All members in the order of their offsets.

    `fault` describes the damage of the archive; `count` is the number of members iterated so far.
    """

    names: frozenset[str]
    source: Iterator[Member]
    fault: str | None = None
    count: int = 0

    def __iter__(self) -> Iterator[Member]:
        for member in self.source:
            self.count += 1
            yield member


def open_members(file: BinaryIO, subject: str) -> Members:
    """Return the members of a seekable archive. Raises SourceError if it is not a ZIP archive."""
    if not file.seekable():
        raise SourceError(subject, "is a stream, and ZIP is read from files", "save it first")
    magic = file.read(4)
    try:
        archive = zipfile.ZipFile(file)
    except (*_FAULTS, OSError) as error:
        if magic != _LOCAL_MAGIC:
            fault = "is empty" if not magic else f"is no ZIP archive: {error}"
            raise SourceError(subject, fault, "look at it and rename it") from error
        members = Members(frozenset(), iter(()))
        members.fault = "has no table of contents: its end is missing or damaged"
        members.source = _salvaged(file)
        return members
    infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
    if len(infos) > _MAX_MEMBERS:
        fault = f"has {len(infos):,} members; at most {_MAX_MEMBERS:,} are read"
        raise SourceError(subject, fault, "unpack it")
    names = frozenset(info.filename for info in infos)
    return Members(names, _listed(file, archive, infos))


def _listed(
    file: BinaryIO, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]
) -> Iterator[Member]:
    end = 0
    for info in infos:
        # Members of a real archive never share bytes; those of some ZIP bombs do.
        overlaps = info.header_offset < end
        end = max(end, info.header_offset + _LOCAL.size + info.compress_size)
        is_stored = (
            info.compress_type == zipfile.ZIP_STORED and info.file_size == info.compress_size
        )
        opener = _opener(file, archive, info, is_stored=is_stored)
        yield Member(
            info.orig_filename or info.filename, info.file_size, info.compress_size,
            bool(info.flag_bits & _ENCRYPTED), is_stored, overlaps, opener,
        )  # fmt: skip


def _opener(
    file: BinaryIO, archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, is_stored: bool
) -> Callable[[], BinaryIO]:
    def opener() -> BinaryIO:
        if is_stored and not info.flag_bits & _ENCRYPTED:
            # zipfile seeks backwards by reading the member from its start.
            start = _data_start(file, info.header_offset)
            return cast(BinaryIO, io.BufferedReader(_Slice(file, start, info.file_size)))
        unpacked = cast(BinaryIO, archive.open(info))
        return cast(BinaryIO, io.BufferedReader(_Unpacked(unpacked, info.file_size)))

    return opener


def _data_start(file: BinaryIO, offset: int) -> int:
    """Return the offset of a member's data, according to its local header."""
    file.seek(offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(_LOCAL_MAGIC):
        raise zipfile.BadZipFile("no header where the table of contents has one")
    *_, name_length, extra_length = _LOCAL.unpack(head)
    return offset + _LOCAL.size + int(name_length) + int(extra_length)


class _Slice(PositionedFile):
    """A range of a file's bytes as a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__(size)
        self._file = file
        self._start = start

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        wanted = min(len(target), self._left)
        if not wanted:
            return 0
        self._file.seek(self._start + self._position)
        data = self._file.read(wanted)
        if not data:
            raise SourceError("", "ends in the middle of this member")
        target[: len(data)] = data
        self._position += len(data)
        return len(data)


class _Unpacked(PositionedFile):
    """A decompressed member; zipfile's many errors become a SourceError, kept in `fault`.

    Seeking backwards reads again from the start of the member.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        super().__init__(size)
        self.fault: SourceError | None = None
        self._file = cast(zipfile.ZipExtFile, file)

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        if not self._left:
            return 0
        try:
            if self._file.tell() != self._position:
                self._file.seek(self._position)
            data = self._file.read1(len(target))
        except (*_FAULTS, OSError) as error:
            reason = f"is damaged: {error or type(error).__name__}"
            self.fault = SourceError("", reason, "download or copy it again")
            raise self.fault from error
        target[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _salvaged(file: BinaryIO) -> Iterator[Member]:
    """Yield members from the start of the file by their local headers, up to a truncated one."""
    size = file.seek(0, os.SEEK_END)
    offset = 0
    while True:
        file.seek(offset)
        head = file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(_LOCAL_MAGIC):
            return
        _, _, flags, method, _, _, _, packed, plain, name_length, extra_length = _LOCAL.unpack(head)
        name = file.read(name_length).decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        start = offset + _LOCAL.size + name_length + extra_length
        is_stored = method == zipfile.ZIP_STORED
        if flags & _HAS_DESCRIPTOR or packed == 0xFFFFFFFF:
            if is_stored or flags & _ENCRYPTED or method != zipfile.ZIP_DEFLATED:
                return  # the member's end is unknown
            packed, plain = _measured(file, start)
        is_cut = start + packed > size
        if is_cut:
            packed = size - start
        yield Member(
            name, plain, packed, bool(flags & _ENCRYPTED), is_stored and not is_cut, False,
            _salvaged_open(file, start, packed, plain, method, is_cut=is_cut),
        )  # fmt: skip
        if is_cut:
            return
        offset = _after(file, start + packed, has_descriptor=bool(flags & _HAS_DESCRIPTOR))


def _salvaged_open(
    file: BinaryIO, start: int, packed: int, plain: int, method: int, *, is_cut: bool
) -> Callable[[], BinaryIO]:
    def opener() -> BinaryIO:
        size = packed + 1 if is_cut else packed  # reads past the end, to raise an error there
        raw = _Slice(file, start, size)
        if method == zipfile.ZIP_STORED:
            return cast(BinaryIO, io.BufferedReader(raw))
        if method == zipfile.ZIP_DEFLATED:
            return cast(BinaryIO, io.BufferedReader(_Inflated(raw)))
        raise NotImplementedError(f"compression method {method}")

    return opener


class _Inflated(io.RawIOBase):
    """Raw deflate data, decompressed sequentially."""

    def __init__(self, raw: _Slice) -> None:
        self._raw = raw
        self._decoder = zlib.decompressobj(-zlib.MAX_WBITS)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        while not self._decoder.eof:
            packed = self._rest or self._raw.read(_BLOCK_BYTES) or b""
            plain = self._decoder.decompress(packed, len(target))
            self._rest = self._decoder.unconsumed_tail
            if plain:
                target[: len(plain)] = plain
                return len(plain)
            if not packed:
                raise SourceError("", "ends in the middle of this member")
        return 0


def _measured(file: BinaryIO, start: int) -> tuple[int, int]:
    """Return packed and plain size of deflate data whose header does not state them.

    If the data is truncated, the packed size extends beyond the end of the file.
    """
    decoder = zlib.decompressobj(-zlib.MAX_WBITS)
    file.seek(start)
    packed = plain = 0
    rest = b""
    while not decoder.eof:
        block = rest or file.read(_BLOCK_BYTES)
        if not block:
            return packed + 1, plain
        try:
            plain += len(decoder.decompress(block, 1024 * 1024))
        except zlib.error:
            return packed + 2 * _BLOCK_BYTES, plain
        rest = decoder.unconsumed_tail
        packed += len(block) - len(rest) - len(decoder.unused_data)
        if plain > max(BOMB_GRACE_BYTES, BOMB_RATIO * packed):
            return packed, plain
    return packed, plain


def _after(file: BinaryIO, end: int, *, has_descriptor: bool) -> int:
    """Return the offset of the next local header, after an optional data descriptor."""
    if not has_descriptor:
        return end
    file.seek(end)
    following = file.read(28)
    for length in (16, 12, 24, 20):
        if following[length : length + 2] == b"PK":
            return end + length
    return end + 16
