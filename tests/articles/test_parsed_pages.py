"""The labelled pairs as pages: saved, as texts of corpora, with and without surrounding text."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Final

import pytest

from loader.articles.compare import Text, lines_apart
from loader.articles.versions import Seen, find_versions
from loader.model import Capture
from loader.page import parse_capture
from tests.articles.pairs import Pair, edits, noise

HEADLINE: Final = "Officials of both sides speak of progress in talks"
URL: Final = "https://www.brecorder.com/news/40300001/slug"
BOARD: Final = "ABCD 12.34 Increased By ▲ 0.56 (4.75%)\nKSE100 71,234 Increased By 345.6 (0.49%)\n"
Page = Callable[[str, bool], Capture]


def _text(lines: str) -> Capture:
    return Capture(lines.encode(), "text/plain", "pages", 0, URL)


def as_text(body: str, is_updated: bool) -> Capture:
    """Return a page with its board, header and tail."""
    byline = "Recorder Report Published 05 Mar, 2024 01:23pm"
    byline += " Updated 05 Mar, 2024 04:10pm" if is_updated else ""
    tail = "Copyright Business Recorder, 2024\n\nRead Comments"
    return _text(f"{BOARD}{HEADLINE}\n\n{byline}\n\n{body}\n\n{tail}\n")


def as_corpus(body: str, is_updated: bool) -> Capture:
    """Return a text of a corpus, which puts the day first and has no tail."""
    byline = "Recorder Report Published 05 Mar, 2024 01:23pm"
    return _text(f" date 2024-03-05 {BOARD}{HEADLINE}\n\n{byline}\n\n{body}")


def as_body(body: str, is_updated: bool) -> Capture:
    """Return a text of a corpus that kept only the body."""
    return _text(body)


def as_markup(body: str, is_updated: bool) -> Capture:
    """Return a saved page."""
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in body.splitlines() if line)
    modified = "2024-03-05 16:10:00+05:00" if is_updated else "2024-03-05 13:23:00+05:00"
    page = f"""<!doctype html><html><head><title>{HEADLINE} - Business Recorder</title>
    <link rel="canonical" href="{URL}"><meta property="article:modified_time" content="{modified}">
    <meta property="og:description" content="{html.escape(body[:90])} ...">
    <meta property="article:published_time" content="2024-03-05 13:23:00+05:00"></head><body>
    <article class="story" data-id="40300001"><h1 class="story__title">{HEADLINE}</h1>
    <div class="story__content">{paragraphs}</div></article></body></html>"""
    return Capture(page.encode(), "text/html", "pages", 0, URL)


def version_count(old: Capture, new: Capture) -> int:
    """Return the number of versions in two captures of the page."""
    captures, texts = [], {}
    for number, capture in enumerate((old, new)):
        snapshot = parse_capture(capture)
        article = snapshot.article
        if article is None:
            continue
        teasers = [(teaser.position, teaser.headline) for teaser in article.teasers]
        apart = lines_apart(teasers, article.tags_line)
        texts[number] = Text(article.dateline, article.body, apart, article.summary)
        around = (article.caption, article.byline)
        captures.append(
            Seen(
                number,
                str(number),
                article.headline,
                article.published_at,
                article.updated_at,
                f"2024-03-0{number + 6}",
                f"2024-03-0{number + 6}",
                None,
                (snapshot.layout or "").startswith("html"),
                tuple(line for line in around if line),
            )
        )
    return len(find_versions(captures, texts.__getitem__))


FORMS: Final[tuple[tuple[Page, Page], ...]] = (
    (as_text, as_text),
    (as_corpus, as_body),
    (as_text, as_markup),
    (as_markup, as_corpus),
)
MOST_NOISE_CALLED_EDIT: Final = 0.01


def _can_be(pair: Pair, old: Page, new: Page, *, is_edit: bool) -> bool:
    """Whether a pair is possible: markup is complete, and only pages of a kind show an update."""
    if pair.of_markup or pair.dateline or pair.new_dateline or pair.around or not pair.new:
        return False
    if new is as_body and "bullets" in pair.name:
        return False  # reads as a listing page
    if pair.is_updated:
        return old is new is as_text
    is_whole = is_edit or not any(word in pair.name for word in ("cut", "without", " at ", "two"))
    return new is not as_markup or is_whole


@pytest.mark.parametrize(("old", "new"), FORMS)
def test_edits_are_versions_however_pages_were_extracted(old: Page, new: Page) -> None:
    pairs = [pair for pair in edits() if _can_be(pair, old, new, is_edit=True)]
    assert len(pairs) >= 100
    missed = [
        pair.name
        for pair in pairs
        if version_count(old(pair.old, False), new(pair.new, pair.is_updated)) < 2
    ]
    assert missed == []


@pytest.mark.parametrize(("old", "new"), FORMS)
def test_noise_is_none_however_pages_were_extracted(old: Page, new: Page) -> None:
    pairs = [pair for pair in noise() if _can_be(pair, old, new, is_edit=False)]
    assert len(pairs) >= 100
    called = [
        pair.name
        for pair in pairs
        if version_count(old(pair.old, False), new(pair.new, pair.is_updated)) > 1
    ]
    assert len(called) <= MOST_NOISE_CALLED_EDIT * len(pairs), called
