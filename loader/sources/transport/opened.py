"""Open a local or remote source as a seekable file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from loader.errors import SourceError
from loader.sources.transport.faults import open_local
from loader.sources.transport.locations import is_remote


@contextmanager
def open_binary(location: str) -> Iterator[BinaryIO]:
    """Open a path or an address as a binary file. Raises SourceError if that fails."""
    if is_remote(location):
        from loader.sources.transport.remote import open_remote

        with open_remote(location) as file:
            yield file
        return
    with io.BufferedReader(open_local(location)) as local:
        yield cast(BinaryIO, local)


def reading_fault(file: BinaryIO) -> SourceError | None:
    """Return the fault that ended reading of a remote file or a ZIP member, None if none did.

    FastWARC and Arrow treat an exception in a read as the end of the file, or replace it.
    """
    return getattr(getattr(file, "raw", None), "fault", None)
