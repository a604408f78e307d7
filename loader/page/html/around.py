"""Read the surroundings of a text in HTML: images, author pages and related stories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from loader.model import AuthorPage, Image, Teaser
from loader.page.html.clean import clean_url, clean_value, text_of
from loader.page.html.identity import page_address
from loader.page.html.metadata import Metadata
from loader.web_archives import archived_page

SITE: Final = "https://www.brecorder.com/"
_IMAGES: Final = "img, amp-img"
# Attributes with an image's address; `src` is last, since lazy loading puts a placeholder there.
_ADDRESSES: Final = ("data-src", "data-original", "data-lazy-src", "src")
_CAPTION: Final = "figcaption, .media__caption, .wp-caption-text, .caption"
# Classes of the site's furniture; an image inside is not one of the story.
_FURNITURE: Final = frozenset(
    {"comments", "js-ticker", "story__byline", "story__related", "story__social", "story__tags"}
)
_SKIPPED: Final = frozenset({"aside", "footer", "nav", "form", "button"})
_RELATED: Final = (
    "aside a[href], .story__related a[href], .related a[href], .related-stories a[href],"
    " .read-more a[href], .also-read a[href]"
)
_MAX_LINE: Final = 500
_MAX_CAPTION: Final = 2000
_MAX_FOUND: Final = 200
_MAX_DEPTH: Final = 40


def absolute(address: str | None, base: str | None) -> str | None:
    """Return a link as an absolute HTTP address, without a web archive's prefix; else None."""
    if not address or address.startswith(("data:", "javascript:", "#")):
        return None
    address = address.strip()
    try:
        whole = urljoin(base or SITE, address)
    except ValueError:
        return None
    archived = archived_page(whole)
    return clean_url(archived.url if archived else whole)


def read_images(root: LexborNode, base: str | None) -> tuple[Image, ...]:
    """Return the images of an article's element with their captions, each address once."""
    found: dict[str, Image] = {}
    for node in root.css(_IMAGES)[:_MAX_FOUND]:
        url = _address(node, base)
        if url is None or url in found:
            continue
        is_furniture, figure = _surroundings(node, root)
        if not is_furniture:
            found[url] = Image(url, _caption(figure) if figure is not None else None)
    return tuple(found.values())


def image_of_head(metadata: Metadata, base: str | None) -> tuple[Image, ...]:
    """Return the image named in the head, for pages that show none."""
    named = [metadata.first("og:image"), *_addresses_in(metadata.news.get("image"))]
    urls = (absolute(address, base) for address in named)
    return tuple(Image(url, None) for url in dict.fromkeys(url for url in urls if url))[:1]


def _addresses_in(value: Any) -> Iterator[str]:
    """Yield the addresses in a JSON-LD value: a string, an object with `url`, or a list of both."""
    for thing in value[:_MAX_FOUND] if isinstance(value, list) else [value]:
        if isinstance(thing, dict):
            thing = thing.get("url") or thing.get("@id")
        if isinstance(thing, str):
            yield thing


def _address(node: LexborNode, base: str | None) -> str | None:
    attributes = node.attributes
    named = [attributes.get(name) for name in _ADDRESSES]
    named.append((attributes.get("srcset") or "").split(",")[0].strip().split(" ")[0])
    return next((url for address in named if (url := absolute(address, base))), None)


def _surroundings(node: LexborNode, root: LexborNode) -> tuple[bool, LexborNode | None]:
    """Return whether an image is inside furniture, and the figure that encloses it."""
    figure = None
    parent = node.parent
    for _ in range(_MAX_DEPTH):
        if parent is None or parent.mem_id == root.mem_id:
            break
        classes = set((parent.attributes.get("class") or "").split())
        if parent.tag in _SKIPPED or not _FURNITURE.isdisjoint(classes):
            return True, None
        if figure is None and (parent.tag == "figure" or classes & {"media", "wp-caption"}):
            figure = parent
        parent = parent.parent
    return False, figure


def _caption(figure: LexborNode) -> str | None:
    node = figure.css_first(_CAPTION)
    text = text_of(node) if node is not None else ""
    return text[:_MAX_CAPTION] or None


def read_author_pages(
    byline: LexborNode | None, metadata: Metadata, base: str | None
) -> tuple[AuthorPage, ...]:
    """Return the names of authors with the addresses of their pages, each name once."""
    found: dict[str, str] = {}
    authors = metadata.news.get("author")
    for author in authors[:_MAX_FOUND] if isinstance(authors, list) else [authors]:
        if isinstance(author, dict) and isinstance(author.get("name"), str):
            address = next(_addresses_in(author), None)
            _add(found, clean_value(author["name"]), absolute(address, base))
    for link in byline.css("a[href]")[:_MAX_FOUND] if byline is not None else ():
        _add(found, text_of(link), absolute(link.attributes.get("href"), base))
    return tuple(AuthorPage(name, url) for name, url in found.items())


def _add(found: dict[str, str], name: str, url: str | None) -> None:
    if name and url and len(name) <= _MAX_LINE:
        found.setdefault(name, url)


def read_related(root: LexborNode, position: int, news_id: int | None) -> Iterator[Teaser]:
    """Yield the stories linked from boxes within or below a text, as teasers at `position`."""
    seen: set[str] = set()
    for link in root.css(_RELATED)[:_MAX_FOUND]:
        address = page_address(absolute(link.attributes.get("href"), None))
        if address is None or address.news_id in (None, news_id):
            continue
        headline = text_of(link)
        if headline and len(headline) <= _MAX_LINE and headline not in seen:
            seen.add(headline)
            yield Teaser(position, headline, address.url)
