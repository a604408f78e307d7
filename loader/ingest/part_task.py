"""One task of a cluster: some sources to one part. Never raises; its result says what happened.

A part is written under a temporary name and renamed when it is whole, so that what stands
under a part's name is always whole, and a task that runs twice does no harm.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, Final, cast

import fsspec.core
import pyarrow as pa
import pyarrow.parquet as pq

from loader.archive.raw import Uncompressed
from loader.ingest.parts import PartWriter, part_facts
from loader.ingest.reading import (
    Done,
    Packing,
    Rows,
    read_with,
    state_of,
    unreadable,
    work_events,
)
from loader.ingest.tasks import Work
from loader.model import Fingerprint
from loader.rows.prepare import prepare
from loader.sources import ReadOptions, Source

_NAME_DIGITS = 24  # of a SHA-256: no two groups of sources share them
SUFFIX: Final = ".parquet"


@dataclass(frozen=True, slots=True)
class Group:
    """The sources of one part, as they were found; `name` tells which they are and how read."""

    name: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class PartStatus:
    """What became of a group: its part, or the reason why there is none (`fault`).

    `digest` is the SHA-256 of the part's bytes. `faults` are sources that could not be read
    (any further) with their reasons; what came before is in the part.
    """

    name: str
    sources: tuple[str, ...]
    digest: str | None = None
    size: int = 0
    captures: int = 0
    problems: int = 0
    faults: tuple[tuple[str, str], ...] = ()
    fault: str | None = None


def make_group(sources: Sequence[Source], options: ReadOptions) -> Group:
    """A group named by the digest of its sources' state: the same sources, the same name."""
    states = [(source.location, source.kind, _state(state_of(source))) for source in sources]
    content = json.dumps([read_with(options), states])
    digest = hashlib.sha256(content.encode()).hexdigest()[:_NAME_DIGITS]
    return Group(f"part-{digest}", tuple(sources))


def _state(seen: Fingerprint | None) -> list[Any]:
    # Not the time where there is an ETag: a store may tell the time in several ways.
    return [seen.size, seen.etag or seen.modified_at] if seen else []


def write_part(group: Group, options: ReadOptions, folder: str) -> PartStatus:
    """Read and parse the sources of a group into `folder`/`name`.parquet."""
    locations = tuple(source.name for source in group.sources)
    try:
        return _written(group, options, folder, locations)
    except Exception as error:  # a task that raised would take its reason with it
        reason = str(error) or type(error).__name__
        return PartStatus(group.name, locations, fault=f"no part was written: {reason}")


def _written(
    group: Group, options: ReadOptions, folder: str, locations: tuple[str, ...]
) -> PartStatus:
    fs, path = fsspec.core.url_to_fs(folder)
    final = f"{path}/{group.name}{SUFFIX}"
    # A name of its own for each attempt, hidden, so that no reader takes it for a part.
    temporary = f"{path}/.{group.name}-{uuid.uuid4().hex}"
    try:
        with fs.open(temporary, "wb") as file:
            status = _write(_Hashing(file), group, options, locations)
        fs.mv(temporary, final)
    except BaseException:
        if fs.exists(temporary):
            fs.rm(temporary)
        raise
    return status


def _write(
    file: _Hashing, group: Group, options: ReadOptions, locations: tuple[str, ...]
) -> PartStatus:
    facts: dict[str, Any] = {"name": group.name}
    writer = PartWriter(cast(BinaryIO, file), facts)
    captures = problems = 0
    faults: list[tuple[str, str]] = []
    try:
        for source in group.sources:
            for event in work_events(Work(source), options, Packing()):
                items = []
                if isinstance(event, Rows):
                    items = event.items
                elif isinstance(event, Done) and event.fault:
                    faults.append((source.name, event.fault.fault))
                    items = [prepare(unreadable(source.name, event.fault), Uncompressed())]
                captures += sum(item.is_capture for item in items)
                problems += sum(len(item.problems) for item in items)
                writer.write(items, source.kind)
        status = PartStatus(group.name, locations, None, 0, captures, problems, tuple(faults))
        facts["status"] = asdict(status)
        writer.close()
    except BaseException:
        _abandon(writer)
        raise
    return PartStatus(
        group.name, locations, file.digest(), file.size, captures, problems, tuple(faults)
    )


def _abandon(writer: PartWriter) -> None:
    try:
        writer.abandon()
    except (OSError, pa.ArrowException, ValueError):
        return  # the disk is full for the end of the file, too


class _Hashing:
    """A file that counts and digests what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self.closed = True

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def digest(self) -> str:
        return self._digest.hexdigest()


def existing_part(group: Group, folder: str, digests: Mapping[str, str]) -> PartStatus | None:
    """The status of a group whose part stands from an earlier run, None when it is to be made.

    A part with sources that could not be read is made again, and one that has no longer the
    digest which the manifest (`digests`, by part) has of it.
    """
    fs, path = fsspec.core.url_to_fs(folder)
    final = f"{path}/{group.name}{SUFFIX}"
    if not fs.exists(final):
        return None
    try:
        with fs.open(final, "rb") as file:
            facts = part_facts(pq.ParquetFile(file))
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            digest = hashlib.sha256()
            while block := file.read(1024 * 1024):
                digest.update(block)
    except (OSError, ValueError, pa.ArrowException):
        return None
    found = digest.hexdigest()
    if not facts or facts["status"]["faults"] or digests.get(group.name, found) != found:
        return None
    known = facts["status"]
    return PartStatus(
        group.name,
        tuple(known["sources"]),
        found,
        size,
        known["captures"],
        known["problems"],
    )
