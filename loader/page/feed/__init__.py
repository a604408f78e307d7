"""Parse items of RSS and Atom feeds into snapshots: docs/feeds.md.

bytes -> expat -> elements of the item -> fields -> body by the rules of HTML -> Snapshot
"""

from __future__ import annotations

from loader.page.feed.item import parse_feed_item

__all__ = ["parse_feed_item"]
