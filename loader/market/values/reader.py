"""Read values from a market report: the instrument and the measure of each number.

A sentence is read from left to right as subjects and numbers. A number belongs to the subjects
before it, and the words around it determine whether it is a close, a change, a percentage or a
volume: "X and Y gained Rs 1 and Rs 2 to close at Rs 11 and Rs 22" gives each of the four in order.
Not read are values during the session, of futures, or of another day or period, forecasts, and
values of other subjects (a sector, a currency, the market as a whole, a company's results).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from loader.market.sessions import Sessions
from loader.market.values.day import day_meant, weekdays
from loader.market.values.sentence import Reading, StatedValue
from loader.market.values.tokens import (
    INDICES,
    Named,
    Subject,
    plain,
    sentences,
    with_plain_index,
)
from loader.market.values.vocabulary import (
    CLOCK,
    EARLIER,
    FUTURES,
    NO_SPAN,
    NOT_FACT,
    OTHER_EXCHANGE,
    OWN_EXCHANGE,
    SECTOR_INDEX,
    SESSION_OVER,
    WEEKLY,
    YESTERDAY,
)

_THEN: Final = r"(?:(?:(?:On|At|In|By|Later|Earlier)[^,.]{0,20}|[A-Z][a-z]+), )?"
_IT: Final = re.compile(rf"{_THEN}[Ii]t (?!is\b)")
_SAME: Final = re.compile(
    rf"{_THEN}(?:[Tt]he (?:scrip|stock|share|company|latter|bank's (?:stock|share))|[Ii]ts share)\b"
)
_SAME_INDEX: Final = re.compile(
    rf"{_THEN}[Tt]he (?:benchmark |same )?(?:index|benchmark|bourse's index|gauge)\b"
)
# `the index` within a sentence is the last named one; at its beginning it governs the sentence.
_THE_INDEX: Final = re.compile(r"(?<=[\w,] )the (?:same )?index\b(?! (?:of|for|heavy|weight))")
_SEVERAL: Final = re.compile(rf"{_THEN}(?:They|The(?:se)? (?:scrips|scripts|stocks|companies))\b")
_VOLUMES: Final = re.compile(
    r"(?:The )?(?:[Tt]otal |[Oo]verall |[Dd]aily )*(?:[Vv]olumes?|[Tt]urnover)"
    r" (?:stood|were|was|clocked|amounted)"
)
_LEAD: Final = 2  # sentences
_NOON: Final = "12"
_FEWEST_LEADERS: Final = 3
_LONGEST_SENTENCE: Final = 3_000  # longer ones are tables and lists without full stops
_MAY_STATE: Final = (
    "clos", "settl", "end", "finish", "conclu", "per share", " to R", " at R", "ndex",
)  # fmt: skip


def may_state_value(body: str) -> bool:
    """Return whether a text may state a value: a fast test that most texts fail."""
    return ("Rs" in body or "Re" in body or "points" in body or "." in body) and any(
        word in body for word in _MAY_STATE
    )


def stated_values(
    body: str, named: Sequence[Named], published_at: str | None, sessions: Sessions
) -> list[StatedValue]:
    """Return the values stated in a body, in order; none without a time of publication.

    `named` are the positions of instruments' names in the body. `published_at` is in Karachi time,
    as printed on the page: `2024-05-03T17:40:00+05:00` or `2024-05-03`.
    """
    if not published_at or not may_state_value(body):
        return []
    text = plain(body)
    report = _Report(text, with_plain_index(text, named), published_at, sessions)
    found = list(report.read())
    # A report with moves but without closes may be from any time of the session.
    has_close = any(value.measure == "close" for value in found)
    is_over = has_close or (
        not CLOCK.search(text)
        and (SESSION_OVER.search(text) or _leader_count(found) >= _FEWEST_LEADERS)
    )
    return found if is_over else []


def _leader_count(found: Sequence[StatedValue]) -> int:
    """Return the number of shares with a volume; reports during the session have few."""
    return len({value.symbol for value in found if value.measure == "volume"} - INDICES)


class _Report:
    """A report, read sentence by sentence."""

    def __init__(
        self, text: str, named: Sequence[Named], published_at: str, sessions: Sessions
    ) -> None:
        self._text = text
        self._named = named
        self._published_at = published_at
        self._sessions = sessions
        # A report may say `the index` before it names the benchmark.
        is_benchmark = any(place.symbol == "KSE100" for place in named)
        self._last_index = Subject(0, 0, "KSE100") if is_benchmark else None
        self._last_share: Subject | None = None
        self._previous: Subject | None = None  # the last one of the previous sentence
        self._last_shares: tuple[Subject, ...] = ()  # all of the previous sentence, in order

    def read(self) -> Iterator[StatedValue]:
        spans = list(sentences(self._text))
        opening = " ".join(self._text[start:end] for start, end in spans[:_LEAD])
        if OTHER_EXCHANGE.search(opening) and not OWN_EXCHANGE.search(opening):
            return
        lead = weekdays(opening)
        first = self._text[slice(*spans[0])] if spans else ""
        is_weekly = bool(WEEKLY.search(NO_SPAN.sub(" ", first)))
        place = 0
        for start, end in spans:
            while place < len(self._named) and self._named[place].start < start:
                place += 1
            stop = place
            while stop < len(self._named) and self._named[stop].start < end:
                stop += 1
            yield from self._sentence(start, end, self._named[place:stop], lead, is_weekly)
            place = stop

    def _sentence(
        self, start: int, end: int, named: Sequence[Named], lead: set[str], is_weekly: bool
    ) -> Iterator[StatedValue]:
        sentence = self._text[start:end]
        if len(sentence) > _LONGEST_SENTENCE or self._is_earlier(sentence):
            return
        named = self._with_the_index(start, end, named)
        carried = self._carried(sentence) if not _begins_with(named, start) else ()
        self._last_shares = ()
        self._previous = carried[-1] if carried and not named else None
        if SECTOR_INDEX.search(sentence):
            self._last_index = None
        if (not named and not carried) or FUTURES.search(sentence) or NOT_FACT.search(sentence):
            return
        days = day_meant(sentence, lead, self._published_at, self._sessions)
        if days is None:
            return
        reading = Reading(
            self._text, start, end, days,
            only_closes=is_weekly,
            names_day=bool(weekdays(sentence)),
            carried=carried,
        )  # fmt: skip
        yield from reading.read(named)
        self._remember(named)

    def _is_earlier(self, sentence: str) -> bool:
        """Whether a sentence is about an earlier day than the report."""
        is_morning = "T" in self._published_at and self._published_at[11:13] < _NOON
        return bool(EARLIER.match(sentence)) and not (is_morning and YESTERDAY.match(sentence))

    def _with_the_index(self, start: int, end: int, named: Sequence[Named]) -> Sequence[Named]:
        """Return the names, with `the index` in the sentence as the previously named index."""
        found = []
        for match in _THE_INDEX.finditer(self._text, start, end):
            before = [each for each in named if each.symbol in INDICES and each.end < match.start()]
            last = before[-1] if before else self._last_index
            if last and last.symbol and not SECTOR_INDEX.search(self._text, start, match.start()):
                found.append(Named(match.start(), match.end(), last.symbol))
        return sorted([*named, *found]) if found else named

    def _remember(self, named: Sequence[Named]) -> None:
        shares: dict[str, Subject] = {}
        for subject in named:
            kept = Subject(subject.start, subject.end, subject.symbol)
            if subject.symbol in INDICES:
                self._last_index = kept
            else:
                self._last_share = shares.setdefault(subject.symbol, kept)
            self._previous = kept
        self._last_shares = tuple(shares.values())

    def _carried(self, sentence: str) -> tuple[Subject, ...]:
        """Return the subjects of the previous sentence if this one refers to them."""
        index, share = self._last_index, self._last_share
        found: Subject | None = None
        if _SEVERAL.match(sentence):
            return self._last_shares
        if _VOLUMES.match(sentence) and "ready" not in sentence:
            found = index if index and index.symbol in ("BR100", "BR30") else None
        elif _IT.match(sentence):
            found = self._previous
        elif _SAME_INDEX.match(sentence):
            found = index
        elif _SAME.match(sentence):
            found = share
        return (found,) if found else ()


def _begins_with(named: Sequence[Named], start: int) -> bool:
    return bool(named) and named[0].start - start < 5
