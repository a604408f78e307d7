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
from loader.market.values.tokens import INDICES, Named, Number, Subject, numbers, subjects
from loader.market.values.vocabulary import (
    CHANGE_OF,
    CLOCK,
    CLOSES_AT,
    CLOSING_VERB,
    COMPARED,
    DIRECTION,
    FUTURES,
    MARK,
    MARKED,
    MOVED,
    MOVES,
    NOT_FACT,
    OF_MOMENT,
    OTHER_DAY,
    OTHER_SPAN,
    PER_SHARE,
    PRICE_IS,
    RESULTS,
    TO,
    TRADE_OF_STAKES,
    VOLUME_SAID,
)

Measure = Literal["close", "change", "percent", "volume"]
Unit = Literal["points", "rupees", "percent", "shares"]


@dataclass(frozen=True, slots=True)
class StatedValue:
    """A value at characters `start` to `end` of a body, from the name to the number.

    `value` in hundredths of the unit, of volumes in shares; `first` and `last` are numbers of the
    sessions that it may be of.
    """

    symbol: str
    measure: Measure
    value: int
    unit: Unit
    first: int
    last: int
    start: int
    end: int


_SENTENCE_END: Final = re.compile(
    r"\n+|[.!?][\"')]*(?<!\bRs\.)(?<!\bRe\.)(?<!\bLtd\.)(?<!\bCo\.)(?<!\bInd\.)(?<!\bTex\.)(?<!\bInt\.)"
    r"(?<!\bPak\.)(?<!\bCorp\.)(?<!\bFert\.)(?<!\bvs\.)(?<!\bNo\.)(?<!\b[A-Z]\.)(?<!\bEng\.) +(?=[A-Z\"'(])"
)
_SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2009\u202f\t", " "),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("‘’", "'"),
    }
)
_PLAIN_INDEX: Final = re.compile(
    r"\b(?:[Bb]enchmark )?(?:KSE )?100[- ][Ii]ndex\b|\b100 [Ss]hares? [Ii]ndex\b"
)
_SAME: Final = re.compile(r"(?:It|The (?:scrip|stock|share|company|latter)|Its share)\b")
_SAME_INDEX: Final = re.compile(
    r"(?:It|The (?:benchmark |same )?(?:index|benchmark|bourse's index|gauge))\b"
)
_VOLUMES: Final = re.compile(
    r"(?:The )?(?:[Tt]otal |[Oo]verall |[Dd]aily )*[Vv]olumes? (?:stood|were|was|clocked)"
)
_AND: Final = re.compile(r"(?:,| and| &|, and|;| /)? ?(?:respectively,? )?$")
_LIST: Final = re.compile(
    r"(?: (?:Ltd|Limited|Co|Company|Corp|Index|index|Pak)\.?| ?\((?:Pak|Pakistan)\))*(?:,| and| &|, and| as well as) (?:the )?$"
)
_BETWEEN_MOVES: Final = re.compile(
    r"(?: per share)?,?(?: or| and|,| /| \(| equivalent to| an?| of| by| about| around| showing| with| gain| loss"
    r"| change| rise| decline| fall| drop| increase| decrease| positive| negative| respectively| nearly)*[ (]*$",
    re.IGNORECASE,
)
_UNCHANGED: Final = re.compile(r"\bwithout (?:any )?change\b|\bunchanged\b|\bremained flat\b")
_GAINERS: Final = re.compile(
    r"\b(?:gainers?|advancers?|winners?|led gains|gains? (?:were )?led)\b", re.IGNORECASE
)
_LOSERS: Final = re.compile(
    r"\b(?:losers?|laggards?|decliners?|led losses|losses (?:were )?led)\b", re.IGNORECASE
)
_SMALLEST_INDEX: Final = 100_000  # in hundredths: no index that is read stands below 1,000
_LEAD: Final = 2
_NEAR_START: Final = 30


def may_state_value(body: str) -> bool:
    """A cheap test that most texts fail."""
    return ("clos" in body or "settl" in body or "end" in body or "finish" in body or "conclu" in body
            or "per share" in body) and ("Rs" in body or "Re" in body or "points" in body or "." in body)  # fmt: skip


def stated_values(
    body: str, named: Sequence[Named], published_at: str | None, sessions: Sessions
) -> list[StatedValue]:
    """Return the values that a body states, in order; none without a published date.

    `named` are the places of the body that name instruments; `published_at` as the page prints
    it, in Karachi time: `2024-05-03T17:40:00+05:00` or `2024-05-03`.
    """
    if not published_at or not may_state_value(body):
        return []
    text = body.translate(_SIGNS)
    report = _Report(text, _with_plain_index(text, named), published_at, sessions)
    found = list(report.read())
    # What only moves, and closes nowhere, may be of any moment.
    return found if any(value.measure == "close" for value in found) else []


