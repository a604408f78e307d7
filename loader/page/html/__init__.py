"""Saved HTML pages to snapshots, through selectolax (Lexbor): docs/page-format.md, HTML.

    bytes -> charset -> guard -> Lexbor -> metadata, ticker, article or listing -> Snapshot

One parse, then selectors for what is wanted; only the text of an article is walked. What
a line of that text is, the rules of page texts say, so that both forms give one article.
"""

from __future__ import annotations

from loader.page.html.mhtml import parse_mhtml
from loader.page.html.page import parse_html

__all__ = ["parse_html", "parse_mhtml"]
