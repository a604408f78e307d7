"""Read one sentence of a market report from left to right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final, Literal

from loader.market.sessions import Span
from loader.market.values.measures import Context, Measure, meaning
from loader.market.values.tokens import INDICES, Named, Number, Subject, numbers, subjects
from loader.market.values.vocabulary import (
    AND,
    CLOSES_LATER,
    DATELINE,
    EACH,
    EXPLAINED,
    EXTREME,
    HITS,
    IN_THE_SESSION,
    LEGAL,
    MEMBER_OF,
    NO_SPAN,
    OF_MOMENT,
    OPENING_AND_CLOSING,
    OTHER_SPAN,
    THEN_NAME,
    WITH_VOLUME,
)

Unit = Literal["points", "rupees", "percent", "shares"]


@dataclass(frozen=True, slots=True)
class StatedValue:
    """A value at characters `start` to `end` of a body, from the name to the number.

    `value` is in hundredths of the unit, even of shares. `first` and `last` are the numbers of the
    possible sessions, and `sentence` is the span of the sentence.
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


_LIST: Final = re.compile(
    r"(?: (?:Ltd|Limited|Co|Company|Corp|Index|index|Pak|X[BDR]+)\.?| ?\((?:Pak|Pakistan)\))*"
    r"(?:,| and| &|, and| as well as) (?:the )?$"
)
_CLAUSE_END: Final = re.compile(r"[,;] ")
_NEAR_START: Final = 30
_AT_ONCE: Final = 4  # maximum distance of a number from its subject without a verb
_SPAN_REACH: Final = 45


