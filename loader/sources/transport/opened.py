"""Open a local or remote source as a seekable file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from loader.sources.transport.faults import os_fault, status
from loader.sources.transport.locations import is_remote


@contextmanager
def open_binary(location: str) -> Iterator[BinaryIO]:
    """Open a path or an address as a binary file. Raises SourceError if that fails."""
    if is_remote(location):
        from loader.sources.transport.remote import open_remote

        with open_remote(location) as file:
            yield file
        return
    status(location)
    try:
        # open rather than Path.open, see faults.status.
        local = open(location, "rb")  # noqa: PTH123, SIM115
    except (OSError, ValueError) as error:
        raise os_fault(location, error) from error
    with local:
        yield local
