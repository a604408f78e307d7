"""Split a feed into its items at their tags, with recovery from broken items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from loader.sources.source import MAX_CAPTURE_BYTES

# Sections whose content is not markup.
_CLOSINGS = {b"![CDATA[": b"]]>", b"!--": b"-->", b"?": b"?>"}
_HEAD_BYTES = 1024


Fault = Literal["cut-off", "no-end", "too-large"]


class Cut(NamedTuple):
    """An item of `length` bytes at byte `offset`; with a fault, `data` has its first bytes."""

    offset: int
    data: bytes
    fault: Fault | None
    length: int


class _End(NamedTuple):
    """The end of an item: its own end tag, or else the next item or the end of the feed."""

    at: int
    is_own: bool


class Cutter:
    """The items of a feed; `name` is the local name of their elements."""

    def __init__(self, feed: bytes, name: str) -> None:
        self._feed = feed
        tag = rb"(?:[A-Za-z_][\w.-]*:)?" + name.encode()
        tags = rb"(?P<open>%b(?=[\s/>]))|(?P<close>/%b\s*>)" % (tag, tag)
        # With a common `<` in front, alternatives are tried only where there is one.
        self._tags = re.compile(rb"<(?:%b)" % tags)
        self._marks = re.compile(rb"<(?:%b|(?P<section>!\[CDATA\[|!--|\?))" % tags)
        self._next_item = re.compile(rb"</%b\s*>\s*<%b[\s>]" % (tag, tag))
        self._root_end = re.compile(rb"</(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|RDF)\s*>")
        # By opening mark, the position after which no section closes, and the position up to which
        # each one runs into another item. So both are searched for only once.
        self._unclosed: dict[bytes, int] = {}
        self._swallowed: dict[bytes, int] = {}
        self._last_end = 0

    @property
    def prologue(self) -> bytes:
        """The feed before its first item; all of it if there is none."""
        first = self._outside(0)
        return self._feed if first is None else self._feed[: first.start()]

    @property
    def is_whole(self) -> bool:
        """Whether the feed's end tag follows the last item; valid after iterating."""
        return self._root_end.search(self._feed, self._last_end) is not None

    def __iter__(self) -> Iterator[Cut]:
        opened = self._outside(0)
        while opened is not None:
            start = opened.start()
            found = self._end_of(opened.end())
            end = self._last_end = found.at
            head = self._feed[start : start + _HEAD_BYTES]
            if end - start > MAX_CAPTURE_BYTES:
                yield Cut(start, head, "too-large", end - start)
            elif not found.is_own:
                fault: Fault = "cut-off" if end == len(self._feed) else "no-end"
                yield Cut(start, head, fault, end - start)
            else:
                yield Cut(start, self._feed[start:end], None, end - start)
            opened = self._outside(end)

    def _outside(self, position: int) -> re.Match[bytes] | None:
        """Return the next tag that opens an item, else None."""
        while mark := self._marks.search(self._feed, position):
            if mark["open"]:
                return mark
            position = self._past(mark) if mark["section"] else mark.end()
        return None

    def _end_of(self, position: int) -> _End:
        """Return the end of an item, from a position within its opening tag."""
        bracket = self._feed.find(b">", position)
        if bracket >= 0 and self._feed[bracket - 1 : bracket] == b"/":
            return _End(bracket + 1, is_own=True)
        body = position
        while mark := self._marks.search(self._feed, position):
            if not mark["section"]:
                return _end_at(mark)
            position = self._past(mark)
        # An unclosed section swallowed the rest of the feed, so ignore sections.
        tag = self._tags.search(self._feed, body)
        return _end_at(tag) if tag else _End(len(self._feed), is_own=False)

    def _past(self, mark: re.Match[bytes]) -> int:
        """Return the end of a section; the end of its opening mark if the section is unclosed.

        It counts as unclosed if it contains the end of its item and the start of the next one.
        """
        opening = mark["section"]
        start = mark.end()
        if start >= self._unclosed.get(opening, len(self._feed)):
            return start
        if start < self._swallowed.get(opening, 0):
            return start
        closing = _CLOSINGS[opening]
        end = self._feed.find(closing, start)
        if end < 0:
            self._unclosed[opening] = start
            return start
        if item := self._next_item.search(self._feed, start, end):
            self._swallowed[opening] = item.start()
            return start
        return end + len(closing)


def _end_at(tag: re.Match[bytes]) -> _End:
    return _End(tag.start(), is_own=False) if tag["open"] else _End(tag.end(), is_own=True)
