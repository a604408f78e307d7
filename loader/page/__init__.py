"""Parse captures into snapshots: pure functions without database, network or clock."""

from __future__ import annotations

import re
from typing import Final

from loader.model import Capture, Snapshot
from loader.page.address import with_archive_time
from loader.page.known_boards import KnownBoards
from loader.page.text import parse_text

__all__ = ["PARSER_VERSION", "parse_capture"]

PARSER_VERSION: Final = 6
"""Raised whenever any page is parsed differently, independently of releases
(tests/page/golden.py), so that an archive can tell a parser change from damage."""

# The tags of paragraphs, with which no page's text begins unless it is in markup.
_MARKUP: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:article|blockquote|body|div|figure|h[1-6]|head|ol|p|section|table|ul)"
    rb"[\s/>]",
    re.IGNORECASE,
)


def parse_capture(capture: Capture, known: KnownBoards | None = None) -> Snapshot:
    """Parse one capture of any content.

    A board among `known` is not parsed again: the snapshot has its digest instead.

    Never raises: bytes that are not a page give a snapshot with neither board nor article and a
    problem that explains why. The time in a web archive's address becomes the capture time where
    the source gives none, or a later day.
    """
    capture = with_archive_time(capture)
    if capture.media_type == "text/plain" and not _MARKUP.match(capture.data):
        return parse_text(capture, known)
    # Imported here because a load of plain texts needs no HTML parser, and importing it takes a
    # third of a worker's start-up time.
    if capture.media_type in ("application/rss+xml", "application/atom+xml"):
        from loader.page.feed import parse_feed_item

        return parse_feed_item(capture)
    from loader.page.html import parse_fragment, parse_html, parse_mhtml

    if capture.media_type == "text/plain":
        return parse_fragment(capture, known)
    parse = parse_html if capture.media_type == "text/html" else parse_mhtml
    return parse(capture, known)
