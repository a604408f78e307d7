"""Compare two texts of a page, with all that their captures say around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from loader.articles.edits import Marks, find_edits
from loader.articles.plain import Plain, read_plain, squeeze

_AT_THE_END: Final = 1 << 30
_SITES: Final = ("businessrecorder", "brecorder", "brecorder.com", "businessrecorder(brecorder)")


class Text(NamedTuple):
    """A stored text.

    `apart` are lines that a parser set apart (teasers, tags), each with the number of paragraphs
    before it, and `summary` lines above the text. Another capture may have them within its text.
    """

    dateline: str | None
    body: str
    apart: tuple[tuple[int, str], ...] = ()
    summary: str | None = None


class Side(NamedTuple):
    """A text prepared for comparison, with the lines that were set apart from it.

    `apart` are these lines, squeezed; `told` is all text of its capture besides paragraphs.
    """

    headline: str | None
    dateline: str | None
    body: Plain
    told: frozenset[str]
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
    # The summary in markup is a description of the page, which may be out of date.
    above = [] if is_markup else summary
    body = _put_together(text, above)
    told = (headline, place, *summary, *around, *(line for _, line in text.apart))
    return Side(
        headline,
        text.dateline,
        read_plain(body),
        _squeezed(told),
        _squeezed([*above, *around, *(line for _, line in text.apart)]),
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


def _put_together(text: Text, above: Sequence[str]) -> str:
    """Return a text with the lines that were set apart at their positions."""
    if not (text.apart or above):
        return text.body
    paragraphs = text.body.split("\n\n")
    for position, line in sorted(text.apart, reverse=True):
        paragraphs.insert(position, line)
    return "\n\n".join((*above, *paragraphs))


def compare(old: Side, new: Side, *, is_updated: bool) -> Change:
    """Return an editor's changes between two texts of a page.

    `is_updated` is true if the page says that it was updated between them.
    """
    old, new = with_datelines(old, new)
    marks = find_edits(
        old.body,
        new.body,
        (new.told | old.apart, old.told | new.apart),
        has_evidence=is_updated or (old.is_markup and new.is_markup),
    )
    is_other = (
        is_other_headline(old.headline, new.headline)
        and not _stands_in(old.headline, new)
        and not _stands_in(new.headline, old)
    )
    return Change(is_other, marks)


def _stands_in(headline: str | None, side: Side) -> bool:
    """Return whether a headline is the beginning of a text, as on pages without a headline."""
    own = squeeze_headline(headline)
    text = side.body.squeezed
    return text.startswith(own) or f"{squeeze(side.dateline)}:{text}".startswith(own)


def with_datelines(old: Side, new: Side) -> tuple[Side, Side]:
    """Put the datelines in front if both texts have one and they differ."""
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
