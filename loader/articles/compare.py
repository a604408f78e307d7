"""Compare two texts of a page, considering all other text of their captures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from loader.articles.edits import Marks, find_edits
from loader.articles.plain import Plain, read_plain, squeeze

_AT_THE_END: Final = 1 << 30
_SITES: Final = ("businessrecorder", "brecorder", "brecorder.com", "businessrecorder(brecorder)")


class Text(NamedTuple):
    """A stored text.

    `apart` has the lines that a parser set apart (teasers, tags), each with the number of
    paragraphs before it, and `summary` those above the text. In another capture, both may be in it.
    """

    dateline: str | None
    body: str
    apart: tuple[tuple[int, str], ...] = ()
    summary: str | None = None


class Side(NamedTuple):
    """A text prepared for comparison.

    `apart` has the lines set apart from it, and `context` all text of its capture besides
    paragraphs; both are squeezed.
    """

    headline: str | None
    dateline: str | None
    body: Plain
    context: frozenset[str]
    apart: frozenset[str]
    is_markup: bool


class Change(NamedTuple):
    """Changes by an editor; the marks refer to both bodies, with datelines in front."""

    headline: bool
    marks: Marks

    @property
    def is_edit(self) -> bool:
        return self.headline or self.marks.is_edit


def read_side(text: Text, headline: str | None, around: Sequence[str], *, is_markup: bool) -> Side:
    """Return a text prepared for comparison."""
    place = f"{text.dateline}:" if text.dateline else None
    summary = (text.summary or "").splitlines()
    # In markup, the summary is the page's description, which may be outdated.
    above = [] if is_markup else summary
    apart = [*around, *(line for _, line in text.apart)]
    return Side(
        headline,
        text.dateline,
        read_plain(_join_lines(text, above)),
        _squeezed([headline, place, *summary, *apart]),
        _squeezed([*above, *apart]),
        is_markup,
    )


def _squeezed(lines: Iterable[str | None]) -> frozenset[str]:
    return frozenset(filter(None, map(squeeze, lines)))


def lines_apart(
    teasers: Iterable[tuple[int, str]], tags_line: str | None
) -> tuple[tuple[int, str], ...]:
    """Return the lines set apart from a text, by the number of paragraphs before each."""
    tags = [(_AT_THE_END, tags_line)] if tags_line else []
    return (*sorted(teasers), *tags)


def _join_lines(text: Text, above: Sequence[str]) -> str:
    """Return a text with the lines set apart from it inserted at their positions."""
    if not (text.apart or above):
        return text.body
    paragraphs = text.body.split("\n\n")
    for position, line in sorted(text.apart, reverse=True):
        paragraphs.insert(position, line)
    return "\n\n".join((*above, *paragraphs))


def compare(old: Side, new: Side, *, is_updated: bool) -> Change:
    """Return an editor's changes between two texts of a page.

    `is_updated` is true if the page states an update between them.
    """
    old, new = with_datelines(old, new)
    marks = find_edits(
        old.body,
        new.body,
        (new.context | old.apart, old.context | new.apart),
        has_evidence=is_updated or (old.is_markup and new.is_markup),
    )
    has_other_headline = (
        is_other_headline(old.headline, new.headline)
        and not _is_beginning(old.headline, new)
        and not _is_beginning(new.headline, old)
    )
    return Change(has_other_headline, marks)


def _is_beginning(headline: str | None, side: Side) -> bool:
    """Return whether a text begins with a headline, as on pages without a headline of their own."""
    own = squeeze_headline(headline)
    text = side.body.squeezed
    return text.startswith(own) or f"{squeeze(side.dateline)}:{text}".startswith(own)


def with_datelines(old: Side, new: Side) -> tuple[Side, Side]:
    """Return two texts, with their datelines in front if both have one and these differ."""
    if not (old.dateline and new.dateline) or squeeze(old.dateline) == squeeze(new.dateline):
        return old, new
    return _with_dateline(old), _with_dateline(new)


def _with_dateline(side: Side) -> Side:
    lines = "\n".join(line.raw for line in side.body.lines)
    return side._replace(body=read_plain(f"{side.dateline}: {lines}"))


def is_other_headline(old: str | None, new: str | None) -> bool:
    """Return whether an editor changed a headline; truncated and missing ones are ignored."""
    one, other = squeeze_headline(old), squeeze_headline(new)
    if not one or not other or one == other:
        return False
    for raw, own, longer in ((old, one, other), (new, other, one)):
        if (raw or "").rstrip().endswith(("...", "…")) and longer.startswith(own):
            return False
    return True


def squeeze_headline(headline: str | None) -> str:
    """Return a headline without white space and without the name of the site at its end."""
    words = (headline or "").rsplit("|", 1)
    if len(words) == 2 and squeeze(words[1]).lower() in _SITES:
        return squeeze(words[0])
    squeezed = squeeze(headline)
    for site in _SITES:
        if squeezed.lower().endswith(site) and len(squeezed) > 2 * len(site):
            return squeezed[: -len(site)]
    return squeezed
