"""Opening a source as a file that can seek, wherever it lies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from loader.sources.transport.faults import os_fault, status
from loader.sources.transport.remote import is_remote, open_remote


@contextmanager
def open_binary(location: str) -> Iterator[BinaryIO]:
    """`location`, a path or an address, as a binary file; SourceError when it cannot be opened."""
    if is_remote(location):
        with open_remote(location) as file:
            yield file
        return
    status(location)
    try:
        # open and not Path.open, see faults.status.
        local = open(location, "rb")  # noqa: PTH123, SIM115
    except (OSError, ValueError) as error:
        raise os_fault(location, error) from error
    with local:
        yield local
