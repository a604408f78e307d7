"""Finding the sources that a user names: files, directories, standard input."""

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
from loader.sources.readers.piped import no_kind
from loader.sources.readers.sniff import NoKind, feed_root, sniffed_kind
from loader.sources.source import STDIN, ReadOptions, Skipped, Source, SourceKind, storable
from loader.sources.transport.faults import listing_fault, os_fault, status
from loader.sources.transport.remote import is_remote, list_remote
from loader.sources.transport.stream import open_stream
from loader.sources.transport.web_feed import ask_for_feed, is_feed_address

Found: TypeAlias = Source | SourceError | Skipped
Known: TypeAlias = Callable[[str], Fingerprint | None]
# Device and inode: what a directory is, by whatever path it is reached.
_Identity = tuple[int, int]

_NO_OPTIONS = ReadOptions()
_HTTP = ("http://", "https://")


def find_sources(
    locations: Iterable[str | Source | SourceError],
    options: ReadOptions = _NO_OPTIONS,
    known: Known = lambda _: None,
) -> Iterator[Found]:
    """The sources at `locations`, in the order given; each directory's in order of name.

    A directory is walked to its depths, each directory in it once however many links lead
    there; what is hidden, no regular file or of no kind read comes as Skipped.
    A file that is named itself is a source, its kind by extension or else by its first bytes,
    or a SourceError when it is of no kind read; `-` is standard input. A feed on a web server
    is asked for at once, newer than the state of its location that `known` tells. What cannot
    be reached comes as a SourceError (not raised), so that the others go on. Sources and errors
    among the locations, as a list of them gives, come out as they are.
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
        # Looking into a pipe would consume what is in it.
        kind = "stdin"
    yield _readable(Source(location, kind or _sniffed(location)))


def _sniffed(location: str) -> SourceKind:
    """The kind of a source by its first bytes; SourceError when it is of none that is read."""
    with open_stream(location) as stream:
        kind = sniffed_kind(stream.head(), location)
    if isinstance(kind, NoKind):
        raise no_kind(storable(location), kind)
    return kind


def _found_remote(location: str, known: Known) -> Iterator[Found]:
    is_http = location.lower().startswith(_HTTP)
    is_named_feed = kind_of_name(location.partition("?")[0]) == "feed"
    if is_http and (is_named_feed or is_feed_address(location)):
        yield _asked(location, known)
        return
    for address in list_remote(location):
        kind = kind_of_name(address.partition("?")[0])
        if kind is None and address != location:
            yield Skipped(address, "unknown extension")
            continue
        kind = kind or _sniffed(address)
        yield _asked(address, known) if is_http and kind == "feed" else Source(address, kind)


def _asked(address: str, known: Known) -> Source:
    """A feed with what the server answered; SourceError when that is nothing to read."""
    return Source(address, "feed", ask_for_feed(address, known(address), feed_digest))


def _walk(top: str, identity: _Identity, options: ReadOptions) -> Iterator[Found]:
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
                yield _in_directory(entry, options)
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


def _in_directory(entry: os.DirEntry[str], options: ReadOptions) -> Found:
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
    source = _readable(Source(entry.path, kind))
    if isinstance(source, Source) and (reason := _other_content(source, options)):
        return Skipped(entry.path, reason)
    return source


def _other_content(source: Source, options: ReadOptions) -> str | None:
    """Why a file in a directory is none of ours in spite of its extension, which is one of many
    other things too; None when it is, or cannot be looked at (its reader tells why)."""
    if source.kind not in ("csv", "feed"):
        return None
    try:
        with open_stream(source.location) as stream:
            head = stream.head()
    except SourceError:
        return None
    if source.kind == "feed":
        return None if not head or feed_root(head) else "XML that is no feed"
    is_ours = is_table_of_texts(head, options.text_column)
    return None if is_ours else "CSV without a text column"


def _readable(source: Source) -> Source | SourceError:
    if os.access(source.location, os.R_OK):
        return source
    return SourceError(
        storable(source.location), "permission denied", "make it readable for this user"
    )
