"""A page gives the same board and the same article as a text and as HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

from loader.model import Capture, Snapshot
from loader.page import parse_capture
from loader.page.digest import article_digest, board_digest
from tests.conftest import SAMPLES
from tests.make_html.template import Page, article_page, content_of

# A listing as text and one in HTML have no line in common.
TEXTS = sorted(path for path in SAMPLES.glob("*.txt") if "listing" not in path.name)


def as_text(path: Path) -> Snapshot:
    return parse_capture(Capture(path.read_bytes(), "text/plain", path.name))


def as_html(snapshot: Snapshot) -> Snapshot:
    """The same page parsed again, from HTML."""
    article = snapshot.article
    assert article is not None
    page = Page(
        headline=article.headline or "No headline is on this page",
        content=content_of(article),
        board=snapshot.board,
        section=article.section or "",
        byline=article.byline or "",
        tags=tuple((article.tags_line or "").split()),
    )
    return parse_capture(Capture(article_page(page).encode(), "text/html", "page.html"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_html_of_a_page_gives_the_board_and_article_of_its_text(path: Path) -> None:
    text = as_text(path)
    html = as_html(text)
    assert text.article is not None and html.article is not None
    assert html.article.body == text.article.body
    assert html.article.dateline == text.article.dateline
    assert [(t.position, t.headline) for t in html.article.teasers] == [
        (t.position, t.headline) for t in text.article.teasers
    ]
    assert article_digest(html.article) == article_digest(text.article)
    assert html.board == text.board
    if text.board and html.board:
        assert board_digest(html.board) == board_digest(text.board)
    assert html.article.byline == text.article.byline
    assert html.article.agency == text.article.agency
    assert html.problems == ()
