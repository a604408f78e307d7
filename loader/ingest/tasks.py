"""Divide sources into tasks: whole sources, spans of large files, groups of small files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from loader.sources import Source, is_remote
from loader.sources.transport.compressed import compression_suffix

# Smaller files are grouped, since dispatching a task costs more than reading one.
SMALL_BYTES = 256 * 1024
GROUP_BYTES = 4 * 1024 * 1024
GROUP_SOURCES = 200
# Larger files of JSON lines are read in spans, so that one file keeps all cores busy to its end.
SPAN_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Work:
    """A source, or its lines that start from byte `start` on and before `end`."""

    source: Source
    start: int = 0
    end: int | None = None
    size: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.start and self.end is None

    @property
    def tells_its_length(self) -> bool:
        """Whether reading time depends on its size rather than on a network or a pipe."""
        return self.source.kind not in {"stdin", "index"} and not is_remote(self.source.location)


@dataclass(frozen=True, slots=True)
class Task:
    """The unit of work for a worker; `attempt` counts from 1.

    A suspect may kill its worker, so it is never queued together with another task.
    """

    works: tuple[Work, ...]
    attempt: int = 1
    is_suspect: bool = False

    @property
    def may_wait(self) -> bool:
        """Whether the task is short enough to be queued for a busy worker."""
        return (
            not self.is_suspect
            and all(work.tells_its_length for work in self.works)
            and sum(work.size for work in self.works) <= GROUP_BYTES
        )

    def without(self, ended: Work) -> Task:
        """Return the task without a finished work."""
        return replace(self, works=tuple(work for work in self.works if work != ended))

    def split(self) -> list[Task]:
        """Return a task for each work, for the next attempt."""
        return [Task((work,), self.attempt + 1, is_suspect=True) for work in self.works]


def make_works(source: Source) -> list[Work]:
    """Return a source as one work, or as spans if it can be read from the middle."""
    size = size_of(source)
    if source.kind != "jsonl" or size <= SPAN_BYTES or not _is_plain(source.location):
        return [Work(source, size=size)]
    starts = [*range(0, size, SPAN_BYTES)]
    # The last span has no end, since the file may have grown meanwhile.
    ends: list[int | None] = [*starts[1:], None]
    return [
        Work(source, start, end, (end or size) - start)
        for start, end in zip(starts, ends, strict=True)
    ]


def make_tasks(works: Iterable[Work]) -> Iterator[Task]:
    """Yield works as tasks in order, with small ones grouped; works are consumed lazily."""
    group: list[Work] = []
    size = 0
    for work in works:
        if work.size > SMALL_BYTES or not work.tells_its_length:
            yield Task((work,))
            continue
        group.append(work)
        size += work.size
        if size >= GROUP_BYTES or len(group) >= GROUP_SOURCES:
            yield Task(tuple(group))
            group, size = [], 0
    if group:
        yield Task(tuple(group))


def size_of(source: Source) -> int:
    """Return the size of a local file in bytes, 0 for a stream, and a nominal size if remote."""
    if source.kind == "stdin" or is_remote(source.location):
        return 0 if source.kind == "stdin" else SMALL_BYTES + 1
    try:
        return os.stat(source.location).st_size  # noqa: PTH116
    except OSError:
        return 0


def _is_plain(location: str) -> bool:
    """Whether a local file is uncompressed, by its first byte."""
    if is_remote(location) or compression_suffix(location):
        return False
    try:
        with open(location, "rb") as file:  # noqa: PTH123
            return file.read(1) in (b"{", b" ", b"\n", b"\r", b"\t", b"[", b"\xef")
    except OSError:
        return False
