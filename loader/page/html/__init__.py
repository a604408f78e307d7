"""Parse saved HTML pages into snapshots with selectolax (Lexbor): docs/page-format.md, HTML.

    bytes -> charset -> guard -> Lexbor -> metadata, ticker, article or listing -> Snapshot

The page is parsed once, then queried with selectors; only the text of an article is walked. Its
lines are classified by the rules of page texts, so that both forms give the same article.
"""

from __future__ import annotations

from loader.page.html.fragment import parse_fragment
from loader.page.html.mhtml import parse_mhtml
from loader.page.html.page import parse_html

__all__ = ["parse_fragment", "parse_html", "parse_mhtml"]
