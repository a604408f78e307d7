"""Describe the evidence on a board in words, for `loader date --explain`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from loader.market.case import Case
from loader.market.decide import ENOUGH, ENOUGH_OF_ARTICLES
from loader.market.model import INDICES, Decision, Group, Passage, Undated
from loader.market.sessions import Sessions

WHY_UNDATED: Final[Mapping[Undated, str]] = MappingProxyType(
    {
        Undated.NO_EVIDENCE: "no evidence",
        Undated.TOO_WEAK: "evidence too weak",
        Undated.SEVERAL_DAYS: "fits more than one day",
        Undated.NEIGHBOURS_DISAGREE: "its neighbours disagree",
        Undated.AGAINST_NEIGHBOURS: "contradicts its neighbours",
        Undated.DAY_TAKEN: "another group claims the day",
    }
)


def explain(
    key: int, case: Case, decisions: Mapping[int, Decision], sessions: Sessions
) -> Iterator[str]:
    """Yield lines that explain the day of a group of boards: each witness, for and against."""
    decision, group = decisions[key], case.groups[key]
    if decision.day is not None:
        yield f"Day: {sessions.days[decision.day]}, by {', '.join(decision.basis)}."
        if "alone" in decision.basis:
            yield (
                "The only evidence is the time of one page, which no other capture, board or text"
                " confirms, and one page in thirty was frozen."
            )
        if unsure := sessions.sessions[decision.day].unconfirmed:
            yield (
                f"{unsure} follows the moon and may fall on that day: the calendar is not confirmed"
                " there. `loader date --holidays FILE` corrects it."
            )
    elif decision.reason is not None:
        yield f"Day: unknown ({WHY_UNDATED[decision.reason]})."
    shown = [day for day, _ in decision.candidates]
    if decision.day is not None:
        shown = [decision.day, *(day for day in shown if day != decision.day)]
    for day in shown[:3]:
        yield ""
        yield f"{sessions.days[day]}: {case.total(key, day):+} decibans in total"
        yield from _own(group, day, case, sessions)
        yield from _neighbours(key, day, case, sessions)
    if decision.day is None and shown:
        yield ""
        yield (
            f"A day needs {ENOUGH} decibans, {ENOUGH_OF_ARTICLES} if only articles support it,"
            f" and {ENOUGH} more than any other."
        )
    yield from _linked(key, case, decisions, sessions)


def _own(group: Group, day: int, case: Case, sessions: Sessions) -> Iterator[str]:
    for witness in case.evidence(group.key, day):
        side = "for" if witness.weight > 0 else "against" if witness.weight < 0 else "neither"
        yield f"  {side:<7} {witness.weight:+3}  {witness.kind}: {witness.detail}"
        if isinstance(witness.source, Passage):
            passage = witness.source
            yield f"               stated at {passage.digest} {passage.start} {passage.end}"
    yield from _figures(group, day, case, sessions)


def _figures(group: Group, day: int, case: Case, sessions: Sessions) -> Iterator[str]:
    """Yield the differences of bases from closes of the previous day, in points."""
    for symbol, low, high in zip(INDICES, group.lows, group.highs, strict=True):
        if low is None or high is None or day < 1:
            continue
        for close in case.closes.on(day - 1).get(symbol, ()):
            away = max(low - close.value, close.value - high, 0)
            base = _points(low) if low == high else f"{_points(low)} to {_points(high)}"
            origin = close.source if close.origin == "close" else "an article"
            yield (
                f"          {symbol} base {base} is {_points(away)} points off"
                f" {_points(close.value)}, the close of {sessions.days[day - 1]} in {origin}"
            )


def _neighbours(key: int, day: int, case: Case, sessions: Sessions) -> Iterator[str]:
    for other, offset in case.around(key):
        weight = case.weight(other, day + offset)
        if other != key and weight:
            at = day + offset
            name = sessions.days[at] if 0 <= at < len(sessions) else "a day outside the calendar"
            side = "for" if weight > 0 else "against"
            yield f"  {side:<7} {weight:+3}  neighbour: its evidence on {name}"


def _linked(
    key: int, case: Case, decisions: Mapping[int, Decision], sessions: Sessions
) -> Iterator[str]:
    words = {
        1: "Its last prices are the bases of the boards of {}.",
        -1: "Its bases are the last prices of the boards of {}.",
        0: "Its bases are nearly those of other boards of {}.",
    }
    for other, step in case.chains.get(key, ()):
        day = decisions[other].day
        yield words[step].format(sessions.days[day] if day is not None else "an unknown day")


def _points(hundredths: int) -> str:
    return f"{hundredths // 100:,}.{hundredths % 100:02}"
