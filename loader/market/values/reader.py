"""Values that a market report states: which number is said of which instrument, and as what.

A sentence is read from left to right as subjects and numbers. A number belongs to the subjects
before it, and the words around it say whether it is a close, a change, a percentage or a volume:
"X and Y gained Rs 1 and Rs 2 to close at Rs 11 and Rs 22" gives each of the four in order.
What is left out: values of a moment of the session, of futures, of another span or day, what
somebody expects, and those of which something else is the subject (a sector, a currency, the
market as a whole, a company's results).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from loader.market.sessions import Sessions, Span
from loader.market.values.day import day_meant, weekdays
from loader.market.values.measures import Context, Measure, meaning
from loader.market.values.tokens import (
    INDICES,
    Named,
    Number,
    Subject,
    numbers,
    plain,
    sentences,
    subjects,
    with_plain_index,
)
from loader.market.values.vocabulary import (
    AND,
    CLOSES_LATER,
    EARLIER,
    FUTURES,
    HITS,
    NOT_FACT,
    OF_MOMENT,
    OTHER_SPAN,
    WEEKLY,
)

Unit = Literal["points", "rupees", "percent", "shares"]


@dataclass(frozen=True, slots=True)
class StatedValue:
    """A value at characters `start` to `end` of a body, from the name to the number.

    `value` in hundredths of the unit, also of a share; `first` and `last` are numbers of the
    sessions that it may be of, `sentence` the span of the sentence.
    """

    symbol: str
    measure: Measure
    value: int
    unit: Unit
    first: int
    last: int
    start: int
    end: int
    sentence: tuple[int, int]


_THEN: Final = r"(?:(?:On|At|In|By|However|Later|Earlier|Finally|Meanwhile)[^,.]{0,20}, )?"
_IT: Final = re.compile(rf"{_THEN}[Ii]t (?!is\b)")
_SAME: Final = re.compile(rf"{_THEN}(?:[Tt]he (?:scrip|stock|share|company|latter)|[Ii]ts share)\b")
_SAME_INDEX: Final = re.compile(
    rf"{_THEN}[Tt]he (?:benchmark |same )?(?:index|benchmark|bourse's index|gauge)\b"
)
_VOLUMES: Final = re.compile(
    r"(?:The )?(?:[Tt]otal |[Oo]verall |[Dd]aily )*[Vv]olumes? (?:stood|were|was|clocked)"
)
_LIST: Final = re.compile(
    r"(?: (?:Ltd|Limited|Co|Company|Corp|Index|index|Pak)\.?| ?\((?:Pak|Pakistan)\))*(?:,| and"
    r"| &|, and| as well as) (?:the )?$"
)
_LEAD: Final = 2
_LONGEST_SENTENCE: Final = 3_000  # longer ones are tables and lists that lost their stops
_NEAR_START: Final = 30
_AT_ONCE: Final = 4  # characters within which a number follows its subject without a verb
_SPAN_REACH: Final = 45


_MAY_STATE: Final = ("clos", "settl", "end", "finish", "conclu", "per share", " to R", " at R")


def may_state_value(body: str) -> bool:
    """A cheap test that most texts fail."""
    return ("Rs" in body or "Re" in body or "points" in body or "." in body) and any(
        word in body for word in _MAY_STATE
    )


def stated_values(
    body: str, named: Sequence[Named], published_at: str | None, sessions: Sessions
) -> list[StatedValue]:
    """Return the values that a body states, in order; none without a published date.

    `named` are the places of the body that name instruments; `published_at` as the page prints
    it, in Karachi time: `2024-05-03T17:40:00+05:00` or `2024-05-03`.
    """
    if not published_at or not may_state_value(body):
        return []
    text = plain(body)
    report = _Report(text, with_plain_index(text, named), published_at, sessions)
    found = list(report.read())
    # What only moves, and closes nowhere, may be of any moment.
    return found if any(value.measure == "close" for value in found) else []


class _Report:
    """One report, read sentence by sentence."""

    def __init__(
        self, text: str, named: Sequence[Named], published_at: str, sessions: Sessions
    ) -> None:
        self._text = text
        self._named = named
        self._published_at = published_at
        self._sessions = sessions
        self._last_index: Subject | None = None
        self._last_share: Subject | None = None

    def read(self) -> Iterator[StatedValue]:
        spans = list(sentences(self._text))
        opening = " ".join(self._text[start:end] for start, end in spans[:_LEAD])
        lead = weekdays(opening)
        is_weekly = bool(WEEKLY.search(opening))
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
        if len(sentence) > _LONGEST_SENTENCE or EARLIER.match(sentence):
            return
        carried = self._carried(sentence) if not _begins_with(named, start) else None
        if (not named and carried is None) or FUTURES.search(sentence) or NOT_FACT.search(sentence):
            return
        days = day_meant(sentence, lead, self._published_at, self._sessions)
        if days is None:
            return
        reading = _Reading(
            self._text, start, end, days,
            only_closes=is_weekly,
            names_day=bool(weekdays(sentence)),
            carried=carried,
        )  # fmt: skip
        yield from reading.read(named)
        for subject in named:
            kept = Subject(subject.start, subject.end, subject.symbol)
            if subject.symbol in INDICES:
                self._last_index = kept
            else:
                self._last_share = kept

    def _carried(self, sentence: str) -> Subject | None:
        """Return the subject of the sentence before, where this one goes on about it."""
        index, share = self._last_index, self._last_share
        if _VOLUMES.match(sentence) and "ready" not in sentence:
            return index if index and index.symbol in ("BR100", "BR30") else None
        if _IT.match(sentence):
            return max((each for each in (index, share) if each), key=_place, default=None)
        if _SAME_INDEX.match(sentence):
            return index
        return share if _SAME.match(sentence) else None


def _place(subject: Subject) -> int:
    return subject.start


def _begins_with(named: Sequence[Named], start: int) -> bool:
    return bool(named) and named[0].start - start < 5


@dataclass
class _Reading:
    """One sentence while it is read: the subjects spoken of and what was said last."""

    text: str
    start: int
    end: int
    days: Span
    only_closes: bool
    names_day: bool = False
    carried: Subject | None = None
    subjects: list[Subject] = field(default_factory=list)
    index: Subject | None = None
    measure: Measure | None = None  # of the number before
    number: Number | None = None
    sign: int = 0
    position: int = 0  # in the list of subjects, of the number before
    closed: set[str] = field(default_factory=set)
    spoken_of: list[Subject] = field(default_factory=list)  # all of the sentence, in order
    # What was said first of the subject before: "X rose 3 percent, Y 2 percent".
    first: tuple[str, Measure, int] | None = None
    prior: tuple[str, Measure, int] | None = None
    series: dict[int, int] = field(default_factory=dict)  # by the start of its first number

    def read(self, named: Sequence[Named]) -> Iterator[StatedValue]:
        first_word = re.compile(r"\S+").match(self.text, self.start)
        opening = first_word.end() if first_word else self.start
        spoken = subjects(self.text, self.start, self.end, named, opening)
        items: list[Subject | Number] = [*spoken, *numbers(self.text, self.start, self.end)]
        items.sort(key=lambda item: (item.start, isinstance(item, Number)))
        if self.carried:
            self.subjects = [self.carried]
            if self.carried.symbol in INDICES:
                self.index = self.carried
        self.series = _series(self.text, items)
        last = self.start
        of_names = [(place.start, place.end) for place in named]
        for item in items:
            if isinstance(item, Subject):
                if self._speak_of(item, last):
                    last = item.end
            elif not any(first <= item.start < stop for first, stop in of_names):
                yield from self._take(item, last)
                last = item.end

    def _speak_of(self, subject: Subject, last: int) -> bool:
        """Take a subject in; return whether it is one, or joins the list before it."""
        if self.carried and subject.symbol is None and subject.start - self.start < _NEAR_START:
            return False
        gap = self.text[last : subject.start]
        joins = bool(self.subjects) and self.subjects[-1].end == last and _LIST.fullmatch(gap)
        if subject.symbol is None and not joins and not self._is_new_clause(gap):
            return False
        self.subjects = [*self.subjects, subject] if joins else [subject]
        self.spoken_of.append(subject)
        if not joins:
            self.prior, self.first = self.first or self.prior, None
        if subject.symbol in INDICES:
            self.index = subject
        elif subject.symbol is None and not joins:
            self.index = None
        self.measure, self.number, self.sign, self.position = None, None, 0, 0
        return True

    @staticmethod
    def _is_new_clause(gap: str) -> bool:
        """Whether an unknown name takes the subject's place: not after `on`, `by`, `of` ..."""
        return not re.search(
            r"\b(?:on|by|of|at|in|from|for|to|since|the|than)(?: the)? ?$", gap
        ) or bool(
            re.search(
                r"\b(?:followed by|while the|whereas the|and the|by the|, the)(?: the)? ?$", gap
            )
        )

    def _take(self, number: Number, last: int) -> Iterator[StatedValue]:
        before = self.text[max(last, number.start - 140) : number.start]
        after = self.text[number.end : min(self.end, number.end + 60)]
        repeated = (
            self.number is not None
            and self.number.kind == number.kind
            and self.measure is not None
            and len(self._spoken(number)) > 1
            and bool(AND.fullmatch(before))
        )
        measure = self.measure if repeated else self._measure(number, before, after)
        if measure is None:
            measure = self._as_prior(number, before)
        if measure is None:
            self.number, self.measure = None, None
            return
        self.first = self.first or (number.kind, measure, self.sign)
        self.position = self.position + 1 if repeated else 0
        self.number, self.measure = number, measure
        yield from self._state(number, measure)

    def _as_prior(self, number: Number, before: str) -> Measure | None:
        """Return what the subject before was said first: "X rose 3 percent, Y 2 percent"."""
        if self.prior is None or self.prior[0] != number.kind:
            return None
        if before.strip() not in ("", "by") and (before.strip(), self.prior[1]) != ("at", "close"):
            return None
        _, measure, self.sign = self.prior
        return measure

    def _measure(self, number: Number, before: str, after: str) -> Measure | None:
        """Return what the words around a number make it, and note the direction of a move."""
        spoken = self._spoken(number)
        if not spoken:
            return None
        since = min((subject.start for subject in self.subjects), default=self.start)
        found = meaning(
            Context(
                number,
                before,
                after,
                self.text[max(self.start, since, number.start - 140) : number.start],
                self.text[self.start : self.end],
                spoken[-1].symbol in INDICES,
                self.measure,
                self.names_day,
            )
        )
        if found is None:
            return None
        self.sign = found.sign or self.sign
        return found.measure

    def _state(self, number: Number, measure: Measure) -> Iterator[StatedValue]:
        spoken = self._spoken(number)
        if self.position >= len(spoken):
            return
        subject = spoken[self.position]
        if subject.symbol is None or self._is_left_out(subject.symbol, measure, number.end):
            return
        if measure == "close":
            self.closed.add(subject.symbol)
        value = number.value
        if measure in ("change", "percent"):
            sign = -1 if number.sign == "-" else self.sign or (1 if number.sign == "+" else 0)
            if sign == 0 and value:
                return
            value *= sign
        is_index = subject.symbol in INDICES
        unit: Unit = "points" if is_index else "rupees"
        unit = "percent" if measure == "percent" else "shares" if measure == "volume" else unit
        start = min(subject.start, number.start)
        yield StatedValue(
            subject.symbol, measure, value, unit, *self.days,
            start if start >= self.start else number.start, number.end,
            (self.start, len(self.text[: self.end].rstrip())),
        )  # fmt: skip

    def _spoken(self, number: Number) -> list[Subject]:
        """Return the subjects of a number: of a series as many as it is long."""
        length = self.series.get(number.start, 1)
        follows = bool(self.subjects) and number.start - self.subjects[-1].end < _AT_ONCE
        if length > len(self.subjects) and len(self.spoken_of) >= length and not follows:
            several = self.spoken_of[-length:]
            if len({subject.symbol for subject in several}) == length:
                self.subjects = several
        if number.kind == "points" and self.index is not None:
            if self.subjects and self.subjects[-1].symbol in INDICES:
                return self.subjects
            return [self.index]
        return self.subjects

    def _is_left_out(self, symbol: str, measure: Measure, end: int) -> bool:
        if measure == "close":
            return False
        if self.only_closes or OTHER_SPAN.search(
            self.text, self.start, min(self.end, end + _SPAN_REACH)
        ):
            return True
        if measure == "volume":
            return symbol in INDICES and symbol not in ("BR100", "BR30")
        sentence = self.text[self.start : self.end]
        return (
            bool(OF_MOMENT.search(sentence))
            and symbol not in self.closed
            and not self._closes_later()
        )

    def _closes_later(self) -> bool:
        """Whether the number before belongs to a move that ends in the close: `to close at`."""
        if self.number is None:
            return False
        after = self.text[self.number.end : min(self.end, self.number.end + 90)]
        return bool(CLOSES_LATER.match(after)) and not HITS.search(after[:60])


def _series(text: str, items: Sequence[Subject | Number]) -> dict[int, int]:
    """Return how many numbers of one kind stand side by side, by the start of each first one."""
    lengths: dict[int, int] = {}
    first = previous = None
    for item in items:
        if (
            isinstance(item, Number)
            and isinstance(previous, Number)
            and first is not None
            and previous.kind == item.kind
            and AND.fullmatch(text[previous.end : item.start])
        ):
            lengths[first.start] = lengths.get(first.start, 1) + 1
        else:
            first = item if isinstance(item, Number) else None
        previous = item
    return lengths
