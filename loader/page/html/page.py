"""Parse a capture of type `text/html` into a snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from loader.model import Article, Capture, Listing, Snapshot
from loader.page.address import with_archive_time
from loader.page.dates import parse_printed
from loader.page.html.around import (
    image_of_head,
    read_author_pages,
    read_images,
    read_related,
)
from loader.page.html.article import Parts, find_parts, read_article
from loader.page.html.charset import to_utf8
from loader.page.html.clean import clean, text_of
from loader.page.html.findings import Findings
from loader.page.html.guard import excess
from loader.page.html.identity import Identity, addresses, identify
from loader.page.html.listing import read_listings
from loader.page.html.metadata import Metadata, read_metadata
from loader.page.html.moments import without_future_dates
from loader.page.html.singlefile import Claims, is_cut_off, read_claims
from loader.page.html.ticker import read_ticker
from loader.page.known_boards import KnownBoards

# All elements looked for in the whole page, in one query so that its tree is walked once.
_LANDMARKS = 'article.story, .js-ticker, span[title="Today\'s Date"]'
_OWN = "h1.story__title, .story__content"
# Elements with the text on pages without `.story__content`: AMP and older templates.
_CONTENTS = ("[itemprop=articleBody]", "article", "main")
_PDF = b"%PDF-"


@dataclass(slots=True)
class _Landmarks:
    """Elements by which a page of the site is recognised."""

    stories: list[LexborNode] = field(default_factory=list)
    tickers: list[LexborNode] = field(default_factory=list)
    masthead: LexborNode | None = None


def parse_html(capture: Capture, known: KnownBoards | None = None) -> Snapshot:
    """Return the snapshot of an HTML page.

    Never raises: anything but a page of the site gives only problems.
    """
    if capture.data.lstrip()[:5] == _PDF:
        findings = Findings(capture)
        findings.add("not-a-page", "is a PDF file, no HTML page")
        return Snapshot(capture, problems=tuple(findings.problems))
    return parse_markup(capture, to_utf8(capture.data, capture.charset), known)


def parse_markup(capture: Capture, markup: bytes, known: KnownBoards | None = None) -> Snapshot:
    """Return the snapshot of a page in UTF-8.

    Address and time recorded by SingleFile are used where the capture has none.
    """
    saved = read_claims(markup)
    capture = _with_claims(capture, saved) if saved else capture
    findings = Findings(capture)
    if saved and saved.saved_text and saved.saved_at is None:
        findings.add("bad-date", "SingleFile notes a saved date that is none", saved.saved_text)
    if reason := excess(markup):
        findings.add("too-complex", reason, _excerpt(markup[:200]))
        return Snapshot(capture, problems=tuple(findings.problems))
    page = LexborHTMLParser(markup)
    metadata = read_metadata(page, findings)
    capture = with_archive_time(capture, metadata.canonical, metadata.first("og:url"))
    named = addresses(capture, metadata)
    found = _find_landmarks(page)
    story = _own_story(found.stories, named.news_id)
    if capture.url and named.asked is None:
        findings.add("bad-url", "its address is no http address", clean(capture.url))
    identity = identify(named, story.attributes.get("data-id") if story else None, findings)
    if identity.is_foreign:
        return _not_a_page(capture, identity, metadata, "is a page of another site")
    block = read_ticker(found.tickers, findings, known)
    has_board = block is not None and block.has_board
    masthead_date = _masthead_date(found.masthead, findings)
    # A page without a capture time was rendered on the day in its masthead.
    seen_at = capture.captured_at or masthead_date
    article: Article | None = None
    listings: tuple[Listing, ...] = ()
    if story is not None or _is_loose_article(page, identity, metadata):
        article = _article(page, story, metadata, identity, seen_at, findings)
    else:
        listings = read_listings(found.stories, seen_at, findings)
    if not has_board and article is None and not listings:
        return _not_a_page(capture, identity, metadata, "holds no article, board or listing")
    if article is None and not listings:
        _note_not_a_page(findings, metadata, "holds a board but no article or listing")
    if is_cut_off(markup, omits_end_tags=saved is not None):
        findings.add(
            "cut-off", "ends in the middle: what there is is kept", _excerpt(markup[-200:])
        )
    return Snapshot(
        capture=capture,
        page_url=identity.address.url if identity.address else None,
        news_id=identity.news_id,
        board=block.board if block else None,
        article=article,
        masthead_date=masthead_date,
        layout=_layout(page, is_listing=bool(listings)),
        listings=listings,
        problems=tuple(findings.problems),
        known_board=block.known if block else None,
        board_key=block.key if block else None,
    )


def _with_claims(capture: Capture, saved: Claims) -> Capture:
    url = capture.url or saved.url
    # A copy in a web archive is older than the day it was saved from there.
    is_archived = saved.url is not None and saved.url.count("://") > 1
    if capture.captured_at is not None or saved.saved_at is None or is_archived:
        return replace(capture, url=url)
    return replace(
        capture, url=url, captured_at=saved.saved_at, captured_basis="SingleFile saved date"
    )


def _find_landmarks(page: LexborHTMLParser) -> _Landmarks:
    found = _Landmarks()
    for node in page.css(_LANDMARKS):
        classes = (node.attributes.get("class") or "").split()
        if "js-ticker" in classes:
            found.tickers.append(node)
        elif node.tag == "article":
            found.stories.append(node)
        else:
            found.masthead = found.masthead or node
    return found


def _own_story(stories: list[LexborNode], news_id: int | None) -> LexborNode | None:
    """Return the element of the page's own article, among those of other stories."""
    own = [story for story in stories if story.css_first(_OWN) is not None]
    number = str(news_id)
    return next((story for story in own if story.attributes.get("data-id") == number), None) or (
        own[0] if own else None
    )


