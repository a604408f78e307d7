"""Read RSS and Atom feeds: each item is a capture of its page.

A feed is split into items at its tags, not parsed as one XML document: a broken item does not
affect the others, and nothing is expanded or fetched. The raw capture is a feed of that item
alone (docs/feeds.md): the unchanged text of the item, in UTF-8, in a root element that declares
the namespaces in use. It does not contain the time of the request, so an unchanged item is the
same capture each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial

from loader.errors import SourceError
from loader.model import Capture, Problem, ProblemKind
from loader.sources.readers.excerpts import excerpt
from loader.sources.readers.feed_channel import (
    Channel,
    declared_charset,
    item_name,
    read_channel,
)
from loader.sources.readers.feed_cutter import Cut, Cutter
from loader.sources.readers.markup import from_root
from loader.sources.readers.sniff import NoKind, sniffed_kind
from loader.sources.readers.utf8 import stream_blocks, to_text, utf8_blocks
from loader.sources.source import (
    MAX_CAPTURE_BYTES,
    MAX_FEED_BYTES,
    UTF8_BOM,
    Item,
    NotOfKindError,
    Progress,
    ReadOptions,
    Source,
)
from loader.sources.transport.stream import ByteStream, stream_items

_LOOK = "look at it: it may be a login or error page"


def read_feed(
    source: Source, options: ReadOptions, progress: Progress | None = None
) -> Iterator[Item]:
    """Return an iterator over the items of a feed as captures, and Problems, in order.

    Problems: `bad-xml` for an item without an end, `too-large`, `empty` for a feed without
    items. Raises NotOfKindError if the source is not a feed, and SourceError, after all items, if
    it is truncated.
    """
    if source.answer is not None:
        return feed_bytes_items(source.answer.body, source, options, source.answer.charset)
    return stream_items(source, progress, partial(feed_items, source=source, options=options))


def feed_items(stream: ByteStream, *, source: Source, options: ReadOptions) -> Iterator[Item]:
    """Yield the items of `read_feed` from an open stream."""
    blocks = []
    size = 0
    for block in stream_blocks(stream):
        blocks.append(block)
        size += len(block)
        if size > MAX_FEED_BYTES:
            raise SourceError(
                source.name,
                f"is a feed of more than {MAX_FEED_BYTES:,} bytes",
                "split it into several",
            )
    feed = b"".join(blocks)
    del blocks
    yield from feed_bytes_items(feed, source, options, is_cut=stream.fault is not None)


def feed_bytes_items(
    data: bytes,
    source: Source,
    options: ReadOptions,
    charset: str | None = None,
    *,
    is_cut: bool = False,
) -> Iterator[Item]:
    """Yield the items of `read_feed` from the bytes of a feed.

    `charset` is claimed by the HTTP header; `is_cut` is true if the bytes are known to be cut off.
    """
    channel, cutter = _opened(data, source)
    claim = declared_charset(data) or charset
    count = 0
    for cut in cutter:
        count += 1
        if cut.fault is None:
            yield _capture(cut, channel, source, options, claim)
        elif cut.fault != "cut-off":
            yield _fault_of(cut, count, source)
    if not cutter.is_whole and not is_cut:
        raise SourceError(
            source.name,
            f"ends in the middle of the feed, in or after its item {count}",
            "load it again",
        )
    if not count and not is_cut:
        yield Problem("empty", "The feed holds no items.", source.name)


def feed_digest(data: bytes) -> str | None:
    """Return the SHA-256 of the items of a feed, without its header; None if it is not a feed."""
    feed = _as_utf8(data)
    root = from_root(feed).root
    if root is None:
        return None
    digest = hashlib.sha256()
    for cut in Cutter(feed, item_name(root)):
        digest.update(cut.data)
    return digest.hexdigest()


def _opened(data: bytes, source: Source) -> tuple[Channel, Cutter]:
    """Return the channel of a feed and its items. Raises NotOfKindError if it is not a feed."""
    feed = _as_utf8(data)
    document = from_root(feed)
    if document.root is None:
        raise NotOfKindError(source.name, f"is no feed: it holds {_name_of(data)}", _LOOK)
    cutter = Cutter(feed, item_name(document.root))
    prologue = from_root(cutter.prologue).text
    text = to_text(prologue, declared_charset(data))
    return read_channel(text, document.root, source.name), cutter


def _as_utf8(data: bytes) -> bytes:
    return data if data[:1] == b"<" and data[1:2] != b"\0" else b"".join(utf8_blocks([data]))


def _name_of(data: bytes) -> str:
    if not data.removeprefix(UTF8_BOM).strip():
        return "nothing"
    kind = sniffed_kind(data)
    if isinstance(kind, NoKind):
        return kind.name
    names = {"html": "an HTML page", "jsonl": "JSON", "text": "text", "zip": "a ZIP archive"}
    return names.get(kind, kind)


def _fault_of(cut: Cut, number: int, source: Source) -> Problem:
    kind: ProblemKind = "bad-xml"
    fault = "has no end tag before the next item"
    if cut.fault == "too-large":
        kind = cut.fault
        fault = f"has {cut.length:,} bytes; a capture may have {MAX_CAPTURE_BYTES:,}"
    detail = f"Item {number} {fault}."
    return Problem(kind, detail, source.name, cut.offset, excerpt(cut.data))


def _capture(
    cut: Cut, channel: Channel, source: Source, options: ReadOptions, claim: str | None
) -> Capture:
    return Capture(
        data=channel.wrapped(to_text(cut.data, claim)).encode("utf-8", "replace"),
        media_type="application/atom+xml" if channel.is_atom else "application/rss+xml",
        source=source.name,
        offset=cut.offset,
        url=options.url,
        captured_at=options.captured_at,
        captured_basis=options.captured_basis,
    )
