"""Parse a text in the markup of its paragraphs, as content systems and corpora store it."""

from __future__ import annotations

from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from loader.model import Capture, Snapshot
from loader.page.html.blocks import read_blocks
from loader.page.html.charset import to_utf8
from loader.page.html.findings import Findings
from loader.page.html.guard import excess
from loader.page.known_boards import KnownBoards
from loader.page.text import parse_text


def parse_fragment(capture: Capture, known: KnownBoards | None = None) -> Snapshot:
    """Return the snapshot of the lines of a text in markup, read by the rules for page texts."""
    markup = to_utf8(capture.data, capture.charset)
    if reason := excess(markup):
        findings = Findings(capture)
        findings.add("too-complex", reason, markup[:200].decode("utf-8", "replace"))
        return Snapshot(capture, problems=tuple(findings.problems))
    body = LexborHTMLParser(markup).body
    lines = read_blocks(body).lines if body is not None else []
    text = "\n".join(lines).encode("utf-8", "replace")
    return replace(parse_text(replace(capture, data=text), known), capture=capture)