def _is_loose_article(page: LexborHTMLParser, identity: Identity, metadata: Metadata) -> bool:
    """Whether a page of the site is an article without an article element (AMP, cut off).

    A news address is not enough, since error pages have one too.
    """
    if identity.address is None:
        return False
    return bool(metadata.news) or page.css_first(_OWN) is not None


def _article(
    page: LexborHTMLParser,
    story: LexborNode | None,
    metadata: Metadata,
    identity: Identity,
    seen_at: str | None,
    findings: Findings,
) -> Article | None:
    root = story if story is not None else page.root
    if root is None:
        return None
    parts = find_parts(root)
    if story is None and "story__title" not in parts.nodes and (title := root.css_first("h1")):
        parts.nodes["story__title"] = title
    content = parts.nodes.get("story__content") or next(
        (node for selector in _CONTENTS if (node := root.css_first(selector))), story
    )
    article = read_article(parts, content, metadata, identity.news_id, findings)
    if article is not None:
        outer = story if story is not None else content
        base = identity.address.url if identity.address else None
        article = _with_surroundings(article, outer, parts, metadata, identity.news_id, base)
    return without_future_dates(article, seen_at, findings) if article else None


def _with_surroundings(
    article: Article,
    root: LexborNode | None,
    parts: Parts,
    metadata: Metadata,
    news_id: int | None,
    base: str | None,
) -> Article:
    """Return the article with its images, author pages and related stories."""
    images = read_images(root, base) if root is not None else ()
    known = {teaser.headline for teaser in article.teasers}
    position = article.body.count("\n\n") + 1 if article.body else 0
    related = read_related(root, position, news_id) if root is not None else ()
    return replace(
        article,
        images=images or image_of_head(metadata, base),
        author_pages=read_author_pages(parts.nodes.get("story__byline"), metadata, base),
        teasers=(
            *article.teasers,
            *(teaser for teaser in related if teaser.headline not in known),
        ),
    )


def _masthead_date(node: LexborNode | None, findings: Findings) -> str | None:
    printed = text_of(node) if node is not None else ""
    if not printed:
        return None
    parsed = parse_printed(printed)
    if parsed is None:
        findings.add("bad-date", "the masthead prints a date that no calendar has", printed)
    return parsed


def _layout(page: LexborHTMLParser, *, is_listing: bool) -> str:
    if is_listing:
        return "html-listing"
    attributes = page.root.attributes if page.root is not None else {}
    return "html-amp" if "amp" in attributes or "⚡" in attributes else "html"


def _not_a_page(capture: Capture, identity: Identity, metadata: Metadata, what: str) -> Snapshot:
    findings = Findings(capture)
    _note_not_a_page(findings, metadata, what)
    return Snapshot(
        capture=capture,
        page_url=identity.address.url if identity.address else None,
        news_id=identity.news_id,
        problems=tuple(findings.problems),
    )


def _note_not_a_page(findings: Findings, metadata: Metadata, what: str) -> None:
    title = f"its title: {metadata.title[:120]}" if metadata.title else "it has no title"
    findings.add("not-a-page", f"{what}; {title}")


def _excerpt(markup: bytes) -> str:
    return clean(markup.decode("utf-8", "replace"))
