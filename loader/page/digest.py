"""What makes two boards, articles or snapshots the same (DESIGN.md, Tables): SHA-256 in hex."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence

from loader.model import Article, Board, Capture
from loader.page.prose import fold


def board_digest(board: Board) -> str:
    """Of the quotes in order: symbol, direction, price, change and percent as printed."""
    lines = (
        "\t".join((q.symbol, q.direction, q.price_text, q.change_text, q.percent_text))
        for q in board.quotes
    )
    return _sha256("\n".join(lines))


def article_digest(article: Article, words: Sequence[str] | None = None) -> str:
    """Of dateline and body alone, NFC, white space folded.

    A text of which only the headline is known is identified by that. `words` are
    `article.body.split()`, where the caller has them already: no character of NFC is white
    space that was none before, so that it does not matter which of both is done first.
    """
    if article.body:
        dateline = f"{article.dateline}:".split() if article.dateline else []
        text = " ".join([*dateline, *(article.body.split() if words is None else words)])
        return _sha256(unicodedata.normalize("NFC", text))
    return _sha256("headline\t" + fold(article.headline or ""))


def snapshot_digest(capture: Capture, page_url: str | None) -> str:
    """Of canonical address, capture time and raw bytes, each empty when unknown."""
    return capture_digest(capture.data, page_url, capture.captured_at)


def capture_digest(data: bytes, page_url: str | None, captured_at: str | None) -> str:
    """The digest of a snapshot, from what an archive keeps of it."""
    named = f"{page_url or ''}\n{captured_at or ''}\n"
    digest = hashlib.sha256(named.encode("utf-8", "surrogatepass"))
    digest.update(data)
    return digest.hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
