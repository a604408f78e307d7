"""Texts in the markup of their paragraphs, as content systems and corpora store them."""

from __future__ import annotations

import pytest

from loader.model import Capture, Snapshot
from loader.page import parse_capture
from tests.conftest import SAMPLES

URL = "https://www.brecorder.com/news/40301234/growers-of-blueberries"
PARAGRAPHS = (
    "LIMA: Growers of blueberries are pulling out old bushes after two dry seasons.",
    "Buyers & sellers met on Sunday.",
)
PLAIN = "\n\n".join(PARAGRAPHS)


def parse(text: str, charset: str = "utf-8") -> Snapshot:
    return parse_capture(Capture(text.encode(charset), "text/plain", "a.jsonl", 0, URL))


@pytest.mark.parametrize(
    "markup",
    [
        "<p>{}</p>\n<p>{}</p>",
        "<p>{}</p><p>{}</p>",
        "<P CLASS=lead>{}<P>{}",
        "\n <div class='content'><div>{}</div><div>{}</div></div>",
        "<section><h2></h2><p>{}</p><p><b>{}</b></p></section>",
        "<body><p>{}</p><script>var a = '<p>b</p>';</script><p>{}</p></body>",
        "<p>{}</p><figure><img src='/a.jpg'></figure><p>{}</p><!-- end -->",
        "\ufeff<article><p>{}</p><p>{}</p></article>",
    ],
)
def test_the_markup_is_no_part_of_the_article(markup: str) -> None:
    marked = markup.format(*(text.replace("&", "&amp;") for text in PARAGRAPHS))
    snapshot, plain = parse(marked), parse(PLAIN)
    assert snapshot.article == plain.article is not None
    assert (snapshot.news_id, snapshot.layout) == (40301234, plain.layout)
    assert snapshot.problems == ()
    assert snapshot.capture.data.decode() == marked


def test_a_board_in_markup_is_that_of_the_text() -> None:
    text = (SAMPLES / "2024-seed-layout-teaser.txt").read_text()
    lines = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
    assert parse(f"<div>{lines}</div>").board == parse(text).board is not None


def test_markup_in_another_charset_is_decoded() -> None:
    snapshot = parse("<p>LIMA: Growers’ bushes are pulled out at the café.</p>", "cp1252")
    assert snapshot.article is not None and "Growers’ bushes" in snapshot.article.body


@pytest.mark.parametrize(
    "text",
    [
        "A text that quotes <p>markup</p> in its middle, and goes on.",
        "<b>LIMA:</b> Growers of blueberries.\n\nA second paragraph of it.",
        "<5% of growers replied to the survey, which is fewer than last year.",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    article = parse(text).article
    assert article is not None
    assert text.split()[-1] in article.body


def test_markup_without_text_is_refused() -> None:
    snapshot = parse("<p></p><div>\n</div>")
    assert snapshot.is_refused and [problem.kind for problem in snapshot.problems] == ["empty"]


def test_markup_that_would_stall_the_parser_is_refused() -> None:
    snapshot = parse("<p>" + "<div>" * 200_000)
    assert [problem.kind for problem in snapshot.problems] == ["too-complex"]
