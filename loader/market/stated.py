"""Read closing values stated in market reports, with their positions and days.

An example is "The KSE-100 Index closed at 46,300.66, up 321.94 points or 0.70 per cent." Values
during the session, closes of a week, month or year earlier, and forecasts are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from loader.amounts import hundredths
from loader.market.moved import exact_moves, sentence_around, symbol_of
from loader.market.report_day import WEEKDAYS, last_weekday, session_of_report
from loader.market.sessions import Sessions

_INDEX = r"(?P<index>KSE[- ]?100|KSE[- ]?30|BR[- ]?(?:Index)?[- ]?100|BR[- ]?(?:Index)?[- ]?30)"
# Between index and value, full stops are only in numbers and "Rs."; the distance is limited.
_GAP = r"(?:[^.;!?\n]|\.(?=\d)|(?<=\bRs)\.){0,180}?"
_VERB: Final = (
    r"(?:closed|close|closing|closes|settled|settle|settling|ended|end|ending|finished|finish"
    r"|concluded|conclude)"
)
_AT: Final = (
    r"(?: (?:the |for the |of the )?(?:day|session|trading session|trading|week's last session))?"
    rf"(?:{_GAP})? (?:at|on|to)(?: the)?(?: level of)?(?: a level of)?"
)
_VALUE: Final = r" (?P<value>\d{1,3}(?:,\d{3}){1,2}\.\d{1,2}|\d{4,6}\.\d{1,2})(?![\d,]*\.?\d)"
_CLOSE = re.compile(rf"\b{_INDEX}\b(?P<between>{_GAP})\b{_VERB}\b(?P<after>{_AT}){_VALUE}", re.I)
_ANY_INDEX = re.compile(_INDEX, re.I)

# Words by which the value is of another day or period, or not a close.
_NOT_TODAY = re.compile(
    r"\b(?:last (?:week|month|year|friday|trading)|week ago|year ago|month ago|previous|earlier"
    r"|compared|against|from|since|record|week-on-week|outgoing week|during the week|weekly"
    r"|fiscal|yesterday|after closing|had closed|had ended|had settled|expected|forecast|target"
    r"|intraday|intra-day|high of|low of|could|may|would|midday|first session|first half)\b",
    re.I,
)
# In a sentence with one of these, a move may span more than a day.
_LONGER = re.compile(r"\b(?:week|month|year|quarter|fiscal|since)", re.I)
_MONTHS = "january february march april may june july august september october november december"
_OTHER_DATE = re.compile(rf"\b(?:{'|'.join(_MONTHS.split())}) \d{{1,2}}\b|\b(?:19|20)\d\d\b", re.I)
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})\b", re.I)
_MOVE_REACH: Final = 70  # characters after a value in which its move is searched
# A value during the session, with a clock time. Less its move, it is the previous close.
_CLOCK = re.compile(
    r"\b(?P<hour>1[0-2]|0?[1-9])[:.](?P<minute>[0-5]\d) ?(?P<half>[ap])\.?m\b", re.I
)
_MOMENT = re.compile(
    rf"\b{_INDEX}\b(?P<between>{_GAP})\b(?:stood|standing|was|hovered|hovering|traded|trading"
    rf"|reached|moved)\b(?P<after>(?:{_GAP})? (?:at|to|near)(?: the)?(?: level of)?){_VALUE}",
    re.I,
)


@dataclass(frozen=True, slots=True)
class StatedClose:
    """A closing value in hundredths, at characters `start` to `end` of the body.

    Days are numbers of sessions: the stated day, or two if the text leaves both open. The kind
    `less move` is the previous close, computed from a value and its move.
    """

    symbol: str
    value: int
    first: int
    last: int
    start: int
    end: int
    kind: Literal["close", "less move"] = "close"


def may_state_close(body: str) -> bool:
    """Return whether a text may state a close: a fast test that most texts fail."""
    return ("KSE" in body or "BRIndex" in body or "BR100" in body or "BR30" in body) and (
        any(word in body for word in ("clos", "settl", "end", "finish", "conclu", "points"))
    )


def stated_closes(body: str, published_at: str | None, sessions: Sessions) -> Iterator[StatedClose]:
    """Yield the closes stated for the day of a report; none without a time of publication.

    `published_at` is in Karachi time, as printed on the page: `2024-05-03T17:40:00+05:00` or
    `2024-05-03`.
    """
    if not published_at or not may_state_close(body):
        return
    yield from _of_closing(body, published_at, sessions)
    yield from _of_moments(body, published_at, sessions)


def _of_closing(body: str, published_at: str, sessions: Sessions) -> Iterator[StatedClose]:
    """Yield the closes stated in the text, and the previous closes computed from them."""
    for match in _CLOSE.finditer(body):
        sentence = sentence_around(body, match.start(), match.end())
        clause = re.split(r"[,;.](?!\d)", body[match.end() : match.end() + 60], maxsplit=1)[0]
        around = match["between"] + match["after"] + clause
        if _NOT_TODAY.search(around) or _OTHER_DATE.search(sentence):
            continue
        if _ANY_INDEX.search(match["between"]):
            continue  # the value belongs to the last named index
        span = day_meant(sentence, published_at, sessions)
        if span is not None:
            symbol = symbol_of(match["index"])
            value = hundredths(match["value"])
            yield StatedClose(symbol, value, *span, match.start(), match.end())
            yield from _less_move(body, match, value, span)


def _of_moments(body: str, published_at: str, sessions: Sessions) -> Iterator[StatedClose]:
    """Yield previous closes computed from values such as "at 11:40am ..., up 410.22 points"."""
    day = sessions.numbers.get(published_at[:10])
    if day is None or "T" not in published_at:
        return
    for match in _MOMENT.finditer(body):
        sentence = sentence_around(body, match.start(), match.end())
        clock = _CLOCK.search(sentence)
        if clock is None or _clock(clock) > published_at[11:16]:
            continue
        around = match["between"] + match["after"]
        if (
            _ANY_INDEX.search(match["between"])
            or _NOT_TODAY.search(around)
            or _OTHER_DATE.search(sentence)
        ):
            continue
        weekday = WEEKDAYS[date.fromisoformat(published_at[:10]).weekday()]
        if {name.lower() for name in _WEEKDAY.findall(sentence)} <= {weekday}:
            yield from _less_move(body, match, hundredths(match["value"]), (day, day))


def _clock(match: re.Match[str]) -> str:
    hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
    return f"{hour:02}:{match['minute']}"


def _less_move(
    body: str, match: re.Match[str], value: int, span: tuple[int, int]
) -> Iterator[StatedClose]:
    """Yield the previous close, if the sentence states the move from it."""
    if _LONGER.search(sentence_around(body, match.start(), match.end())):
        return
    stop = body.find("\n", match.end())
    following = body[match.end() : stop if stop >= 0 else len(body)][:_MOVE_REACH]
    before = match["between"] + match["after"]
    found = [*exact_moves(before), *exact_moves(following.split(". ")[0])]
    if len(found) == 1 and span[0] > 0:
        move = found[0]
        # Positions identify rows, so this one must differ from that of the value itself.
        start = match.start("value")
        yield StatedClose(
            symbol_of(match["index"]), value - move, span[0] - 1, span[1] - 1,
            start, match.end(), "less move",
        )  # fmt: skip


def day_meant(sentence: str, published_at: str, sessions: Sessions) -> tuple[int, int] | None:
    """Return the first and last possible session that a report published then refers to."""
    named = {name.lower() for name in _WEEKDAY.findall(sentence)}
    if len(named) > 1:
        return None
    if named:
        day = last_weekday(published_at[:10], named.pop())
        number = sessions.numbers.get(day)
        return None if number is None else (number, number)
    return session_of_report(published_at, sessions)
