"""What tells that a source is as it was: size, time of change or ETag, digest."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import asdict

from loader.errors import SourceError
from loader.model import Fingerprint
from loader.sources.source import ReadOptions, Source
from loader.sources.transport.faults import os_fault
from loader.sources.transport.remote import describe_remote, is_remote

_BLOCK_BYTES = 1024 * 1024
# A store is asked before each reading, which has patience of its own, and again after it. A
# thousand addresses on a server that is down are to cost seconds, not hours, before they fail.
_RETRIES = 2


def fingerprint(source: Source) -> Fingerprint | None:
    """The state of a source, its digest only where it is known at once; None for a stream.

    Raises SourceError when the source is gone.
    """
    if source.kind == "stdin":
        return None
    if source.answer is not None:
        answer = source.answer
        return Fingerprint(None, answer.modified_at, answer.etag, answer.digest)
    if is_remote(source.location):
        remote = describe_remote(source.location, _RETRIES)
        return Fingerprint(remote.size, remote.modified_at, remote.etag)
    try:
        found = os.stat(source.location)  # noqa: PTH116
    except (OSError, ValueError) as error:
        raise os_fault(source.location, error) from error
    if not stat.S_ISREG(found.st_mode):
        return None
    return Fingerprint(found.st_size, str(found.st_mtime_ns))


def file_digest(location: str) -> str | None:
    """SHA-256 of a local file; None for what cannot be read twice at no cost."""
    if is_remote(location):
        return None
    digest = hashlib.sha256()
    try:
        with open(location, "rb", buffering=0) as file:  # noqa: PTH123
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError as error:
        raise os_fault(location, error) from error
    return digest.hexdigest()


def fingerprint_after(
    source: Source, before: Fingerprint | None, *, digest: bool = True
) -> Fingerprint | None:
    """The state of a source that was just read, with its digest unless that is not wanted.

    None when it cannot be remembered: a stream, or a file that changed meanwhile.
    """
    if before is None:
        return None
    try:
        if fingerprint(source) != before:
            return None
        found = file_digest(source.location) if digest else None
    except SourceError:
        return None
    return Fingerprint(before.size, before.modified_at, before.etag, found or before.digest)


def reading_key(options: ReadOptions) -> str:
    """Return the options that are not as usual, as one line of text; empty for none."""
    usual = asdict(ReadOptions())
    given = {name: value for name, value in asdict(options).items() if value != usual[name]}
    return json.dumps(given, sort_keys=True) if given else ""
