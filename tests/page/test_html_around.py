"""Images with captions, author pages and related stories, by address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loader.model import Article, AuthorPage, Image, Teaser
from loader.page.html.around import absolute
from tests.make_html.template import NEWS, Page, article_page
from tests.page.html_pages import parse

PAGE = Page(headline="Rain fills ponds", content="<p>MITHI: Rain filled ponds on Sunday.</p>")
SITE = "https://www.brecorder.com"


def article_with(content: str = "", story: str = "", head: str = "") -> Article:
    """An article whose text is followed by `content`, its element by `story`."""
    page = article_page(replace(PAGE, content=PAGE.content + content, head=head))
    article = parse(page.replace("</article>", f"{story}</article>")).article
    assert article is not None
    return article


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ('<img src="https://i.brecorder.com/a.jpg">', [("https://i.brecorder.com/a.jpg", None)]),
        ('<img src="//i.brecorder.com/a.jpg">', [("https://i.brecorder.com/a.jpg", None)]),
        ('<img src="/i/a.jpg">', [(f"{SITE}/i/a.jpg", None)]),
        ('<img src="data:image/gif;base64,AA" data-src="/i/a.jpg">', [(f"{SITE}/i/a.jpg", None)]),
        ('<img data-original="/i/a.jpg" src="/blank.gif">', [(f"{SITE}/i/a.jpg", None)]),
        ('<img srcset="/i/a.jpg 1x, /i/b.jpg 2x">', [(f"{SITE}/i/a.jpg", None)]),
        ('<amp-img src="/i/a.jpg"></amp-img>', [(f"{SITE}/i/a.jpg", None)]),
        ('<figure><img src="/i/a.jpg"><figcaption>A pond. Photo: APP</figcaption></figure>',
         [(f"{SITE}/i/a.jpg", "A pond. Photo: APP")]),
        ('<div class="media"><div><img src="/i/a.jpg"></div><p class="media__caption">A pond</p>'
         "</div>", [(f"{SITE}/i/a.jpg", "A pond")]),
        ('<div class="wp-caption"><img src="/i/a.jpg"><p class="wp-caption-text">A <b>pond</b></p>'
         "</div>", [(f"{SITE}/i/a.jpg", "A pond")]),
        ('<figure><img src="/a.jpg"><figcaption>A</figcaption></figure>'
         '<figure><img src="/b.jpg"><figcaption>B</figcaption></figure>',
         [(f"{SITE}/a.jpg", "A"), (f"{SITE}/b.jpg", "B")]),
        ('<img src="/a.jpg"><img src="/a.jpg">', [(f"{SITE}/a.jpg", None)]),
        ('<img src="https://web.archive.org/web/20240503101500im_/https://i.brecorder.com/a.jpg">',
         [("https://i.brecorder.com/a.jpg", None)]),
        ('<img src="/web/20240503101500im_/https://i.brecorder.com/a.jpg">',
         [("https://i.brecorder.com/a.jpg", None)]),
        ('<img src="javascript:alert(1)"><img src="cid:1"><img src=""><img alt="A">', []),
        ('<aside><img src="/other.jpg"></aside><div class="story__social"><img src="/x.png"></div>',
         []),
    ],
)  # fmt: skip
def test_pictures_of_a_story(markup: str, wanted: list[tuple[str, str | None]]) -> None:
    found = article_with(markup).images
    assert [tuple(image) for image in found] == wanted
    assert [tuple(image) for image in article_with(story=markup).images] == wanted


def test_picture_of_the_head_stands_in_where_the_page_shows_none() -> None:
    head = '<meta property="og:image" content="https://i.brecorder.com/a.jpg">'
    assert article_with(head=head).images == (Image("https://i.brecorder.com/a.jpg"),)
    assert article_with('<img src="/b.jpg">', head=head).images == (Image(f"{SITE}/b.jpg"),)


def test_pages_of_authors_have_their_names() -> None:
    byline = '<span class="story__byline"><a href="/authors/12/a-writer">A. Writer</a></span>'
    assert article_with(story=byline).author_pages == (
        AuthorPage("A. Writer", f"{SITE}/authors/12/a-writer"),
    )
    page = article_page(replace(PAGE, byline="A. Writer")).replace(
        '"name": "A. Writer"}', '"name": "A. Writer", "url": "https://www.brecorder.com/authors/7"}'
    )
    article = parse(page).article
    assert article is not None
    assert article.author_pages == (AuthorPage("A. Writer", f"{SITE}/authors/7"),)


@pytest.mark.parametrize("link", ["", 'href="javascript:x"', 'href="mailto:a@b.pk"', 'href="#"'])
def test_author_without_a_page_is_none(link: str) -> None:
    byline = f'<span class="story__byline"><a {link}>A. Writer</a></span>'
    assert article_with(story=byline).author_pages == ()


@pytest.mark.parametrize(
    "box",
    [
        '<aside><ul><li><a href="{}">Wells of Thar run dry again</a></li></ul></aside>',
        '<div class="story__related"><h4><a href="{}">Wells of Thar run dry again</a></h4></div>',
        '<section class="related"><a href="{}"><b>Wells of Thar</b> run dry again</a></section>',
        '<div class="read-more">Read more: <a href="{}">Wells of Thar run dry again</a></div>',
    ],
)
@pytest.mark.parametrize(
    "href", [f"{NEWS}40290001/slug", "/news/40290001", "http://brecorder.com/news/amp/40290001"]
)
def test_related_stories_follow_the_text_with_their_addresses(box: str, href: str) -> None:
    wanted = Teaser(1, "Wells of Thar run dry again", f"{NEWS}40290001")
    assert article_with(story=box.format(href)).teasers == (wanted,)


@pytest.mark.parametrize("label", ["Read more: ", "ALSO READ: ", "Also read | "])
@pytest.mark.parametrize(
    "form", ["{0}<a href='{1}'>{2}</a>", "<strong>{0}<a href='{1}'>{2}</a></strong>"]
)
def test_headline_announced_in_the_text_has_its_address(label: str, form: str) -> None:
    line = form.format(label, f"{NEWS}40290001", "Wells of Thar run dry")
    found = article_with(f"<p>{line}</p><p>It went on.</p>")
    assert found.body == "Rain filled ponds on Sunday.\n\nIt went on."
    assert found.teasers == (Teaser(1, "Wells of Thar run dry", f"{NEWS}40290001"),)
    assert found.text_links == ()


def test_box_in_the_middle_of_a_text_is_no_text() -> None:
    box = f'<aside><a href="{NEWS}40290001">Wells of Thar run dry again</a></aside>'
    found = article_with(f"{box}<p>It went on.</p>")
    assert found.body == "Rain filled ponds on Sunday.\n\nIt went on."
    assert found.teasers == (Teaser(2, "Wells of Thar run dry again", f"{NEWS}40290001"),)


def test_links_that_are_no_other_story_are_not_related() -> None:
    links = "".join(
        f'<a href="{href}">A line of six words or more</a>'
        for href in (PAGE.url, "/trends/rain", "https://example.com/news/40290001", "")
    )
    assert article_with(f"<aside>{links}</aside>").teasers == ()


def test_story_linked_in_the_text_and_in_a_box_is_one_teaser() -> None:
    link = f'<a href="{NEWS}40290001">Wells of Thar run dry once again</a>'
    found = article_with(f"<p><strong>{link}</strong></p><p>It rained.</p><aside>{link}</aside>")
    assert found.teasers == (Teaser(1, "Wells of Thar run dry once again", f"{NEWS}40290001"),)


@pytest.mark.parametrize("address", ["http://[", "ftp://x/y", "data:x", None, " "])
def test_what_is_no_http_address_is_none(address: str | None) -> None:
    assert absolute(address, None) in (None, f"{SITE}/")
