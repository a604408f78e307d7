"""Render a page of the site as HTML.

The structure is that of docs/page-format.md, HTML: class names, nesting and meta tags. `furniture`
takes the place of the rest of a real page (scripts, menus, drawings).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from loader.model import Article, Board, Quote
from tests.page.ticker_lines import render_quote

NEWS = "https://www.brecorder.com/news/"


@dataclass(frozen=True)
class Page:
    """The contents of an article page. `content` is HTML; empty parts are omitted.

    `published` and `modified` are written into JSON-LD with a `T` and into the meta tags
    with a blank, as the site does; `shown` is the visible time.
    """

    headline: str
    content: str
    news_id: int = 40300001
    slug: str = "a-slug"
    board: Board | None = None
    masthead: str = ""
    section: str = ""
    byline: str = ""
    published: str = ""
    modified: str = ""
    shown: str = ""
    shown_update: str = ""
    excerpt: str = ""
    tags: Sequence[str] = ()
    head: str = ""
    tail: str = ""
    furniture: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        return f"{NEWS}{self.news_id}/{self.slug}"


def article_page(page: Page) -> str:
    """Return the whole page."""
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>',
            *head_lines(page),
            page.head,
            "</head>",
            '<body class="single">',
            page.furniture,
            ticker(page.board) if page.board else "",
            masthead(page.masthead),
            story(page),
            '<section class="comments"><h2>Comments</h2><div class="comment">'
            "<p>A reader says that this is not so.</p></div><span>200 characters</span></section>",
            page.tail,
            "</body>\n</html>\n",
        ]
    )


def head_lines(page: Page) -> list[str]:
    lines = [
        '<meta charset="utf-8">',
        f"<title>{escape(page.headline)} - Business Recorder</title>",
        f'<link rel="canonical" href="{page.url}">',
        f'<meta property="og:title" content="{escape(page.headline)}">',
        f'<meta property="og:url" content="{page.url}">',
    ]
    if page.byline:
        lines.append(f'<meta name="author" content="{escape(page.byline)}">')
    if page.published:
        blank = page.published.replace("T", " ")
        lines.append(f'<meta property="article:published_time" content="{blank}">')
    if page.modified:
        blank = page.modified.replace("T", " ")
        lines.append(f'<meta property="article:modified_time" content="{blank}">')
    if page.section:
        lines.append(f'<meta property="article:section" content="{escape(page.section)}">')
    lines += [f'<meta property="article:tag" content="{escape(tag)}">' for tag in page.tags]
    lines += [json_ld(block) for block in json_blocks(page)]
    return lines


def json_blocks(page: Page) -> list[dict[str, object]]:
    """Return JSON-LD of publisher, breadcrumbs and article, as three blocks."""
    article: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.headline,
        "mainEntityOfPage": {"@type": "WebPage", "@id": page.url},
    }
    if page.published:
        article["datePublished"] = page.published
    if page.modified:
        article["dateModified"] = page.modified
    if page.byline:
        article["author"] = [{"@type": "Person", "name": page.byline}]
    return [
        {"@context": "https://schema.org", "@type": "NewsMediaOrganization",
         "name": "Business Recorder", "url": "https://www.brecorder.com"},
        {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": []},
        article,
    ]  # fmt: skip


def json_ld(block: object) -> str:
    text = json.dumps(block, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'


def ticker(board: Board) -> str:
    """Return shares in `.js-ticker`, each symbol linked, and indices in the `div` beside it."""
    shares = "\n".join(
        f'<div class="ticker__item">{_cells(quote, linked=True)}</div>' for quote in board.shares
    )
    indices = "\n".join(
        f'<div class="ticker__item">{_cells(quote, linked=False)}</div>' for quote in board.indices
    )
    return (
        f'<div class="ticker">\n<div class="js-ticker">\n{shares}\n</div>\n'
        f'<div class="ticker__indices">\n{indices}\n</div>\n</div>'
    )


def _cells(quote: Quote, *, linked: bool) -> str:
    symbol, price, rest = render_quote(quote).split(" ", 2)
    word = next(word for word in ("Increased By", "Decreased By", "No Change") if word in rest)
    numbers = rest.removeprefix(word).strip()
    name = symbol
    if linked:
        href = f"https://markets.brecorder.com/companies/{symbol}.html"
        name = f'<a href="{href}">{symbol}</a>'
    return (
        f"<span>{name}</span>\n<span>{price}</span>\n"
        f'<span class="sr-only">{word}</span>\n<span>{numbers}</span>'
    )


def masthead(date: str) -> str:
    return f'<header><span title="Today\'s Date">{date}</span></header>' if date else ""


def story(page: Page) -> str:
    """Return the article's own element."""
    data_tags = escape(",".join(page.tags))
    parts = [
        f'<article class="story" data-id="{page.news_id}" data-tags="{data_tags}">',
        f'<span class="badge">{escape(page.section)}</span>' if page.section else "",
        f'<h1 class="story__title"><a href="{page.url}">{escape(page.headline)}</a></h1>',
        f'<div class="story__excerpt">{page.excerpt}</div>' if page.excerpt else "",
        f'<span class="story__byline"><a href="/authors/1">{escape(page.byline)}</a></span>'
        if page.byline
        else "",
        _times(page),
        f'<div class="story__content">\n{page.content}\n</div>',
        '<div class="story__tags">'
        + " ".join(f'<a href="/trends/{number}">{escape(tag)}</a>'
                   for number, tag in enumerate(page.tags))
        + "</div>"
        if page.tags
        else "",
        "</article>",
    ]  # fmt: skip
    return "\n".join(part for part in parts if part)


def _times(page: Page) -> str:
    times = [
        f'<span class="timestamp--{kind}"><span class="timestamp--label">{kind.title()}</span> '
        f'<span class="timestamp--date">{shown}</span></span>'
        for kind, shown in (("published", page.shown), ("updated", page.shown_update))
        if shown
    ]
    return f'<span class="story__time">{" ".join(times)}</span>' if times else ""


def content_of(article: Article) -> str:
    """Return an article's paragraphs as HTML, teasers as links, tables as preformatted text."""
    parts: list[str] = []
    paragraphs = article.body.split("\n\n")
    if article.dateline:
        paragraphs[0] = f"{article.dateline}: {paragraphs[0]}"
    for position, paragraph in enumerate([*paragraphs, None]):
        parts += [
            f'<p><strong><a href="{NEWS}4029{number:04}/other">{escape(teaser.headline)}</a>'
            "</strong></p>"
            for number, teaser in enumerate(article.teasers)
            if teaser.position == position
        ]
        if paragraph is None:
            break
        tag = "pre" if "\n" in paragraph else "p"
        parts.append(f"<{tag}>{escape(paragraph)}</{tag}>")
    return "\n".join(parts)
