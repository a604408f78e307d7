"""Finding the sources that a user names: files, directories, standard input."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from loader.errors import SourceError
from loader.sources.readers.piped import sniffed_kind
from loader.sources.source import STDIN, Skipped, Source, SourceKind, storable
from loader.sources.transport.compressed import strip_compression_suffix
from loader.sources.transport.faults import listing_fault, os_fault, status
from loader.sources.transport.remote import is_remote, list_remote
from loader.sources.transport.stream import open_stream

Found: TypeAlias = Source | SourceError | Skipped
# Device and inode: what a directory is, by whatever path it is reached.
_Identity = tuple[int, int]

_KINDS: dict[str, SourceKind] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".warc": "warc",
    ".wet": "wet",
    ".parquet": "parquet",
}


def find_sources(locations: Iterable[str | Source | SourceError]) -> Iterator[Found]:
    """The sources at `locations`, in the order given; each directory's in order of name.

    A directory is walked to its depths, each directory in it once however many links lead
    there; what is hidden, no regular file or has an unknown extension comes as Skipped.
    A file that is named itself is always a source, its kind by extension or else by its
    first bytes; `-` is standard input. What cannot be reached comes as a SourceError (not
    raised), so that the others go on. Sources and errors among the locations, as a list of
    them gives, come out as they are.
    """
    for location in locations:
        if not isinstance(location, str):
            yield location
            continue
        try:
            yield from _found_at(location)
        except SourceError as fault:
            yield fault


def kind_of_name(name: str) -> SourceKind | None:
    """The kind that the extension of a file name tells, past `.gz` or `.zst`; else None."""
    return _KINDS.get(Path(strip_compression_suffix(name)).suffix.lower())


def _found_at(location: str) -> Iterator[Found]:
    if location == STDIN:
        yield Source(location, "stdin")
        return
    if is_remote(location):
        yield from _found_remote(location)
        return
    found = status(location)
    if stat.S_ISDIR(found.st_mode):
        yield from _walk(location, (found.st_dev, found.st_ino))
        return
    kind = kind_of_name(location)
    if kind is None and not stat.S_ISREG(found.st_mode):
        # Looking into a pipe would consume what is in it.
        kind = "stdin"
    if kind is None:
        with open_stream(location) as stream:
            kind = sniffed_kind(stream.head())
    yield _readable(Source(location, kind))


def _found_remote(location: str) -> Iterator[Found]:
    for address in list_remote(location):
        kind = kind_of_name(address.partition("?")[0])
        if kind is None and address != location:
            yield Skipped(address, "unknown extension")
            continue
        if kind is None:
            with open_stream(address) as stream:
                kind = sniffed_kind(stream.head())
        yield Source(address, kind)


def _walk(top: str, identity: _Identity) -> Iterator[Found]:
    visited = {identity}
    # A stack and not recursion: directories may lie deeper than Python's stack.
    stack = [_listed(top)]
    while stack:
        for entry in stack[-1]:
            if isinstance(entry, SourceError):
                yield entry
            elif below := _directory_identity(entry):
                if below in visited:
                    yield Skipped(entry.path, "a directory already seen")
                    continue
                visited.add(below)
                stack.append(_listed(entry.path))
                break
            else:
                yield _in_directory(entry)
        else:
            stack.pop()


def _listed(directory: str) -> Iterator[os.DirEntry[str] | SourceError]:
    """The entries of a directory by name, or the fault that prevents a list."""
    try:
        with os.scandir(directory) as entries:
            return iter(sorted(entries, key=lambda entry: entry.name))
    except OSError as error:
        return iter([listing_fault(directory, error)])


def _directory_identity(entry: os.DirEntry[str]) -> _Identity | None:
    """Which directory an entry is, links followed; None when it is none to be walked."""
    if entry.name.startswith("."):
        return None
    try:
        if not entry.is_dir():
            return None
        # Not entry.stat(), whose inode is 0 on some systems.
        found = os.stat(entry.path)  # noqa: PTH116
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _in_directory(entry: os.DirEntry[str]) -> Found:
    """What an entry is that is no directory."""
    if entry.name.startswith("."):
        return Skipped(entry.path, "hidden")
    try:
        found = entry.stat()
    except OSError as error:
        # A broken link is told whatever its extension: it may have led to a directory.
        return os_fault(entry.path, error)
    if not stat.S_ISREG(found.st_mode):
        return Skipped(entry.path, "not a regular file")
    kind = kind_of_name(entry.name)
    if kind is None:
        return Skipped(entry.path, "unknown extension")
    return _readable(Source(entry.path, kind))


def _readable(source: Source) -> Source | SourceError:
    if os.access(source.location, os.R_OK):
        return source
    return SourceError(
        storable(source.location), "permission denied", "make it readable for this user"
    )
