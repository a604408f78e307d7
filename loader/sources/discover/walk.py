"""Find the sources at a location: files, directories, addresses, standard input."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from loader.errors import SourceError
from loader.model import Fingerprint
from loader.sources.readers.csv_rows import is_table_of_texts
from loader.sources.readers.feed import feed_digest
from loader.sources.readers.kinds import kind_of_name
from loader.sources.readers.markup import feed_root
from loader.sources.readers.piped import no_kind
from loader.sources.readers.sniff import NoKind, sniffed_kind
from loader.sources.source import (
    NO_OPTIONS,
    STDIN,
    ReadOptions,
    Skipped,
    Source,
    SourceKind,
    storable,
)
from loader.sources.transport.faults import listing_fault, os_fault, status
from loader.sources.transport.locations import is_http, is_remote
from loader.sources.transport.stream import open_stream

Found: TypeAlias = Source | SourceError | Skipped
Known: TypeAlias = Callable[[str], Fingerprint | None]
# Device and inode, which identify a directory reached by several paths.
_Identity = tuple[int, int]


def find_sources(
    locations: Iterable[str | Source | SourceError],
    options: ReadOptions = NO_OPTIONS,
    known: Known = lambda _: None,
) -> Iterator[Found]:
    """Yield the sources at `locations` in the given order, those of a directory by name.

    Directories are walked recursively, each only once however many links lead to it. Files in them
    that are hidden, not regular or of an unknown kind are yielded as Skipped. A file that is named
    itself has the kind of its extension, or else of its first bytes; if neither is known, it gives
    a SourceError. `-` is standard input. A feed on a web server is requested at once, on condition
    that it changed since the fingerprint that `known` returns for its location. An unreachable
    location gives a SourceError (not raised), and the others are still read. Sources and errors
    among the locations, as from a list, are passed through.
    """
    for location in locations:
        if not isinstance(location, str):
            yield location
            continue
        try:
            yield from _found_at(location, options, known)
        except SourceError as fault:
            yield fault


def _found_at(location: str, options: ReadOptions, known: Known) -> Iterator[Found]:
    if location == STDIN:
        yield Source(location, "stdin")
        return
    if is_remote(location):
        yield from _found_remote(location, known)
        return
    found = status(location)
    if stat.S_ISDIR(found.st_mode):
        yield from _walk(location, (found.st_dev, found.st_ino), options)
        return
    kind = kind_of_name(location)
    if kind is None and not stat.S_ISREG(found.st_mode):
        # Sniffing would consume the pipe's content.
        kind = "stdin"
    yield _readable(Source(location, kind or _sniffed(location)))


def _sniffed(location: str) -> SourceKind:
    """Return the kind of a source by its first bytes. Raises SourceError for unknown kinds."""
    with open_stream(location) as stream:
        kind = sniffed_kind(stream.head(), location)
    if isinstance(kind, NoKind):
        raise no_kind(storable(location), kind)
    return kind


def _found_remote(location: str, known: Known) -> Iterator[Found]:
    from loader.sources.transport.remote import list_remote
    from loader.sources.transport.web_feed import is_feed_address

    is_web = is_http(location)
    is_named_feed = kind_of_name(location.partition("?")[0]) == "feed"
    if is_web and (is_named_feed or is_feed_address(location)):
        yield _requested(location, known)
        return
    for address in list_remote(location):
        kind = kind_of_name(address.partition("?")[0])
        if kind is None and address != location:
            yield Skipped(address, "unknown extension")
            continue
        kind = kind or _sniffed(address)
        is_web_feed = is_web and kind == "feed"
        yield _requested(address, known) if is_web_feed else Source(address, kind)


def _requested(address: str, known: Known) -> Source:
    """Return a feed with the server's response. Raises SourceError if there is none."""
    from loader.sources.transport.web_feed import request_feed

    return Source(address, "feed", request_feed(address, known(address), feed_digest))


def _walk(top: str, identity: _Identity, options: ReadOptions) -> Iterator[Found]:
    visited = {identity}
    # A stack rather than recursion: directories may be nested deeper than Python's stack.
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
                yield _in_directory(entry, options)
        else:
            stack.pop()


def _listed(directory: str) -> Iterator[os.DirEntry[str] | SourceError]:
    """Return the entries of a directory by name, or the fault of one that cannot be listed."""
    try:
        with os.scandir(directory) as entries:
            return iter(sorted(entries, key=lambda entry: entry.name))
    except OSError as error:
        return iter([listing_fault(directory, error)])


def _directory_identity(entry: os.DirEntry[str]) -> _Identity | None:
    """Return the identity of a directory to walk, following links; None for other entries."""
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


def _in_directory(entry: os.DirEntry[str], options: ReadOptions) -> Found:
    """Return a directory entry as a source, as skipped, or as a fault."""
    if entry.name.startswith("."):
        return Skipped(entry.path, "hidden")
    try:
        found = entry.stat()
    except OSError as error:
        # A broken link is reported whatever its extension, since it may have led to a directory.
        return os_fault(entry.path, error)
    if not stat.S_ISREG(found.st_mode):
        return Skipped(entry.path, "not a regular file")
    kind = kind_of_name(entry.name)
    if kind is None:
        return Skipped(entry.path, "unknown extension")
    source = _readable(Source(entry.path, kind))
    if isinstance(source, Source) and (reason := _other_content(source, options)):
        return Skipped(entry.path, reason)
    return source


def _other_content(source: Source, options: ReadOptions) -> str | None:
    """Return the reason to skip a file whose extension is shared by many formats, else None.

    None too if the file cannot be opened, since its reader will report that.
    """
    if source.kind not in ("csv", "feed"):
        return None
    try:
        with open_stream(source.location) as stream:
            head = stream.head()
    except SourceError:
        return None
    if source.kind == "feed":
        return None if not head or feed_root(head) else "XML other than a feed"
    is_ours = is_table_of_texts(head, options.text_column)
    return None if is_ours else "CSV without a text column"


def _readable(source: Source) -> Source | SourceError:
    if os.access(source.location, os.R_OK):
        return source
    return SourceError(
        storable(source.location), "permission denied", "make it readable for this user"
    )