@dataclass
class Reading:
    """The state of reading a sentence: its current subjects and the last measure."""

    text: str
    start: int
    end: int
    days: Span
    only_closes: bool
    names_day: bool = False
    carried: tuple[Subject, ...] = ()  # of the previous sentence, if this one refers to them
    subjects: list[Subject] = field(default_factory=list)
    index: Subject | None = None
    measure: Measure | None = None  # of the previous number
    number: Number | None = None
    sign: int = 0
    position: int = 0  # of the previous number in the list of subjects
    closed: set[str] = field(default_factory=set)
    named_before: list[Subject] = field(default_factory=list)  # all of the sentence, in order
    # The first measure of the previous subject: "X rose 3 percent, Y 2 percent".
    first: tuple[str, Measure, int] | None = None
    prior: tuple[str, Measure, int] | None = None
    series: dict[int, tuple[int, int]] = field(default_factory=dict)  # see _series

    def read(self, named: Sequence[Named]) -> Iterator[StatedValue]:
        first_word = re.compile(r"\S+").match(self.text, self.start)
        opening = first_word.end() if first_word else self.start
        owners = subjects(self.text, self.start, self.end, named, opening)
        items: list[Subject | Number] = [*owners, *numbers(self.text, self.start, self.end)]
        items.sort(key=lambda item: (item.start, isinstance(item, Number)))
        self.series = _series(self.text, items)
        longest = max((length for length, _ in self.series.values()), default=1)
        if len(self.carried) == 1 or len(self.carried) >= longest > 1:
            self.subjects = list(self.carried[-longest:])
            self.index = next((each for each in self.carried if each.symbol in INDICES), None)
        last = self.start
        of_names = [(place.start, place.end) for place in named]
        held: Number | None = None
        for item, after in zip_longest(items, items[1:]):
            if isinstance(item, Subject):
                if self._add_subject(item, last):
                    last = max(item.end, self.subjects[-1].end)
                    if held:
                        yield from self._state(held, "volume")
                        held = None
            elif not any(first <= item.start < stop for first, stop in of_names):
                if self._is_of_next(item, after, last):
                    held = item
                else:
                    yield from self._take(item, last)
                last = item.end

    def _is_of_next(self, number: Number, after: Subject | Number | None, last: int) -> bool:
        """Whether a volume is of the next name: `With 5.5 million shares trading, X gained`."""
        return (
            number.kind == "volume"
            and isinstance(after, Subject)
            and not (self.subjects and self.subjects[-1].end == last)
            and bool(WITH_VOLUME.search(self.text, last, number.start))
            and bool(THEN_NAME.fullmatch(self.text, number.end, after.start))
        )

    def _add_subject(self, subject: Subject, last: int) -> bool:
        """Add a subject; return whether it is a new one or continues the previous list."""
        gap = self.text[last : subject.start]
        if self._explains(subject, gap):
            return True
        is_near = subject.start - self.start < _NEAR_START and "followed by" not in gap
        if self.carried and subject.symbol is None and is_near:
            return False
        if self.subjects and subject.symbol in INDICES and MEMBER_OF.search(gap):
            return False
        joins = bool(self.subjects) and self.subjects[-1].end == last and _LIST.fullmatch(gap)
        if subject.symbol is None and not joins and not self._is_new_clause(gap):
            return False
        self.subjects = [*self.subjects, subject] if joins else [subject]
        self.named_before.append(subject)
        if not joins:
            self.prior, self.first = self.first or self.prior, None
        if subject.symbol in INDICES:
            self.index = subject
        elif subject.symbol is None and not joins:
            self.index = None
        self.measure, self.number, self.sign, self.position = None, None, 0, 0
        return True

    def _explains(self, subject: Subject, gap: str) -> bool:
        """Append a symbol in brackets to the name before it; return whether it was one."""
        if not self.subjects or not EXPLAINED.fullmatch(gap):
            return False
        last = self.subjects[-1]
        is_alone = self.text.startswith(")", subject.end)
        if last.symbol is None or subject.symbol not in (None, last.symbol):
            return False
        if not is_alone and subject.symbol is None:
            return False
        named = Subject(last.start, subject.end + is_alone, last.symbol)
        self.subjects[-1] = named
        if self.named_before and self.named_before[-1] == last:
            self.named_before[-1] = named
        return True

    @staticmethod
    def _is_new_clause(gap: str) -> bool:
        """Whether an unknown name becomes the subject, as it does not after `on`, `by`, `of` ..."""
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
            and len(self._subjects_of(number)) > 1
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
        if EACH.match(after):
            for position in range(1, len(self._subjects_of(number))):
                self.position = position
                yield from self._state(number, measure)

    def _as_prior(self, number: Number, before: str) -> Measure | None:
        """Return the first measure of the previous subject: "X rose 3 percent, Y 2 percent"."""
        if self.prior is None or self.prior[0] != number.kind:
            return None
        between = LEGAL.sub("", before).strip(" (")
        if between not in ("", "by") and (between, self.prior[1]) != ("at", "close"):
            return None
        _, measure, self.sign = self.prior
        return measure

    def _measure(self, number: Number, before: str, after: str) -> Measure | None:
        """Return the measure of a number by its context, and record the direction of a move."""
        owners = self._subjects_of(number)
        if not owners:
            return None
        since = min((subject.start for subject in self.subjects), default=self.start)
        found = meaning(
            Context(
                number,
                before,
                after,
                self.text[max(self.start, since, number.start - 140) : number.start],
                self.text[self.start : self.end],
                owners[-1].symbol in INDICES,
                self.measure,
                self.names_day,
            )
        )
        if found is None:
            return None
        self.sign = found.sign or self.sign
        return found.measure

    def _state(self, number: Number, measure: Measure) -> Iterator[StatedValue]:
        owners = self._subjects_of(number)
        if self.position >= len(owners):
            return
        subject = owners[self.position]
        if subject.symbol is None or self._is_excluded(subject.symbol, measure, number.end):
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

    def _subjects_of(self, number: Number) -> list[Subject]:
        """Return the subjects of a number: as many as its series has numbers."""
        length, first = self.series.get(number.start, (1, number.start))
        follows = bool(self.subjects) and first - self.subjects[-1].end < _AT_ONCE
        if length > len(self.subjects) and len(self.named_before) >= length and not follows:
            several = self.named_before[-length:]
            symbols = {subject.symbol for subject in several}
            is_whole = len(self.named_before) == length or not _LIST.fullmatch(
                self.text[self.named_before[-length - 1].end : several[0].start]
            )
            if is_whole and len(symbols) == length and None not in symbols:
                self.subjects = several
        if length > 1 and length != len(self.subjects) and not follows:
            return []  # some name in the list was not recognised, or a number is missing
        if number.kind == "points" and self.index is not None:
            if self.subjects and self.subjects[-1].symbol in INDICES:
                return self.subjects
            return [self.index]
        return self.subjects

    def _is_excluded(self, symbol: str, measure: Measure, end: int) -> bool:
        if measure == "close":
            return False
        if self.only_closes or self._is_of_other_span(end):
            return True
        if measure == "volume":
            return symbol in INDICES and symbol not in ("BR100", "BR30")
        return self._is_of_moment(end) and symbol not in self.closed and not self._closes_later()

    def _is_of_moment(self, end: int) -> bool:
        """Whether the sentence, apart from later clauses, is about a moment of the session."""
        clause = _CLAUSE_END.search(self.text, end, self.end)
        stop = clause.start() if clause else self.end
        before, rest = self.text[self.start : stop], self.text[stop : self.end]
        if not EXTREME.search(rest):
            rest = IN_THE_SESSION.sub(" ", rest)
        return bool(OF_MOMENT.search(before + rest))

    def _is_of_other_span(self, end: int) -> bool:
        """Whether the words up to a number, and shortly after it, are about weeks or months."""
        dateline = DATELINE.match(self.text, self.start, self.end)
        start = dateline.end() if dateline else self.start
        between = self.text[start : min(self.end, end + _SPAN_REACH)]
        return bool(OTHER_SPAN.search(NO_SPAN.sub(" ", between)))

    def _closes_later(self) -> bool:
        """Whether the close follows the previous number, a move: `to close at`."""
        if self.number is None:
            return False
        after = self.text[self.number.end : min(self.end, self.number.end + 90)]
        return bool(CLOSES_LATER.match(after)) and not HITS.search(after[:60])


def _series(text: str, items: Sequence[Subject | Number]) -> dict[int, tuple[int, int]]:
    """Return, by the start of each number, length and start of its series of one kind."""
    lengths: dict[int, tuple[int, int]] = {}
    series: list[Number] = []
    previous: Subject | Number | None = None
    for item in items:
        if not (
            isinstance(item, Number)
            and series
            and series[-1] is previous
            and previous.kind == item.kind
            and AND.fullmatch(text[previous.end : item.start])
            and not OPENING_AND_CLOSING.search(text, 0, previous.start)
        ):
            series = []
        if isinstance(item, Number):
            series.append(item)
            whole = (len(series), series[0].start)
            lengths.update(dict.fromkeys((number.start for number in series), whole))
        previous = item
    return lengths
