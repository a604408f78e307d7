"""Sources of an article page: one order of trust, with conflicts recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from loader.model import Article, Capture, Snapshot
from loader.page import parse_capture
from tests.make_html.template import NEWS, Page, article_page

PAGE = Page(
    headline="Rain fills the ponds of Thar",
    content="<p>MITHI: Rain filled ponds on Sunday.</p>",
    section="Pakistan",
    byline="A. Writer",
    published="2024-05-03T10:15:42+05:00",
    shown="03 May, 2024 10:15am",
)


def parse(html: str, **claims: Any) -> Snapshot:
    return parse_capture(Capture(html.encode(), "text/html", "page.html", **claims))


def article_of(html: str, **claims: Any) -> Article:
    article = parse(html, **claims).article
    assert article is not None
    return article


def kinds(snapshot: Snapshot) -> list[str]:
    return [problem.kind for problem in snapshot.problems]


def test_sources_that_agree_as_far_as_they_go_are_no_conflict() -> None:
    snapshot = parse(article_page(PAGE))
    assert snapshot.problems == ()
    assert snapshot.article is not None
    assert snapshot.article.published_at == "2024-05-03T10:15:42+05:00"


def test_json_ld_comes_before_meta_and_meta_before_the_visible_time() -> None:
    html = article_page(replace(PAGE, shown="05 May, 2024"))
    html = html.replace('content="2024-05-03 10', 'content="2024-05-04 10')
    snapshot = parse(html)
    assert snapshot.article and snapshot.article.published_at == "2024-05-03T10:15:42+05:00"
    (problem,) = snapshot.problems
    assert problem.kind == "conflict"
    assert problem.excerpt == (
        "JSON-LD: 2024-05-03T10:15:42+05:00 | meta article:published_time: "
        "2024-05-04T10:15:42+05:00 | the visible time: 2024-05-05"
    )
    without_json = html.replace("NewsArticle", "WebSite")
    assert article_of(without_json).published_at == "2024-05-04T10:15:42+05:00"
    visible = replace(PAGE, published="", shown="Published 05 May, 2024 01:02am")
    assert article_of(article_page(visible)).published_at == "2024-05-05T01:02:00+05:00"


def test_another_offset_becomes_that_of_the_site() -> None:
    html = article_page(replace(PAGE, published="2024-05-03T05:15:42Z"))
    assert article_of(html).published_at == "2024-05-03T10:15:42+05:00"


@pytest.mark.parametrize("bad", ["0000-00-00T00:00:00", "2024-02-31", "soon", "9999-99-99"])
def test_a_date_that_is_none_is_a_finding_and_the_next_source_is_asked(bad: str) -> None:
    html = article_page(replace(PAGE, published=bad))
    snapshot = parse(html)
    assert snapshot.article and snapshot.article.published_at == "2024-05-03T10:15:00+05:00"
    assert set(kinds(snapshot)) == {"bad-date"}


def test_a_date_later_than_the_capture_is_a_finding_and_no_value() -> None:
    early = parse(article_page(PAGE), captured_at="2024-05-03T05:15:41Z")
    assert early.article and early.article.published_at is None
    assert kinds(early) == ["future-date"]
    in_time = parse(article_page(PAGE), captured_at="2024-05-03T05:15:42Z")
    assert in_time.article and in_time.article.published_at is not None
    # Without a clock time the capture may be as late as that day goes anywhere.
    same_day = parse(article_page(PAGE), captured_at="2024-05-03")
    assert same_day.problems == ()


def test_headline_comes_from_the_page_before_json_ld_and_og_title() -> None:
    html = article_page(PAGE).replace(
        f">{PAGE.headline}</a></h1>", ">Rain fills <em>the</em> ponds</a></h1>"
    )
    snapshot = parse(html)
    assert snapshot.article and snapshot.article.headline == "Rain fills the ponds"
    (problem,) = snapshot.problems
    assert problem.kind == "conflict" and "JSON-LD, og:title" in problem.detail


def test_title_suffixes_case_and_typographic_quotes_are_no_conflict() -> None:
    page = replace(PAGE, headline="Farmers’ ponds “are full”")
    html = article_page(page).replace(
        'og:title" content="Farmers’ ponds “are full”',
        'og:title" content="FARMERS\' PONDS &quot;ARE FULL&quot; - Pakistan - Business Recorder',
    )
    assert parse(html).problems == ()


def test_authors_of_json_ld_come_before_meta_author_and_byline() -> None:
    html = article_page(PAGE).replace(
        '[{"@type": "Person", "name": "A. Writer"}]', '[{"name": "A. Writer"}, "B. Reader"]'
    )
    snapshot = parse(html)
    assert snapshot.article and snapshot.article.byline == "A. Writer | B. Reader"
    assert kinds(snapshot) == ["conflict"]


def test_addresses_with_different_numbers_are_a_conflict() -> None:
    html = article_page(PAGE).replace('data-id="40300001"', 'data-id="40300002"')
    snapshot = parse(html)
    assert snapshot.news_id == 40300001
    assert kinds(snapshot) == ["conflict"]


def test_the_address_of_the_capture_is_kept_whatever_the_page_says() -> None:
    snapshot = parse(article_page(PAGE), url=f"{NEWS}40300009/slug?x=1")
    assert snapshot.page_url == f"{NEWS}40300009"
    assert kinds(snapshot) == ["conflict"]


def test_an_address_of_a_web_archive_is_that_of_the_page_in_it() -> None:
    url = f"https://web.archive.org/web/20240503101500/{NEWS}40300001/slug"
    snapshot = parse(article_page(PAGE), url=url)
    assert (snapshot.page_url, snapshot.news_id) == (f"{NEWS}40300001", 40300001)
    assert snapshot.problems == ()


def test_an_address_that_is_none_is_told() -> None:
    assert kinds(parse(article_page(PAGE), url="javascript:alert(1)")) == ["bad-url"]


def test_of_two_article_elements_the_one_with_the_number_of_the_page_counts() -> None:
    other = (
        '<article class="story" data-id="1"><h1 class="story__title">Not this one</h1></article>'
    )
    html = article_page(replace(PAGE, furniture=other))
    assert article_of(html).headline == PAGE.headline


def test_stories_beside_the_article_are_no_listing() -> None:
    other = (
        '<article class="story" data-id="40300007"><h2 class="story__title">Beside</h2></article>'
    )
    snapshot = parse(article_page(replace(PAGE, tail=other)))
    assert snapshot.listings == () and snapshot.layout == "html"


def test_comments_under_an_article_are_not_body() -> None:
    comments = '<section class="comments"><p>I do not believe a word.</p></section>'
    page = replace(PAGE, content=PAGE.content + comments)
    assert article_of(article_page(page)).body == "Rain filled ponds on Sunday."


def test_blocks_are_read_in_order_lists_with_bullets_tables_by_rows() -> None:
    content = (
        "<div><p>One.</p>Loose text.<blockquote>Said.</blockquote></div><ol><li>First.</li></ol>"
        "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
        "<table><tr><td><p>In a frame.</p></td></tr></table>"
        "<pre>====\nX    1\n====</pre><p>Last<sup>2</sup>.</p>"
    )
    assert article_of(article_page(replace(PAGE, content=content))).body.split("\n\n") == [
        "One.", "Loose text.", "Said.", "• First.", "A  B\n1  2", "In a frame.",
        "====\nX    1\n====", "Last2.",
    ]  # fmt: skip


def test_a_paragraph_that_is_all_link_to_another_article_is_a_teaser() -> None:
    link = f'<a href="{NEWS}40300005/other">Dams</a>'
    content = (
        f"<p>One.</p><p><strong>{link}</strong></p><p>See {link}.</p>"
        f'<p><a href="{NEWS}40300001/a-slug">This page itself</a></p>'
        '<p><a href="javascript:go()">Click</a></p><p><a href="/about">About us</a></p>'
    )
    article = article_of(article_page(replace(PAGE, content=content)))
    (teaser,) = article.teasers
    assert (teaser.position, teaser.headline, teaser.url) == (1, "Dams", f"{NEWS}40300005")
    assert article.body.split("\n\n") == [
        "One.", "See Dams.", "This page itself", "Click", "About us",
    ]  # fmt: skip


def test_a_long_sub_heading_is_body_and_no_teaser() -> None:
    content = "<p>One.</p><h3>What the ponds of the desert may hold</h3><p>Two.</p>"
    article = article_of(article_page(replace(PAGE, content=content)))
    assert article.teasers == ()
    assert "What the ponds of the desert may hold" in article.body


def test_captions_stand_apart_from_the_body() -> None:
    content = "<figure><img><figcaption>A pond.</figcaption></figure>" + PAGE.content
    article = article_of(article_page(replace(PAGE, content=content)))
    assert article.caption == "A pond."
    assert article.body == "Rain filled ponds on Sunday."


def test_a_head_that_an_image_ends_early_is_read_to_its_end() -> None:
    html = article_page(PAGE).replace("<title>", '<noscript><img src="p.gif"></noscript><title>')
    snapshot = parse(html)
    assert snapshot.news_id == 40300001
    assert snapshot.article and snapshot.article.published_at == "2024-05-03T10:15:42+05:00"
