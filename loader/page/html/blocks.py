"""Convert the content of an article to lines of text, in reading order.

Each paragraph, sub-heading and list item is a line between blank lines; a table is a run of
lines with two blanks between cells; `<pre>` keeps its lines. Facts that the text alone does not
show, such as the link of a teaser, are recorded by line number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from loader.model import TextLink
from loader.page.html.clean import RAW_TEXT, clean, lines_of, text_of
from loader.page.html.identity import page_address
from loader.page.html.table import read_table
from loader.page.reading import MarkupTable

_BLOCKS = frozenset(
    {
        "address", "article", "blockquote", "center", "dd", "details", "div", "dl", "dt",
        "fieldset", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p",
        "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
# Tested first, since most elements in a text are inline.
_INLINE = frozenset({"a", "b", "br", "em", "i", "strong", "u"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_SKIPPED = frozenset(RAW_TEXT) | {
    "amp-ad", "aside", "audio", "button", "canvas", "embed", "footer", "form", "input", "math",
    "nav", "object", "select", "svg", "video",
}  # fmt: skip
# Furniture by exact class name, so that a similar class does not hide a paragraph.
_FURNITURE = frozenset(
    {
        "comments", "js-ticker", "sr-only", "story__byline", "story__excerpt", "story__social",
        "story__tags", "story__time", "story__title",
    }
)  # fmt: skip
_CAPTIONS = frozenset({"caption", "media__caption", "wp-caption-text"})


@dataclass(slots=True)
class Content:
    """Lines as in a page text, with facts from the markup by line number.

    `teasers` has the address that a line links to, `links` those within sentences, `kept` the
    lines that are body by their markup, `tables` the tables by their first line.
    """

    lines: list[str] = field(default_factory=list)
    teasers: dict[int, str] = field(default_factory=dict)
    links: dict[int, list[TextLink]] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    captions: list[str] = field(default_factory=list)
    tables: dict[int, MarkupTable] = field(default_factory=dict)


def read_blocks(root: LexborNode) -> Content:
    """Return the lines of a content element, without recursion, since nesting is unlimited."""
    walk = _Walk()
    top = root.mem_id
    node = root.first_child
    while node is not None:
        if walk.enter(node):
            if (child := node.first_child) is not None:
                node = child
                continue
            walk.leave(node)
        while (following := node.next) is None:
            parent = node.parent
            if parent is None or parent.mem_id == top:
                walk.end_paragraph()
                return walk.content
            node = parent
            walk.leave(node)
        node = following
    return walk.content


class _Walk:
    """Collects the text of each block, and facts about it."""

    __slots__ = (
        "_has_plain", "_hrefs", "_in_link", "_is_heading", "_link_start", "_links", "_parts",
        "_prefix", "content",
    )  # fmt: skip

    def __init__(self) -> None:
        self.content = Content()
        self._in_link = False
        self._prefix = ""
        self._is_heading = False
        self._start()

    def _start(self) -> None:
        self._parts: list[str] = []
        self._hrefs: set[str] = set()
        self._link_start = 0  # of the open link, among the parts
        self._links: list[tuple[str, str]] = []  # words and href
        # Whether there is text outside of links.
        self._has_plain = False

    def enter(self, node: LexborNode) -> bool:
        """Process a node; return whether to visit its children."""
        text = node.text_content
        if text is not None:
            self._parts.append(text)
            if not (self._in_link or text.isspace()):
                self._has_plain = True
            return False
        tag = node.tag
        if tag is None or tag in _SKIPPED or self._is_set_apart(tag, node):
            return False
        if tag == "br":
            self._end_line()
        elif tag == "a":
            self._in_link = True
            self._link_start = len(self._parts)
            self._hrefs.add(node.attributes.get("href") or "")
        elif tag in _BLOCKS:
            self.end_paragraph()
            if tag == "p" and (line := _only_text(node)) and not self._prefix:
                # A shortcut that serves most paragraphs.
                self.content.lines += (line, "")
                return False
            self._is_heading = tag in _HEADINGS
            # The bullet of list items in page texts.
            self._prefix = "• " if tag == "li" else self._prefix
        return True

    def leave(self, node: LexborNode) -> None:
        """End the link or block of a node."""
        tag = node.tag
        if tag == "a":
            self._in_link = False
            words = clean("".join(self._parts[self._link_start :]))
            if words and (href := node.attributes.get("href")):
                self._links.append((words, href))
        elif tag in _BLOCKS:
            self.end_paragraph()
            self._is_heading = False
            if tag == "li":
                self._prefix = ""

    def _is_set_apart(self, tag: str, node: LexborNode) -> bool:
        """Process furniture, a caption, a table or preformatted text; whether a node is one."""
        if tag == "pre":
            self._add_block(lines_of(node))
            return True
        if tag == "table":
            grid = read_table(node)
            if grid is not None:
                lines = ["  ".join(filter(None, row)) for row in grid.rows]
                self.end_paragraph()
                self.content.tables[len(self.content.lines)] = MarkupTable(len(lines), grid)
                self._add_block(lines)
            return grid is not None
        if tag in _INLINE:
            return False
        classes = (node.attributes.get("class") or "").split()
        if tag == "figcaption" or (tag != "figure" and not _CAPTIONS.isdisjoint(classes)):
            self._add_caption(text_of(node))
            return True
        return not _FURNITURE.isdisjoint(classes)

    def _add_caption(self, caption: str) -> None:
        self.end_paragraph()
        if caption and caption not in self.content.captions:
            self.content.captions.append(caption)

    def _add_block(self, lines: list[str]) -> None:
        """Add consecutive lines between blank lines; none of them can be a teaser."""
        self.end_paragraph()
        content = self.content
        content.kept.update(range(len(content.lines), len(content.lines) + len(lines)))
        content.lines += [*lines, ""]

    def _end_line(self) -> None:
        """End a line, but not its paragraph."""
        line = clean("".join(self._parts))
        if line:
            lines = self.content.lines
            if self._is_heading:
                self.content.kept.add(len(lines))
            if not self._has_plain and len(self._hrefs) == 1 and not self._prefix:
                self._note_teaser(len(lines))
            elif self._links:
                self._note_links(len(lines))
            lines.append(self._prefix + line)
            self._prefix = self._prefix and "  "
        self._start()

    def end_paragraph(self) -> None:
        """End the current paragraph, if there is one."""
        if self._parts:
            self._end_line()
        lines = self.content.lines
        if lines and lines[-1]:
            lines.append("")

    def _note_teaser(self, number: int) -> None:
        (href,) = self._hrefs
        if (url := _story_url(href)) is not None:
            self.content.teasers[number] = url

    def _note_links(self, number: int) -> None:
        for words, href in self._links:
            if (url := _story_url(href)) is not None:
                self.content.links.setdefault(number, []).append(TextLink(words, url))


def _story_url(href: str) -> str | None:
    """Return the canonical address of a link to a story, None for any other link."""
    # A link without a host is to the page's own site.
    address = page_address(f"https://www.brecorder.com{href}" if href[:6] == "/news/" else href)
    return address.url if address is not None and address.news_id is not None else None


def _only_text(node: LexborNode) -> str | None:
    """Return the text of an element that has only a text node, else None."""
    child = node.first_child
    if child is None or child.next is not None or (text := child.text_content) is None:
        return None
    return clean(text)
