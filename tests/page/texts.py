"""Parts of invented page texts, and helpers to parse one."""

from __future__ import annotations

from loader.model import Article, Capture, Snapshot
from loader.page import parse_capture
from loader.page.decode import decode_text
from loader.page.text import read_page

BOARD = (
    "AAA 10.00 No Change ▼ 0.00 (0%)\n"
    "BBB 21.00 Increased By ▲ 1.00 (5%)\n"
    "KSE100 51,234 Increased By 345.6 (0.68%)"
)
MASTHEAD = "Brecorder Logo\nMar 03, 2022 PRINT EDITION ► BR MARKETS ► Dollar to PKR ►\nMarkets\n"
HEADLINE = "Onions arrive late in the wholesale market"
BYLINE = "Recorder Report Published 04 Mar, 2022 05:15am"
FIRST = "LAHORE: Growers of onions said on Monday that the crop was late this year."
SECOND = "Prices in the wholesale market rose for the third week in a row."
BODY = f"{FIRST}\n\n{SECOND}"


def parse(text: str, **fields: str) -> Snapshot:
    """Return the snapshot of a text, and check that every line has a role."""
    page = read_page(decode_text(text.encode("utf-8", "surrogatepass")))
    assert len(page.roles) == len(page.lines)
    assert "" not in page.roles
    return parse_capture(Capture(text.encode(), "text/plain", "page.txt", **fields))


def article(text: str) -> Article:
    """Return the article of a text that has one."""
    found = parse(text).article
    assert found is not None
    return found


def paragraphs(text: str) -> list[str]:
    return article(text).body.split("\n\n")
