"""Read WARC files (HTML in HTTP responses) and WET files (texts) for the wanted hosts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from fastwarc.warc import WarcHeader, WarcRecord, WarcRecordType

from loader.errors import SourceError
from loader.model import Capture, Problem, Revisit
from loader.sources.hosts import HostFilter
from loader.sources.readers.excerpts import excerpt
from loader.sources.readers.feed import feed_bytes_items
from loader.sources.readers.http_payload import Page, PayloadError
from loader.sources.readers.instants import parse_instant
from loader.sources.readers.warc_payload import NoPageError, Payload, payload_of
from loader.sources.readers.warc_walk import Gap, WantedRecord, WarcWalk, format_of, header_text
from loader.sources.source import (
    Item,
    PassedOver,
    Progress,
    ReadOptions,
    Source,
    storable,
)
from loader.sources.transport.compressed import compression_suffix
from loader.sources.transport.locations import is_remote
from loader.sources.transport.opened import open_binary, reading_fault

_HEAD_BYTES = 16
# Header fields of a revisit record (WARC 1.1, 6.7); WARC 1.0 writers use the second as well.
_REFERS_TO_URL = "WARC-Refers-To-Target-URI"
_REFERS_TO_DATE = "WARC-Refers-To-Date"
# Types of records that must have an address.
_WITH_ADDRESS = (WarcRecordType.response, WarcRecordType.resource, WarcRecordType.conversion)
_FRACTION = re.compile(r"\.\d+")


def read_warc(
    source: Source, options: ReadOptions, progress: Progress | None = None
) -> Iterator[Item]:
    """Yield the pages of the wanted hosts, their revisits, and Problems.

    Only the bodies of wanted records are read. Problems: `damaged-record` for bytes in the middle
    of the file that are not a record, `too-large`, `http-status`, `bad-http`, `bad-date`, `empty`,
    `unsupported`. PassedOver come last, for records of wanted hosts that are not pages, such as
    images. Raises SourceError, after everything before, if the file ends in the middle of a record.
    """
    with open_binary(source.location) as file:
        if not file.seekable():
            raise SourceError(
                source.name, "is a stream, and WARC is read from files", "save it to a file first"
            )
        yield from warc_items(file, source, options, progress, source.location)


def warc_items(
    file: BinaryIO,
    source: Source,
    options: ReadOptions,
    progress: Progress | None = None,
    path: str | None = None,
) -> Iterator[Item]:
    """Yield the items of `read_warc` from an open, seekable file, at `path` if it has one."""
    head = file.read(_HEAD_BYTES)
    if not head:
        yield Problem("empty", "The file holds no records.", source.name)
        return
    form = format_of(head)
    if form is None:
        raise _no_warc(source)
    hosts = HostFilter(options.wanted_hosts)
    walk = WarcWalk(
        file,
        form,
        lambda record: _is_wanted(record, hosts),
        progress,
        path=_readable_by_path(path, form) if path is not None else None,
    )
    passed: Counter[str] = Counter()
    try:
        for item in _items(walk, source, options):
            if isinstance(item, PassedOver):
                passed[item.reason] += item.count
            else:
                yield item
    except SourceError:
        yield from _passed(source, passed + walk.unread)
        raise
    yield from _passed(source, passed + walk.unread)
    if fault := reading_fault(file):
        raise fault


def _passed(source: Source, counts: Counter[str]) -> Iterator[PassedOver]:
    for reason, count in sorted(counts.items()):
        yield PassedOver(source.name, storable(reason), count)


def _readable_by_path(location: str, form: str) -> str | None:
    """Return the path for FastWARC; None if it cannot open the file by itself.

    FastWARC detects compression by a lower-case suffix, and rejects names that are not UTF-8.
    """
    suffix = compression_suffix(location)
    is_plain_name = location == storable(location) and location[-4:] == location[-4:].lower()
    if is_remote(location) or (suffix or "plain") != form or not is_plain_name:
        return None
    return location


def _no_warc(source: Source) -> SourceError:
    return SourceError(
        source.name, "holds no WARC records in spite of its name", "look at it and rename it"
    )


def _is_wanted(record: WarcRecord, hosts: HostFilter) -> bool:
    """Whether a record is of a wanted host; one without an address may hold a page that has one."""
    address = record.headers.get_bytes(WarcHeader.WARC_TARGET_URI)
    return hosts.wants(address) if address else record.record_type in _WITH_ADDRESS


def _items(walk: WarcWalk, source: Source, options: ReadOptions) -> Iterator[Item]:
    # A record is held back until the walk has passed it, since it may prove to be damaged.
    held: list[Item] = []
    held_offset = -1
    for event in walk.events():
        if isinstance(event, WantedRecord):
            yield from held
            held, held_offset = list(record_items(event, source.name, options)), event.offset
            continue
        if event.start > held_offset:
            yield from held
        held = []
        if walk.records == 0:
            raise _no_warc(source)
        if event.is_tail:
            raise _cut_off(source, event)
        yield _damaged(source, event)
    yield from held


def _damaged(source: Source, gap: Gap) -> Problem:
    return Problem(
        "damaged-record",
        f"Bytes {gap.start:,} to {gap.end:,} give no record: the file {gap.reason}.",
        source.name,
        gap.start,
    )


def _cut_off(source: Source, gap: Gap) -> SourceError:
    return SourceError(
        source.name,
        f"{gap.reason} at byte {gap.start:,}; all before it was read",
        "download or copy it again",
        gap.start,
    )


def record_items(found: WantedRecord, location: str, options: ReadOptions) -> Iterator[Item]:
    """Yield the capture in a wanted record (one per item of a feed), its Problem or PassedOver."""
    record = found.record
    url = header_text(record, WarcHeader.WARC_TARGET_URI)
    date = header_text(record, WarcHeader.WARC_DATE)
    captured_at = parse_instant(_FRACTION.sub("", date)) if date else None
    if record.record_type == WarcRecordType.revisit:
        yield _revisit(found, location, url, captured_at)
        return
    try:
        payload = payload_of(found)
    except NoPageError as other:
        yield PassedOver(location, str(other), 1)
        return
    except PayloadError as error:
        detail = f"The record {error}."
        yield Problem(error.kind, detail, location, found.offset, excerpt(url or ""))
        return
    if url is None and options.url is None and payload.media_type == "text/plain":
        yield Problem("bad-url", "The record of a text names no address.", location, found.offset)
        return
    record_options = ReadOptions(
        url=storable(url) if url else options.url,
        captured_at=captured_at or (None if date else options.captured_at),
    )
    basis = _basis(date, captured_at, options)
    if payload.media_type is None:
        yield from _feed_items(payload, found, replace(record_options, url=None), basis, location)
    else:
        yield Capture(
            data=payload.page.data,
            media_type=payload.media_type,
            source=location,
            offset=found.offset,
            url=record_options.url,
            captured_at=record_options.captured_at,
            captured_basis=basis,
            charset=payload.charset,
        )
    if date and captured_at is None:
        yield Problem(
            "bad-date", "The record has no readable WARC-Date.", location, found.offset,
            excerpt(date),
        )  # fmt: skip
    if reason := _truncation(record, payload.page):
        yield Problem("truncated-page", reason, location, found.offset, excerpt(url or ""))


def _feed_items(
    payload: Payload,
    found: WantedRecord,
    record_options: ReadOptions,
    basis: str | None,
    location: str,
) -> Iterator[Item]:
    """Yield the items of a crawled feed, with the offset and time of its record.

    `record_options` has no address, since items have their own.
    """
    source = Source(location, "feed")
    try:
        for item in feed_bytes_items(payload.page.data, source, record_options, payload.charset):
            if isinstance(item, Capture):
                yield replace(item, offset=found.offset, captured_basis=basis)
            elif isinstance(item, Problem):
                yield replace(item, offset=found.offset)
    except SourceError as fault:
        yield Problem("bad-xml", f"The record {fault.fault}.", location, found.offset)


def _truncation(record: WarcRecord, page: Page) -> str | None:
    if reason := header_text(record, WarcHeader.WARC_TRUNCATED):
        return f"The crawler cut the page off: {storable(reason)}."
    return f"The body of the page ends {page.cut_off}." if page.cut_off else None


def _basis(date: str | None, captured_at: str | None, options: ReadOptions) -> str | None:
    if captured_at:
        return "WARC-Date"
    return None if date else options.captured_basis


def _revisit(
    found: WantedRecord, location: str, url: str | None, captured_at: str | None
) -> Revisit | Problem:
    if not url:
        return Problem("bad-url", "A revisit names no address.", location, found.offset)
    refers_to = header_text(found.record, _REFERS_TO_DATE)
    return Revisit(
        source=location,
        offset=found.offset,
        url=storable(url),
        captured_at=captured_at,
        refers_to_url=storable(header_text(found.record, _REFERS_TO_URL) or url),
        refers_to_at=parse_instant(_FRACTION.sub("", refers_to)) if refers_to else None,
    )
