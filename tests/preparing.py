"""Prepare rows of test items like a load."""

from __future__ import annotations

from loader.model import Snapshot
from loader.rows.codec import Codec, Zstd
from loader.rows.prepare import Item, prepare
from loader.rows.records import Prepared, SourceRow

_ZSTD = Zstd()


def prepared(item: Item, kind: str = "jsonl", codec: Codec = _ZSTD) -> Prepared:
    """Return the rows of an item in a source of this kind."""
    location = item.capture.source if isinstance(item, Snapshot) else item.source
    return prepare(item, codec, SourceRow(location, kind))
