"""Digests of boards, articles and snapshots for deduplication: SHA-256 in hex."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import NamedTuple

from loader.model import Article, Board, Capture
from loader.page.prose import fold


def board_digest(board: Board) -> str:
    """Return the digest of a board: its quotes in order.

    Each counts with symbol, direction, price, change and percent as printed.
    """
    lines = (
        "\t".join((q.symbol, q.direction, q.price_text, q.change_text, q.percent_text))
        for q in board.quotes
    )
    return _sha256("\n".join(lines))


class Folded(NamedTuple):
    """A text with single blanks between words, and its word count."""

    text: str
    word_count: int


def fold_body(body: str) -> Folded:
    """Return a body with its white space folded."""
    # Nearly all bodies have one blank between words and a blank line between paragraphs. No other
    # white space is printable, so this check takes a quarter of the time of splitting.
    text = body.replace("\n\n", " ")
    if text.isprintable() and text and "  " not in text and text[0] != " " != text[-1]:
        return Folded(text, text.count(" ") + 1)
    words = body.split()
    return Folded(" ".join(words), len(words))


def article_digest(article: Article, folded: Folded | None = None) -> str:
    """Return the digest of an article: dateline and body only, NFC, white space folded.

    An article without a body is identified by its headline. `folded` is the folded body, if the
    caller has it already. NFC turns no other character into white space, so folding and
    normalising commute.
    """
    if article.body:
        text = (folded or fold_body(article.body)).text
        if article.dateline:
            text = " ".join([*f"{article.dateline}:".split(), *([text] if text else [])])
        return _sha256(unicodedata.normalize("NFC", text))
    return _sha256("headline\t" + fold(article.headline or ""))


def snapshot_digest(capture: Capture, page_url: str | None) -> str:
    """Return the digest of a snapshot: canonical address, capture time and raw bytes.

    Each counts as empty where unknown.
    """
    return capture_digest(capture.data, page_url, capture.captured_at)


def capture_digest(data: bytes, page_url: str | None, captured_at: str | None) -> str:
    """Return the digest of a snapshot from its stored columns."""
    named = f"{page_url or ''}\n{captured_at or ''}\n"
    digest = hashlib.sha256(named.encode("utf-8", "surrogatepass"))
    digest.update(data)
    return digest.hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
