"""Captures to snapshots: pure functions, no database, no network, no clock."""

from __future__ import annotations

from loader.model import Capture, Problem, Snapshot
from loader.page.text import parse_text

__all__ = ["parse_capture"]


def parse_capture(capture: Capture) -> Snapshot:
    """Parse one capture, whatever it holds.

    Total: bytes that are no page give a snapshot with neither board nor article and a
    problem that says why.
    """
    if capture.media_type == "text/plain":
        return parse_text(capture)
    problem = Problem(
        "unsupported", f"no parser for {capture.media_type}", capture.source, capture.offset
    )
    return Snapshot(capture=capture, problems=(problem,))