def _with_plain_index(text: str, named: Sequence[Named]) -> list[Named]:
    """Return the names with "the 100-index", which agencies write for KSE100."""
    more = [
        Named(match.start(), match.end(), "KSE100")
        for match in _PLAIN_INDEX.finditer(text)
        if not any(place.start < match.end() and match.start() < place.end for place in named)
    ]
    return sorted([*named, *more])


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
        sentences = list(_sentences(self._text))
        opening = " ".join(self._text[start:end] for start, end in sentences[:_LEAD])
        lead = weekdays(opening)
        is_weekly = bool(
            re.search(
                r"\b(?:outgoing|during the|over the|last) week\b|\bweek ended\b|\bweekly\b", opening
            )
        )
        place = 0
        for start, end in sentences:
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
        carried = self._carried(sentence) if not _begins_with(named, start) else None
        if (not named and carried is None) or FUTURES.search(sentence) or NOT_FACT.search(sentence):
            return
        days = day_meant(sentence, lead, self._published_at, self._sessions)
        if days is None:
            return
        reading = _Reading(
            self._text, start, end, days,
            only_closes=is_weekly or bool(OTHER_SPAN.search(sentence)),
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
        if sentence.startswith("It "):
            return max((each for each in (index, share) if each), key=_place, default=None)
        if _SAME_INDEX.match(sentence):
            return index
        return share if _SAME.match(sentence) else None


def _place(subject: Subject) -> int:
    return subject.start


def _begins_with(named: Sequence[Named], start: int) -> bool:
    return bool(named) and named[0].start - start < 5


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if text[start : match.start()].strip():
            yield start, match.start() + 1
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


@dataclass
class _Reading:
    """One sentence while it is read: the subjects spoken of and what was said last."""

    text: str
    start: int
    end: int
    days: Span
    only_closes: bool
    carried: Subject | None = None
    subjects: list[Subject] = field(default_factory=list)
    index: Subject | None = None
    measure: Measure | None = None  # of the number before
    number: Number | None = None
    sign: int = 0
    position: int = 0  # in the list of subjects, of the number before
    closed: set[str] = field(default_factory=set)

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
            and bool(_AND.fullmatch(before))
        )
        measure = self.measure if repeated else self._measure(number, before, after)
        if repeated:
            self.position += 1
        elif measure is None:
            self.number, self.measure = None, None
            return
        else:
            self.position = 0
        self.number, self.measure = number, measure
        yield from self._state(number, measure)

    def _state(self, number: Number, measure: Measure) -> Iterator[StatedValue]:
        spoken = self._spoken(number)
        if self.position >= len(spoken):
            return
        subject = spoken[self.position]
        if subject.symbol is None or self._is_left_out(subject.symbol, measure):
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
        )  # fmt: skip

    def _spoken(self, number: Number) -> list[Subject]:
        if number.kind == "points" and self.index is not None:
            if self.subjects and self.subjects[-1].symbol in INDICES:
                return self.subjects
            return [self.index]
        return self.subjects

    def _is_left_out(self, symbol: str, measure: Measure) -> bool:
        if measure == "close":
            return False
        if self.only_closes:
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
        return bool(
            re.match(
                r"[^;]{0,60}?\b(?:to|and|finally|,) ?(?:close|settle|end|finish|conclude)", after
            )
        ) and not re.search(r"\b(?:hit|touch)", after[:60])

    def _measure(self, number: Number, before: str, after: str) -> Measure | None:
        """Return what the words around a number make it, and note the direction of a move."""
        spoken = self._spoken(number)
        if not spoken:
            return None
        is_index = spoken[-1].symbol in INDICES
        if RESULTS.search(before) or re.match(
            r" (?:dividend|eps|earnings|per (?:unit|litre|kg|bag|tola|dollar))",
            after,
            re.IGNORECASE,
        ):
            return None
        if number.kind == "volume":
            return self._volume(number, before, after)
        if COMPARED.search(before) and not re.search(
            r"\bfrom (?:the )?previous close,? (?:with|up|down)[^,]*$", before
        ):
            return None
        if number.kind == "percent":
            return self._percent(number, before, after)
        if is_index != (
            number.kind == "points" or number.kind == "bare" and number.value >= _SMALLEST_INDEX
        ):
            if is_index or number.kind != "bare":
                return None
        if moved := self._moved(number, before, after):
            self.sign = moved
            return "change"
        if is_index and (number.value < _SMALLEST_INDEX or MARKED.match(after)):
            return None
        return self._close(number, before, after, is_index=is_index)

    def _moved(self, number: Number, before: str, after: str) -> int:
        """Return 1 or -1 where the number is by how much something moved, 0 elsewhere."""
        if (
            number.kind == "bare"
            and not number.has_unit
            and not re.search(
                r"\bby ?$|\b(?:up|down|gain\w*|los\w*|shed|added) ?$", before, re.IGNORECASE
            )
        ):
            return 0
        if match := MOVES.search(before):
            # `closed lower at`, `ended down`: the amount must follow the verb at once.
            return 1 if match["up"] else -1
        if CHANGE_OF.search(before):
            if number.sign:
                return -1 if number.sign == "-" else 1
            match = None
            for match in DIRECTION.finditer(before):
                pass
            return (1 if match["up"] else -1) if match else 0
        if number.kind in ("price", "points") and (match := MOVED.match(after)):
            if not CLOSES_AT.search(before) and not re.search(r"\b(?:to|at) ?$", before):
                return 1 if match["up"] else -1
        return 0

    def _close(self, number: Number, before: str, after: str, *, is_index: bool) -> Measure | None:
        # Verbs before a number that is said of the same subject still hold: `closed 3 points higher at`.
        said = self.text[max(self.start, self._since(), number.start - 140) : number.start]
        if is_index and CLOCK.search(self.text[self.start : self.end]):
            return None
        if CLOSES_AT.search(said):
            if _UNCHANGED.search(said[-60:] + after[:30]):
                return "close"
            tail = said[max((match.start() for match in CLOSING_VERB.finditer(said)), default=0) :]
            if OTHER_DAY.search(self._verb_phrase(said)) or (is_index and MARK.search(tail)):
                return None
            return "close"
        if self.measure in ("change", "percent") and TO.search(before) and len(before) < 60:
            hits = re.search(
                r"\b(?:hit|touch|cross|high|low)\b", before + after[:30], re.IGNORECASE
            )
            return (
                None
                if hits or is_index and OF_MOMENT.search(self.text[self.start : self.end])
                else "close"
            )
        if is_index or RESULTS.search(said) or TRADE_OF_STAKES.search(said):
            return None
        if PRICE_IS.search(before) or (
            PER_SHARE.match(after) and re.search(r"\bat(?: a price of)? ?$", before)
        ):
            return "close"
        return None

    def _since(self) -> int:
        """Return where the present subjects were named."""
        return min((subject.start for subject in self.subjects), default=self.start)

    @staticmethod
    def _verb_phrase(said: str) -> str:
        """Return the words around the last closing verb: eight characters before it and all after."""
        places = [match.start() for match in CLOSING_VERB.finditer(said)]
        return said[max(0, places[-1] - 14) :] if places else said

    def _percent(self, number: Number, before: str, after: str) -> Measure | None:
        if self.measure == "change" and _BETWEEN_MOVES.fullmatch(before):
            return "percent"
        if self.measure == "percent" and _AND.fullmatch(before):
            return None
        if match := MOVES.search(before):
            self.sign = 1 if match["up"] else -1
            return "percent"
        if number.sign and re.search(r"[( ,:]$", before) and len(before) < 4:
            self.sign = -1 if number.sign == "-" else 1
            return "percent"
        if CHANGE_OF.search(before):
            return (
                "percent"
                if self._moved(number, before, after) and self._set_sign(number, before)
                else None
            )
        if re.fullmatch(r" ?\(", before) and after.startswith(")"):
            sentence = self.text[self.start : number.start]
            up, down = _last(_GAINERS, sentence), _last(_LOSERS, sentence)
            if up == down:
                return None
            self.sign = 1 if up > down else -1
            return "percent"
        if match := MOVED.match(after):
            self.sign = 1 if match["up"] else -1
            return "percent" if len(before) < 30 else None
        return None

    def _set_sign(self, number: Number, before: str) -> bool:
        self.sign = self._moved(number, before, "")
        return self.sign != 0

    def _volume(self, number: Number, before: str, after: str) -> Measure | None:
        sentence = self.text[self.start : self.end]
        if (
            COMPARED.search(before)
            or TRADE_OF_STAKES.search(before)
            or TRADE_OF_STAKES.search(after[:30])
        ):
            return None
        if re.search(r"\bready\b|\bmarket\b", before):
            return None
        if number.has_unit:
            return "volume" if VOLUME_SAID.search(sentence) else None
        near = re.search(r"(?:\(|\bwith |\bof |, |\band |\bat |\brecorded |\bsaw )$", before)
        said = re.search(
            r"\b(?:volumes?|active|turnover|traded|million shares|shares)\b",
            sentence,
            re.IGNORECASE,
        )
        return "volume" if near and said else None


def _last(pattern: re.Pattern[str], text: str) -> int:
    place = -1
    for match in pattern.finditer(text):
        place = match.start()
    return place
