"""Digest boards, articles and snapshots by what makes them the same: SHA-256 in hex."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import NamedTuple

from loader.model import Article, Board, Capture
from loader.page.prose import fold


def board_digest(board: Board) -> str:
    """Of the quotes in order: symbol, direction, price, change and percent as printed."""
    lines = (
        "\t".join((q.symbol, q.direction, q.price_text, q.change_text, q.percent_text))
        for q in board.quotes
    )
    return _sha256("\n".join(lines))


class Folded(NamedTuple):
    """A text whose words are parted by single blanks, and their number."""

    text: str
    word_count: int


def fold_body(body: str) -> Folded:
    """Return a body with its white space folded."""
    # As nearly all are: one blank between words, a blank line between paragraphs. No other white
    # space is printable. Takes a quarter of the time of splitting.
    text = body.replace("\n\n", " ")
    if text.isprintable() and text and "  " not in text and text[0] != " " != text[-1]:
        return Folded(text, text.count(" ") + 1)
    words = body.split()
    return Folded(" ".join(words), len(words))


def article_digest(article: Article, folded: Folded | None = None) -> str:
    """Of dateline and body alone, NFC, white space folded.

    A text of which only the headline is known is identified by that. `folded` is the body, where
    the caller has it already: no character of NFC is white space that was none before, so that it
    does not matter which of both is done first.
    """
    if article.body:
        text = (folded or fold_body(article.body)).text
        if article.dateline:
            text = " ".join([*f"{article.dateline}:".split(), *([text] if text else [])])
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
