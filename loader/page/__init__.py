"""Captures to snapshots: pure functions, no database, no network, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from loader.model import Capture, MediaType, Snapshot
from loader.page.html import parse_html, parse_mhtml
from loader.page.text import parse_text

__all__ = ["parse_capture"]

_PARSERS: Mapping[MediaType, Callable[[Capture], Snapshot]] = MappingProxyType(
    {"text/plain": parse_text, "text/html": parse_html, "multipart/related": parse_mhtml}
)


def parse_capture(capture: Capture) -> Snapshot:
    """Parse one capture, whatever it holds.

    Total: bytes that are no page give a snapshot with neither board nor article and a
    problem that says why.
    """
    return _PARSERS[capture.media_type](capture)
