"""Read ZIP archives and WACZ collections: each member is a source of its own kind.

Members are read in place and never extracted: a member's name is only text in the location of its
captures, never a path. A fault of one member is a Problem, and the others are still read.
"""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import NamedTuple, cast

from loader.errors import SourceError, printable
from loader.model import Problem, ProblemKind
from loader.sources.readers.kinds import kind_of_name
from loader.sources.readers.parquet import parquet_items
from loader.sources.readers.streams import STREAMED, items_of_stream
from loader.sources.readers.warc import warc_items
from loader.sources.readers.zip_members import Member, Members, open_members
from loader.sources.source import (
    MAX_CAPTURE_BYTES,
    Item,
    NotOfKindError,
    PassedOver,
    Progress,
    ReadOptions,
    Source,
    SourceKind,
    storable,
)
from loader.sources.transport.compressed import BOMB_GRACE_BYTES, BOMB_RATIO, compression_suffix
from loader.sources.transport.opened import open_binary, reading_fault
from loader.sources.transport.stream import stream_of

_MAX_NAME = 1000
_ONE_PAGE: frozenset[SourceKind] = frozenset({"text", "html", "mhtml"})
_ARCHIVES = (".zip", ".wacz", ".7z", ".rar", ".tar", ".tgz", ".jar")
_DRIVE = re.compile(r"[A-Za-z]:")
# The index files of a WACZ collection (specs.webrecorder.net/wacz), beside its crawl files.
_WACZ_OWN = ("pages/", "indexes/", "logs/", "datapackage", "fuzzy.json")
_WACZ_MARK = "datapackage.json"


class _Unread(NamedTuple):
    """A member that could not be read to its end, and the kind of problem."""

    kind: ProblemKind
    fault: SourceError


def read_zip(
    source: Source, options: ReadOptions, progress: Progress | None = None
) -> Iterator[Item]:
    """Yield the items of all members, located at `archive.zip/member`, and Problems.

    Problems: `unsupported` (an unknown kind, a nested archive), `bad-name`, `bomb`, `encrypted`,
    `unreadable`. Raises SourceError, after everything else, if the archive or some member could
    not be read.
    """
    failed: list[SourceError] = []
    passed: Counter[str] = Counter()
    with open_binary(source.location) as file:
        members = open_members(file, source.name)
        is_wacz = _WACZ_MARK in members.names and any(
            name.startswith("archive/") for name in members.names
        )
        for member in members:
            if reason := _reason_to_skip(member, is_wacz=is_wacz):
                passed[reason] += 1
                continue
            for item in _member_items(member, source, options):
                if isinstance(item, _Unread):
                    failed.append(item.fault)
                    detail = f"The member {item.fault.fault}."
                    yield Problem(item.kind, detail, item.fault.subject)
                else:
                    yield item
            if progress:
                progress(member.packed_size)
        if not members.count and not members.fault:
            yield Problem("empty", "The archive holds no members.", source.name)
        for reason, count in sorted(passed.items()):
            yield PassedOver(source.name, reason, count)
        if fault := reading_fault(file):
            raise fault
    _raise_faults(source, members, failed)


def _raise_faults(source: Source, members: Members, failed: list[SourceError]) -> None:
    if members.fault:
        raise SourceError(source.name, members.fault, "download or copy it again")
    if failed:
        first = failed[0]
        raise SourceError(
            source.name,
            f"{len(failed)} of its members could not be read, the first one ({first.subject})"
            f" because it {first.fault}",
            first.remedy,
        )


def _reason_to_skip(member: Member, *, is_wacz: bool) -> str | None:
    """Return the reason to skip a member without a Problem, else None."""
    if member.name.endswith("/"):
        return "folder"
    if is_wacz and member.name.startswith(_WACZ_OWN):
        return "index of the collection"
    parts = PurePosixPath(member.name.replace("\\", "/")).parts
    if any(part.startswith(".") and part not in (".", "..") for part in parts):
        return "hidden"
    return "hidden" if parts and parts[0] == "__MACOSX" else None


def _member_items(member: Member, source: Source, options: ReadOptions) -> Iterator[Item | _Unread]:
    """Yield the items of a member, and last _Unread if it could not be read to its end."""
    location = f"{source.name}/{printable(storable(member.name))[:_MAX_NAME]}"
    if refused := _refusal(member):
        yield Problem(refused[0], f"The member {refused[1]}.", location)
        return
    if bomb := _bomb(member):
        yield _Unread("bomb", SourceError(location, bomb, "unpack it yourself if you trust it"))
        return
    kind = kind_of_name(member.name)
    if kind is None:
        yield Problem("unsupported", "The member is of no kind that is read.", location)
        return
    if member.is_encrypted:
        yield _Unread("encrypted", SourceError(location, "is encrypted", "unpack it first"))
        return
    if (
        member.size > MAX_CAPTURE_BYTES
        and kind in _ONE_PAGE
        and compression_suffix(member.name) is None
    ):
        detail = f"The member has {member.size:,} bytes; a capture may have {MAX_CAPTURE_BYTES:,}."
        yield Problem("too-large", detail, location)
        return
    own = Source(location, kind)
    try:
        yield from _opened_items(member, own, options)
    except NotOfKindError as fault:
        yield Problem("unsupported", f"The member {fault.fault}.", location)
    except SourceError as fault:
        own_fault = SourceError(location, fault.fault, fault.remedy, fault.offset)
        yield _Unread("unreadable", own_fault)


def _refusal(member: Member) -> tuple[ProblemKind, str] | None:
    """Return the kind of problem and the reason if a member must not be read, else None."""
    name = member.name
    if not name or len(name) > _MAX_NAME or "\0" in name:
        return "bad-name", f"has a name of {len(name):,} characters, or with a zero in it"
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or _DRIVE.match(name):
        return "bad-name", "has a name that leads out of the archive"
    if name.lower().endswith(_ARCHIVES):
        return "unsupported", "is an archive within the archive: unpack it, and load what it holds"
    return None


def _bomb(member: Member) -> str | None:
    """Return the reason to treat a member as a decompression bomb, else None."""
    if member.overlaps:
        return "shares its bytes with another member, as in a decompression bomb"
    if member.size > max(BOMB_GRACE_BYTES, BOMB_RATIO * member.packed_size):
        sizes = f"from {member.packed_size:,} to {member.size:,} bytes"
        return f"expands {sizes}, as a decompression bomb does"
    return None


def _opened_items(member: Member, own: Source, options: ReadOptions) -> Iterator[Item]:
    with member.opened() as file:
        if own.kind in STREAMED:
            stream = stream_of(
                own.location, partial(_read, cast(io.BufferedIOBase, file), own.location)
            )
            yield from items_of_stream(stream, own, own.kind, options)
            if stream.fault:
                raise stream.fault
        elif not file.seekable():
            raise SourceError(own.name, "cannot be read in place", "unpack it first")
        elif own.kind == "parquet":
            if not member.is_stored:
                raise SourceError(own.name, "is Parquet that the archive compresses", "unpack it")
            yield from parquet_items(file, own, options)
        else:
            yield from warc_items(file, own, options)


def _read(file: io.BufferedIOBase, location: str, size: int) -> bytes:
    try:
        # read1, since read would discard its data at a fault.
        return file.read1(size)
    except (zlib.error, OSError) as error:
        raise SourceError(
            location, f"is damaged: {error or type(error).__name__}", "download or copy it again"
        ) from error
