"""Source fingerprints, for change detection: size, modification time or ETag, digest."""

from __future__ import annotations

import hashlib
import json
import stat
from dataclasses import asdict

from loader.errors import SourceError
from loader.model import Fingerprint
from loader.sources.source import ReadOptions, Source
from loader.sources.transport.faults import os_fault, status
from loader.sources.transport.locations import is_remote

_BLOCK_BYTES = 1024 * 1024
# A store is queried before and after each reading, which has its own retries. A thousand addresses
# on a server that is down must fail within seconds, not hours.
_RETRIES = 2


def fingerprint(source: Source) -> Fingerprint | None:
    """Return the fingerprint of a source; None for a stream.

    Its digest is None unless known without reading the source. Raises SourceError if the source is
    gone.
    """
    if source.kind == "stdin":
        return None
    if source.answer is not None:
        answer = source.answer
        return Fingerprint(None, answer.modified_at, answer.etag, answer.digest)
    if is_remote(source.location):
        from loader.sources.transport.remote import remote_fingerprint

        return remote_fingerprint(source.location, _RETRIES)
    found = status(source.location)
    if not stat.S_ISREG(found.st_mode):
        return None
    return Fingerprint(found.st_size, str(found.st_mtime_ns))


def file_digest(location: str) -> str | None:
    """Return the SHA-256 of a local file; None for a remote one, to avoid a second transfer."""
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
    """Return the fingerprint of a source just read, with its digest if `digest` is true.

    None for a stream, and for a source that changed since `before`.
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
    """Return the options that differ from their defaults as a line of JSON; empty if none do."""
    defaults = asdict(ReadOptions())
    given = {name: value for name, value in asdict(options).items() if value != defaults[name]}
    return json.dumps(given, sort_keys=True) if given else ""
