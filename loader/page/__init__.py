"""Captures to snapshots: pure functions, no database, no network, no clock."""

from __future__ import annotations

from typing import Final

from loader.model import Capture, Snapshot
from loader.page.address import with_archive_time
from loader.page.known_boards import KnownBoards
from loader.page.text import parse_text

__all__ = ["PARSER_VERSION", "parse_capture"]

PARSER_VERSION: Final = 3
"""Raised whenever a page is parsed otherwise than before, whatever the release
(tests/page/golden.py); so an archive can tell another reading from damage."""


def parse_capture(capture: Capture, known: KnownBoards | None = None) -> Snapshot:
    """Parse one capture, whatever it holds.

    A board that is among `known` is not made again: the snapshot has its digest instead.

    Total: bytes that are no page give a snapshot with neither board nor article and a
    problem that says why. The time in a web archive's address is that of the capture where its
    source gives none, or a later day.
    """
    capture = with_archive_time(capture)
    if capture.media_type == "text/plain":
        return parse_text(capture, known)
    # Here and not above: a load of texts does without the HTML parser, which takes a third of
    # the time that a worker needs to start.
    if capture.media_type in ("application/rss+xml", "application/atom+xml"):
        from loader.page.feed import parse_feed_item

        return parse_feed_item(capture)
    from loader.page.html import parse_html, parse_mhtml

    parse = parse_html if capture.media_type == "text/html" else parse_mhtml
    return parse(capture, known)
